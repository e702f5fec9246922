// What may keep LMDB from opening a directory, found before LMDB meets it: where a system call fails, LMDB ends the
// process by a signal. Each obstacle is a StoreError that names the file and the cause.
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { CannotOpen, StoreError } from '../../../ledger/store-error.ts'
import { type Head, readHead } from './file-head.ts'
import { isLocked } from './file-lock.ts'
import { fileName, isCode, lockName, makeDirectory, makeFile } from './files.ts'
import { checkFilesystem } from './filesystem.ts'
import { checkLimits, type Limits } from './limits.ts'

export interface Opening {
  readonly dir: string
  readonly mapBytes: number
  readonly reserveBytes: number
  readonly limits: Limits
}

/** Address space, not disk: the file grows with what it holds. */
export const defaultMapBytes = 2 ** 40
/** What new files reach at once. */
const newFileBytes = 65_536
/** A table of readers that was written has more. */
const lockBytesMin = 4096

/** Makes what is missing. */
export const prepare = (opening: Opening): void => {
  const { dir, mapBytes } = opening
  const path = join(dir, fileName)
  const lockPath = join(dir, lockName)
  makeDirectory(dir)
  const isNew = !isThere(path)
  if (isNew && isThere(lockPath)) {
    throw new CannotOpen(
      `${path} is missing, and ${lockPath} says that it was there. ` +
        `Put the ledger or a backup back, or remove ${lockName} to begin an empty one.`,
    )
  }
  if (!isNew) checkHead(path, mapBytes)
  check(opening, isNew || !isThere(lockPath) ? newFileBytes : 0)
  makeFile(path)
  prepareLock(path, lockPath)
  checkFilesystem(dir, path, mapBytes)
}

/** Makes nothing and changes nothing. */
export const prepareToRead = (opening: Opening): void => {
  const { dir, mapBytes } = opening
  const path = join(dir, fileName)
  const file = openSync(path, 'r')
  try {
    const head = headOf(file, path, mapBytes)
    if (head !== undefined && fstatSync(file).size < head.bytes) {
      throw new StoreError(`${path} has lost its end. Put a backup in its place.`)
    }
  } finally {
    closeSync(file)
  }
  check(opening, 0)
  if (mayLock(dir)) return
  if (isLocked(path)) {
    throw new CannotOpen(
      `${path} is in use, and this user may not write to ${lockName}, which readers need then. ` +
        'Run this as the owner of the files.',
    )
  }
}

/** Whether this user may open both files for writing. Without that, LMDB can only read. */
export const mayWrite = (dir: string): boolean => mayOpen(join(dir, fileName)) && mayLock(dir)

/** Whether this user may open LMDB's lock file, or make it. Without that, LMDB reads what others may write over. */
export const mayLock = (dir: string): boolean => {
  const path = join(dir, lockName)
  return mayOpen(path) || (!isThere(path) && mayOpen(dir, constants.W_OK | constants.X_OK))
}

const mayOpen = (path: string, how = constants.R_OK | constants.W_OK): boolean => {
  try {
    accessSync(path, how)
    return true
  } catch {
    return false
  }
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined

const check = ({ dir, limits, ...needs }: Opening, fileBytes: number): void =>
  checkLimits(limits, { ...needs, path: join(dir, fileName), fileBytes })

/**
 * LMDB needs every page that the file's head speaks of. A file that lost its end is filled up with zeros: needed pages
 * are then found damaged, and those that were free from the beginning may have been missing all along.
 */
const checkHead = (path: string, mapBytes: number): void => {
  const file = openSync(path, 'r+')
  try {
    const head = headOf(file, path, mapBytes)
    // Asked after the head was read: a running server only lets the file grow.
    if (head !== undefined && fstatSync(file).size < head.bytes) ftruncateSync(file, head.bytes)
  } finally {
    closeSync(file)
  }
}

/** Undefined for an empty file, which becomes a new ledger. */
const headOf = (file: number, path: string, mapBytes: number): Head | undefined => {
  const { size } = fstatSync(file)
  if (size === 0) return undefined
  const head = readHead(file)
  if (head === undefined || head.bytes > Math.max(mapBytes, defaultMapBytes)) {
    throw new StoreError(
      `${path} is no ledger. Put a whole copy in its place, or name another directory with --data.`,
    )
  }
  if (head.bytes > mapBytes) {
    throw new CannotOpen(
      `${path} has ${head.bytes} bytes, and its map only ${mapBytes}: raise --map-size.`,
    )
  }
  return head
}

const prepareLock = (path: string, lockPath: string): void => {
  const lock = statSync(lockPath, { throwIfNoEntry: false })
  if ((lock === undefined || lock.size < lockBytesMin) && isLocked(path)) {
    throw new CannotOpen(
      `${lockPath} was removed or emptied while a server has the ledger open. Stop the server first.`,
    )
  }
  if (makeFile(lockPath)) return
  if (lock?.isFile() === false) throw new CannotOpen(`${lockPath} is no file. Remove it.`)
  try {
    accessSync(lockPath, constants.R_OK | constants.W_OK)
  } catch (cause) {
    if (!isCode(cause, 'EACCES', 'EPERM')) throw cause
    throw new CannotOpen(
      `${lockPath} belongs to user ${lock?.uid} and cannot be written by user ` +
        `${process.getuid?.()}. Change its owner, or remove it while nothing has the ledger open.`,
      { cause },
    )
  }
}
