// One process serves a directory: the one that has the lock of its ledger's file. The lock belongs to the file itself,
// so nothing that is removed beside the file frees it, and it ends with the process, however that ends. A record
// in the ledger says who the owner is: for the error that others get, and for each commit of the owner, which
// would find there that somebody has taken over.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { RootDatabase } from 'lmdb'
import { StoreError } from '../../../ledger/store-error.ts'
import type { Environment } from './environment.ts'
import { type FileLock, lockFile } from './file-lock.ts'
import { fileName } from './files.ts'
import { metaKey } from './key.ts'
import { sealRecord, unsealRecord } from './records.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  /** Tells apart two processes that have the same number on hosts of the same name. */
  readonly nonce: string
}

export interface Ownership {
  /** The record in the ledger for as long as this process is the owner. */
  readonly record: Uint8Array
  giveBack(): void
}

const key = metaKey('owner')
// Whoever looks whether the lock is taken has it for a moment.
const attempts = 5
const betweenAttemptsMs = 20

/** Makes this process the directory's owner. Throws StoreError if another process is. */
export const becomeOwner = async (environment: Environment, dir: string): Promise<Ownership> => {
  const lock = await lockOf(dir)
  if (lock === undefined) throw inUse(dir, environment)
  try {
    const record = sealRecord(key, ownerHere())
    environment.change(() => {
      environment.db.putSync(key, record)
    })
    return { record, giveBack: () => giveBack(environment, record, lock) }
  } catch (cause) {
    lock.free()
    throw cause
  }
}

/** Does the work as the directory's owner. */
export const withOwnership = async <T>(
  environment: Environment,
  dir: string,
  work: () => Promise<T>,
): Promise<T> => {
  const { giveBack } = await becomeOwner(environment, dir)
  try {
    return await work()
  } finally {
    giveBack()
  }
}

/** Inside of a transaction: throws StoreError if another process has become the owner meanwhile. */
export const mustOwn = (db: RootDatabase, record: Uint8Array, dir: string): void => {
  const now = db.getBinary(key)
  if (now !== undefined && Buffer.compare(now, record) === 0) return
  throw new StoreError(
    `Another process has taken over the data directory ${dir}: nothing more is stored. ` +
      'Stop all servers that use it, run pushledger verify, then start one.',
  )
}

/** Nobody owns the ledger any more: the owner of a copy is that of the original. */
export const forgetOwner = ({ db }: Environment): void => {
  db.transactionSync(() => db.removeSync(key))
}

const ownerHere = (): Owner => ({
  pid: process.pid,
  host: hostname(),
  nonce: randomBytes(6).toString('hex'),
})

const lockOf = async (dir: string): Promise<FileLock | undefined> => {
  const path = join(dir, fileName)
  for (let i = 0; i < attempts; i++) {
    const lock = lockFrom(path)
    if (lock !== undefined) return lock
    await wait(betweenAttemptsMs)
  }
  return undefined
}

const lockFrom = (path: string): FileLock | undefined => {
  try {
    return lockFile(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError(`${path} cannot be locked, so it cannot be served here: ${why}`, { cause })
  }
}

/** The record goes first: whoever finds the lock free finds no owner. */
const giveBack = (environment: Environment, record: Uint8Array, lock: FileLock): void => {
  const { db, change } = environment
  try {
    change(() => {
      const now = db.getBinary(key)
      if (now !== undefined && Buffer.compare(now, record) === 0) db.removeSync(key)
    })
  } catch (cause) {
    // In a ledger that is lost, or that somebody else owns, there is nothing to be forgotten.
    if (!(cause instanceof StoreError)) throw cause
  } finally {
    lock.free()
  }
}

const inUse = (dir: string, { db }: Environment): StoreError => {
  db.resetReadTxn()
  const record = db.getBinary(key)
  const owner = record === undefined ? undefined : (unsealRecord(key, record) as Owner)
  const whom = owner === undefined ? 'another process' : `process ${owner.pid} on ${owner.host}`
  return new StoreError(
    `The data directory ${dir} is in use by ${whom}. ` +
      'Stop that one first, or name another directory with --data.',
  )
}
