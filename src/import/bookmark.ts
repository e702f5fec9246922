// How far a file has come, kept in a small file beside it or in a directory of its own, so that the
// same import goes on where it was broken off. It is never ahead of what the server holds. The directory
// may belong to others, so no symbolic link is followed, and what is not a small file is not read.
import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Identity } from './source.ts'
import type { Place } from './split-bodies.ts'
import { emptyTally, type Tally } from './tally.ts'

/** Where the lines go: the same file told elsewhere begins anew. */
export interface Target {
  readonly url: string
  /** The key of the app, or a digest of the token; never a secret. */
  readonly app: string
}

export interface Progress {
  /** Everything before is answered. */
  readonly place: Place
  readonly tally: Tally
  readonly isDone: boolean
}

interface Kept extends Progress, Identity, Target {
  readonly format: number
}

export interface Bookmark {
  readonly path: string
  /** Where to go on, and why not where an earlier run left off, in words. */
  readonly found: Progress
  readonly startsOverBecause: string | undefined
  /** Throws where the file system does. */
  keep(progress: Progress): void
  remove(): void
}

const format = 1
const suffix = '.pushledger-import'
const keptBytesMax = 1_048_576
const nothing: Progress = { place: { bytes: 0, lines: 0 }, tally: emptyTally, isDone: false }

export const openBookmark = (
  identity: Identity,
  target: Target,
  directory: string | undefined,
): Bookmark => {
  const path = pathOf(identity.path, directory)
  const kept = parseKept(readKept(path))
  const why = kept === undefined ? undefined : differenceOf(kept, identity, target)
  const found = kept === undefined || why !== undefined ? nothing : kept
  return {
    path,
    found,
    startsOverBecause: why,
    keep: (progress) => {
      const all: Kept = { format, ...identity, ...target, ...progress }
      const part = `${path}.part`
      makeDirectories(dirname(path))
      // Of a run that was killed, or a link that somebody put there.
      rmSync(part, { force: true })
      // Whole or not at all, whenever the process ends.
      writeFileSync(part, JSON.stringify(all), { flag: 'wx', mode: 0o600 })
      renameSync(part, path)
    },
    remove: () => {
      for (const each of [path, `${path}.part`]) rmSync(each, { force: true })
    },
  }
}

/** One by one: Node's recursive way never ends in a file system that lets nobody make any. */
const makeDirectories = (directory: string): void => {
  const missing: string[] = []
  for (let at = resolve(directory); !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const each of missing) mkdirSync(each)
}

/** Empty where there is none that could be read: then the file begins anew. */
const readKept = (path: string): string => {
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stats = fstatSync(fd)
    return stats.isFile() && stats.size <= keptBytesMax ? readFileSync(fd, 'utf8') : ''
  } catch {
    return ''
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

const pathOf = (path: string, directory: string | undefined): string => {
  if (directory === undefined) return `${path}${suffix}`
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 12)
  return join(directory, `${basename(path)}-${digest}${suffix}`)
}

const differenceOf = (kept: Kept, identity: Identity, target: Target): string | undefined => {
  const { path, sizeBytes, changedAtMs } = identity
  if (kept.path !== path || kept.sizeBytes !== sizeBytes || kept.changedAtMs !== changedAtMs) {
    return 'it has changed since'
  }
  const isSame = kept.url === target.url && kept.app === target.app
  return isSame ? undefined : 'it went to another server or app'
}

/** Undefined for anything that is not whole: then the file begins anew, which is safe. */
const parseKept = (text: string): Kept | undefined => {
  try {
    const kept = JSON.parse(text) as Partial<Kept>
    const { place, tally } = kept
    const numbers = [place?.bytes, place?.lines, tally?.lines, tally?.accepted, tally?.refused]
    const isWhole = kept.format === format && numbers.every(Number.isSafeInteger)
    return isWhole && Array.isArray(tally?.refusals) ? (kept as Kept) : undefined
  } catch {
    return undefined
  }
}
