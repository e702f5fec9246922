// One ledger a directory: whoever opens it for writing leaves its name in it, and the next one is
// refused while the first still lives. Taken in a transaction, so of two that start at once one wins;
// a process that died without a word is recognised by its start time and succeeded.
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { seal, unseal } from './bytes.ts'
import type { Environment } from './environment.ts'
import { metaKey } from './key.ts'
import { StoreError } from './store-error.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  /** Tells a process from a later one with the same number. */
  readonly born: string
  /** Tells two openings in one process apart. */
  readonly opening: number
}

const key = metaKey('owner')
let openings = 0
const openHere = new Set<number>()

/** Makes this process the directory's owner, or throws StoreError; returns how to give it back. */
export const becomeOwner = ({ db }: Environment, dir: string): (() => void) => {
  const self: Owner = {
    pid: process.pid,
    host: hostname(),
    born: bornAt(process.pid) ?? '',
    opening: ++openings,
  }
  const other = db.transactionSync(() => {
    const value = db.getBinary(key)
    const held = value === undefined ? undefined : parseOwner(unseal(key, value))
    if (held !== undefined && isAlive(held)) return held
    db.putSync(key, Buffer.from(seal(key, Buffer.from(JSON.stringify(self)))))
    return undefined
  })
  if (other !== undefined) {
    throw new StoreError(
      `The data directory ${dir} is in use by process ${other.pid} on ${other.host}. ` +
        'Stop that one first, or name another directory with --data.',
    )
  }
  openHere.add(self.opening)
  return () => {
    openHere.delete(self.opening)
    db.transactionSync(() => db.removeSync(key))
  }
}

const parseOwner = (body: Uint8Array): Owner => JSON.parse(Buffer.from(body).toString()) as Owner

const isAlive = (owner: Owner): boolean => {
  const born = bornAt(owner.pid)
  if (owner.pid === process.pid && born === owner.born) return openHere.has(owner.opening)
  if (born !== undefined) return born === owner.born
  try {
    process.kill(owner.pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}

// The boot and the clock tick at which a process started, where the system tells (Linux).
const startTicksField = 19

const bornAt = (pid: number): string | undefined => {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name stands in brackets and may itself hold blanks and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${boot} ${fields[startTicksField]}`
  } catch {
    return undefined
  }
}
