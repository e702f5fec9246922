// Checks that the files of an open ledger are still the files that were opened. LMDB goes on writing into a file that
// was removed, replaced or overwritten by others, and what it writes there is lost.
import { type BigIntStats, closeSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../../ledger/store-error.ts'
import { readHead } from './file-head.ts'
import { fileName, lockName } from './files.ts'

/** Which files were opened, whatever stands under their names now. */
export interface OpenedFiles {
  readonly ledger: string
  readonly lock: string
}

export interface Guard {
  readonly files: OpenedFiles
  /**
   * Takes some microseconds; to be called inside of a transaction before it writes, and after its commit. Returns the
   * size of all that is stored. Throws StoreError from the first time on that something is wrong.
   */
  check(): number
  close(): void
}

/** Undefined unless both files are there. */
export const filesIn = (dir: string): OpenedFiles | undefined => {
  const ledger = statOf(join(dir, fileName))
  const lock = statOf(join(dir, lockName))
  return ledger && lock && { ledger: nameOf(ledger), lock: nameOf(lock) }
}

/** `files` are those that LMDB opened. */
export const openGuard = (dir: string, files: OpenedFiles): Guard => {
  const path = join(dir, fileName)
  const lockPath = join(dir, lockName)
  const file = openSync(path, 'r')
  /** The newest commits that were seen: numbers only rise, one at a time. */
  let newest = 0n
  let before = 0n
  /** The file only grows. */
  let size = 0n
  let failure: StoreError | undefined

  const look = (): number => {
    const stat = mustBe(path, files.ledger)
    mustBe(lockPath, files.lock)
    // A page may be written while it is read here: then the second time shows it.
    const head = soundHead() ?? soundHead()
    if (head === undefined || stat.size < size) throw displaced(path, 'overwritten or truncated')
    newest = head.newest
    before = head.before
    size = stat.size
    return head.bytes
  }
  /** Undefined where the file's beginning is not what the commits that were seen left there. */
  const soundHead = () => {
    const head = readHead(file)
    if (head === undefined) return undefined
    const isSame = head.newest === newest && head.before === before
    const isLater = head.newest > newest && head.before >= newest
    return isSame || isLater ? head : undefined
  }

  return {
    files,
    check: () => {
      if (failure !== undefined) throw failure
      try {
        return look()
      } catch (cause) {
        failure =
          cause instanceof StoreError ? cause : new StoreError(`${path} is lost: ${String(cause)}`)
        throw failure
      }
    },
    close: () => closeSync(file),
  }
}

const statOf = (path: string): BigIntStats | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })

/** No other file gets the number while this one is open. */
const nameOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`

const mustBe = (path: string, name: string): BigIntStats => {
  const stat = statOf(path)
  if (stat === undefined) throw displaced(path, 'removed')
  if (nameOf(stat) !== name) throw displaced(path, 'replaced by another file')
  return stat
}

const displaced = (path: string, what: string): StoreError =>
  new StoreError(
    `${path} was ${what} while it was open: nothing more is stored. ` +
      'Put the ledger or a backup back if it is missing, then start again.',
  )
