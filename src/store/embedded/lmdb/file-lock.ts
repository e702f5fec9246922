// Exclusive locks of files. A lock belongs to the open file: the system frees it when the process ends, however it
// ends, and removing or renaming the file does not free it. Node has no such locks of its own.
import { closeSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'

interface Locks {
  /** False if another open file has a lock that excludes this one. */
  tryLock(file: number, options?: { readonly shared: boolean }): boolean
}

export interface FileLock {
  free(): void
}

let loaded: Locks | undefined

/** Loaded at the first use: most verbs of the command line lock nothing. */
const locks = (): Locks => {
  loaded ??= createRequire(import.meta.url)('fs-native-extensions') as Locks
  return loaded
}

/** Undefined if somebody has the lock. Throws the system's error if the file cannot be opened or locked. */
export const lockFile = (path: string): FileLock | undefined => {
  const file = openSync(path, 'r+')
  try {
    if (locks().tryLock(file)) return { free: () => closeSync(file) }
  } catch (cause) {
    closeSync(file)
    throw cause
  }
  closeSync(file)
  return undefined
}

/** Whether somebody has the lock. For a moment, it cannot be taken. */
export const isLocked = (path: string): boolean => {
  const file = openSync(path, 'r')
  try {
    return !locks().tryLock(file, { shared: true })
  } finally {
    closeSync(file)
  }
}
