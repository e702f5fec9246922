// One ledger a directory: whoever opens it for telling and asking leaves a record in it and listens
// on a socket beside it. A later one that can reach the socket is refused, from another container on
// the same machine too; when a process ends, however it ends, nobody listens any more. The record
// changes hands in a transaction, so of two that start at once one wins.
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import type { Environment } from './environment.ts'
import { metaKey } from './key.ts'
import { sealRecord, unsealRecord } from './records.ts'
import { StoreError } from './store-error.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  /** The file name of its socket, in the directory. */
  readonly socket: string
}

const key = metaKey('owner')
// The system's limit for the path of a socket is 104 or 108 bytes, its end included.
const socketPathBytesMax = 100

/** Makes this process the directory's owner, or throws StoreError; returns how to give it back. */
export const becomeOwner = async (
  environment: Environment,
  dir: string,
): Promise<() => Promise<void>> => {
  const self: Owner = {
    pid: process.pid,
    host: hostname(),
    socket: `owner-${randomBytes(6).toString('hex')}.sock`,
  }
  const stopListening = await listenOn(dir, self.socket)
  try {
    let before = recordIn(environment)
    for (;;) {
      const owner = before === undefined ? undefined : parseOwner(before)
      if (owner !== undefined && (await isListening(dir, owner.socket))) throw inUse(dir, owner)
      const now = swap(environment, before, self)
      if (now === undefined) {
        if (owner !== undefined) rmSync(join(dir, owner.socket), { force: true })
        break
      }
      before = now
    }
  } catch (cause) {
    await stopListening()
    throw cause
  }
  return async () => {
    forgetOwner(environment)
    await stopListening()
  }
}

/** Does the work as the directory's owner. */
export const withOwnership = async <T>(
  environment: Environment,
  dir: string,
  work: () => Promise<T>,
): Promise<T> => {
  const giveBack = await becomeOwner(environment, dir)
  try {
    return await work()
  } finally {
    await giveBack()
  }
}

/** Nobody owns it any more: in a copy, whoever did owns the other. */
export const forgetOwner = ({ db }: Environment): void => {
  db.transactionSync(() => db.removeSync(key))
}

const inUse = (dir: string, { pid, host }: Owner): StoreError =>
  new StoreError(
    `The data directory ${dir} is in use by process ${pid} on ${host}. ` +
      'Stop that one first, or name another directory with --data.',
  )

const recordIn = ({ db }: Environment): Buffer | undefined => {
  db.resetReadTxn()
  return db.getBinary(key)
}

const parseOwner = (record: Buffer): Owner => unsealRecord(key, record) as Owner

/** Writes the new owner if the record is still the one before; else tells the one that is there. */
const swap = (
  { db, change }: Environment,
  before: Buffer | undefined,
  owner: Owner,
): Buffer | undefined =>
  change(() => {
    const now = db.getBinary(key)
    if (now !== undefined && (before === undefined || !now.equals(before))) return now
    db.putSync(key, sealRecord(key, owner))
    return undefined
  })

const listenOn = (dir: string, socket: string): Promise<() => Promise<void>> =>
  atPath(dir, socket, (path, done) => {
    return new Promise((resolved, rejected) => {
      const server = createServer((caller) => caller.destroy())
      server.unref()
      server.once('error', (cause) => {
        done()
        rejected(new StoreError(`The data directory ${dir} takes no socket: ${cause.message}`))
      })
      server.listen(path, () => {
        const stop = () =>
          new Promise<void>((closed) => {
            server.close(() => {
              rmSync(join(dir, socket), { force: true })
              done()
              closed()
            })
          })
        resolved(stop)
      })
    })
  })

const nobody = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK']

/** Where it cannot be told, somebody may be there. */
const isListening = (dir: string, socket: string): Promise<boolean> =>
  atPath(dir, socket, (path, done) => {
    return new Promise((resolved) => {
      const call = connect(path)
      call.once('connect', () => {
        call.destroy()
        done()
        resolved(true)
      })
      call.once('error', (cause) => {
        done()
        resolved(!('code' in cause && nobody.includes(String(cause.code))))
      })
    })
  })

/** A path that is short enough for a socket: through the open directory, where need be. */
const atPath = <T>(
  dir: string,
  name: string,
  use: (path: string, done: () => void) => Promise<T>,
): Promise<T> => {
  const path = join(resolve(dir), name)
  if (Buffer.byteLength(path) <= socketPathBytesMax || process.platform !== 'linux') {
    return use(path, () => {})
  }
  const opened = openSync(dir, 'r')
  return use(`/proc/self/fd/${opened}/${name}`, () => closeSync(opened))
}
