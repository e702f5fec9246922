// The limits that the system sets to this process (ulimit), as far as opening a ledger needs them. LMDB ends the process
// where it meets one of them while it opens, so they are compared before.
import { readdirSync, readFileSync } from 'node:fs'
import { CannotOpen } from '../../../ledger/store-error.ts'

/** Infinite where there is no limit, or where the system does not tell. */
export interface Limits {
  readonly addressSpaceBytes: number
  readonly fileBytes: number
  readonly descriptors: number
}

/** What opening needs. */
export interface Needs {
  /** The file that needs it, for the error. */
  readonly path: string
  readonly mapBytes: number
  /** Address space besides the map: for LMDB, and for threads that are started later. */
  readonly reserveBytes: number
  /** The size that files have or reach at once. */
  readonly fileBytes: number
}

/** The two files, each open two or three times, and what is opened by the way. */
const descriptorsNeeded = 12

/** The names in /proc/self/limits. */
const names = {
  addressSpaceBytes: 'Max address space',
  fileBytes: 'Max file size',
  descriptors: 'Max open files',
} as const satisfies Record<keyof Limits, string>

/** Reads /proc; other systems have other ways, and no limits are known there. */
export const readLimits = (): Limits => {
  const lines = textOf('/proc/self/limits').split('\n')
  const limitOf = (name: string): number => {
    const line = lines.find((limit) => limit.startsWith(name)) ?? ''
    const soft = /^ +(\d+)/.exec(line.slice(name.length))?.[1]
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
  }
  return {
    addressSpaceBytes: limitOf(names.addressSpaceBytes),
    fileBytes: limitOf(names.fileBytes),
    descriptors: limitOf(names.descriptors),
  }
}

/** Throws CannotOpen with the limit that stands in the way. */
export const checkLimits = (limits: Limits, needs: Needs): void => {
  const { path, mapBytes, reserveBytes, fileBytes } = needs
  if (limits.addressSpaceBytes < Number.POSITIVE_INFINITY) {
    const left = limits.addressSpaceBytes - addressSpaceInUse() - reserveBytes
    if (left < mapBytes) {
      throw new CannotOpen(
        `${path} cannot be opened: its map needs ${mapBytes} bytes of address space, and the limit ` +
          `(ulimit -v) leaves ${Math.max(left, 0)}. Raise the limit, or lower --map-size.`,
      )
    }
  }
  if (limits.fileBytes < fileBytes) {
    throw new CannotOpen(
      `${path} cannot be opened: it needs ${fileBytes} bytes, and the limit on the size of ` +
        `files (ulimit -f) is ${limits.fileBytes}. Raise the limit.`,
    )
  }
  if (limits.descriptors < Number.POSITIVE_INFINITY) {
    const left = limits.descriptors - descriptorsInUse()
    if (left < descriptorsNeeded) {
      throw new CannotOpen(
        `${path} cannot be opened: it needs ${descriptorsNeeded} open files, and the limit ` +
          `(ulimit -n) leaves ${Math.max(left, 0)}. Raise the limit.`,
      )
    }
  }
}

const addressSpaceInUse = (): number => {
  const kibibytes = /^VmSize:\s+(\d+) kB/m.exec(textOf('/proc/self/status'))?.[1]
  return Number(kibibytes ?? 0) * 1024
}

const descriptorsInUse = (): number => {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
