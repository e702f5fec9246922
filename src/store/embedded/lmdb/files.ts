// The files of a data directory: their names, and how new ones are made, so that nobody but the directory's owner
// reads them, and the owner can use them when root made them.
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'

export const fileName = 'ledger.mdb'
/** Readers and writers of all processes meet in it. While nobody has the ledger open, it means nothing. */
export const lockName = `${fileName}-lock`

export const privateMode = 0o600
const privateDirectoryMode = 0o700

/** Makes a directory and those above it. Node's own way never ends in places like /proc. */
export const makeDirectory = (dir: string): void => {
  if (existsSync(dir)) return
  const parent = dirname(resolve(dir))
  makeDirectory(parent)
  mkdirSync(dir, { mode: privateDirectoryMode })
  const file = openSync(dir, constants.O_DIRECTORY | constants.O_NOFOLLOW)
  try {
    giveToOwner(file, parent)
  } finally {
    closeSync(file)
  }
  sync(parent)
}

export const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** Makes an empty file. False if it is there already. */
export const makeFile = (path: string): boolean => {
  const dir = dirname(path)
  let file: number
  try {
    file = openSync(path, 'wx', privateMode)
  } catch (cause) {
    if (isCode(cause, 'EEXIST')) return false
    throw cause
  }
  try {
    giveToOwner(file, dir)
  } catch (cause) {
    rmSync(path)
    throw cause
  } finally {
    closeSync(file)
  }
  sync(dir)
  return true
}

/** Gives a new file what `makeFile` would have given it. */
export const makePrivate = (path: string): void => {
  const file = openSync(path, 'r')
  try {
    giveToOwner(file, dirname(path))
  } finally {
    closeSync(file)
  }
  chmodSync(path, privateMode)
}

/** What root makes belongs to the owner of the directory that it is in. */
const giveToOwner = (file: number, dir: string): void => {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dir)
  if (uid !== 0) fchownSync(file, uid, gid)
}

export const isCode = (cause: unknown, ...codes: readonly string[]): boolean =>
  cause instanceof Error && 'code' in cause && codes.includes(String(cause.code))

/** Returns when a file, or the names in a directory, are on the disk. */
export const sync = (path: string): void => {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
