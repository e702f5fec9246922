// Directories that are made, and files that must be on the disk before work goes on.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a directory and those above it, for nobody else to read: secrets are hashed, but receipts are
 * nobody else's business. Node's own way never ends where the system says that there is no such place,
 * as under /proc.
 */
export const makeDirectory = (dir: string): void => {
  if (existsSync(dir)) return
  const parent = dirname(resolve(dir))
  makeDirectory(parent)
  mkdirSync(dir, { mode: 0o700 })
  sync(parent)
}

/** Returns when a file, or the names in a directory, are on the disk. */
export const sync = (path: string): void => {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
