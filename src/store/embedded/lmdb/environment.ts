// The LMDB environment of a data directory: how it is opened, its format number, and reading one
// checked value from the newest snapshot. What is relied on here is pinned in lmdb.test.ts.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Key, open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb'
import { type FactTable, factTable } from '../../../ledger/selection.ts'
import { CannotOpen, StoreError } from '../../../ledger/store-error.ts'
import type { Numbering } from '../states/numbering.ts'
import { Damage, isSealed, unseal } from './bytes.ts'
import { fileName, privateMode } from './files.ts'
import { checkFormat, formatVersion, numberingOnDisk, readFormat, readVersion } from './format.ts'
import { filesIn, type Guard, type OpenedFiles, openGuard } from './guard.ts'
import { behind, firstKey, type KeyRange, lastKey, metaKey } from './key.ts'
import { readLimits } from './limits.ts'
import { defaultMapBytes, type Opening, prepare, prepareToRead } from './opening.ts'
import { type Bounds, mustHaveRoom } from './room.ts'

const pageBytes = 4096
/** What a process needs besides the map, while it opens the ledger and works on it. */
const reserveOfVerbBytes = 128 * 2 ** 20

export const environmentOptions = (
  dir: string,
  mapBytes: number,
  isReadOnly = false,
): RootDatabaseOptionsWithPath => {
  const options = {
    path: join(dir, fileName),
    noSubdir: true,
    readOnly: isReadOnly,
    keyEncoding: 'binary' as const,
    encoding: 'binary' as const,
    // With overlapping syncs a commit would resolve before it is on disk.
    overlappingSync: false,
    mapSize: mapBytes,
    maxReaders: 256,
    permissionsMode: privateMode,
  }
  return options
}

export interface OpenSettings {
  /** The largest size that the file can reach. LMDB could map it anew, but not in every process that reads it. */
  readonly mapBytes?: number | undefined
  /** The address space that this process needs besides, if it is more than a verb's. */
  readonly reserveBytes?: number
  /** Neither changes nor makes anything; `change` must not be called. */
  readonly isReadOnly?: boolean
  /** What the program tells apart and counts; its own, but in tests. */
  readonly table?: FactTable | undefined
}

export interface Entry {
  readonly key: Uint8Array
  readonly body: Uint8Array
}

/** Reads the checked body of a value; undefined where the key has none. */
export type ReadBody = (key: Uint8Array) => Uint8Array | undefined

export interface Environment {
  readonly db: RootDatabase
  /** Which files it has open; undefined if it is read-only. */
  readonly files: OpenedFiles | undefined
  /** How far the file may grow. */
  readonly bounds: Bounds
  /**
   * Throws StoreError if the files are no longer those that were opened: what is written to them then is lost. Returns
   * the size of all that is stored. Takes some microseconds.
   */
  check(): number
  /**
   * All of the work or nothing, on disk when it returns. Throws StoreError where the files were replaced, or where there
   * is no room.
   */
  change<T>(work: () => T): T
  /** The same, waiting for the write lock without holding up this thread. */
  changeLater<T>(work: () => T): Promise<T>
  /** Lets the next read see every commit made before this call, by whichever thread or process. */
  refresh(): void
  /** The body of a value, checked. A view that lives until the next read: use it at once. */
  read(key: Uint8Array): Uint8Array | undefined
  /** The first entry of a range, its body checked; memory of its own. */
  firstIn(range: KeyRange): Entry | undefined
  /** Up to `limit` keys of a range. */
  keysIn(range: KeyRange, limit: number): readonly Uint8Array[]
  /** Up to `limit` keys of a range, the last first. */
  keysDown(range: KeyRange, limit: number): readonly Uint8Array[]
  lastKeyIn(range: KeyRange): Uint8Array | undefined
  /**
   * Where a key was not found: the range around it in which nothing stands. Throws Damage if what stands
   * before or after it is damaged, or keys do not rise there, for then it may be there, and only not be found.
   */
  emptyAround(key: Uint8Array): KeyRange
  /**
   * Where a key was not found: throws Damage if its value stands beside its place, under another key, or if
   * keys do not rise there.
   */
  checkBeside(key: Uint8Array): void
  /** That the directory has: an older one until its owner has brought it up to date. */
  formatVersion(): number
  /** How its tracks and selections are numbered; another one when `renumber` was called. */
  numbering(): Numbering
  /** After its owner has written its table. */
  renumber(): void
  close(): Promise<void>
}

/**
 * Opens a directory, and makes it when it is new; throws StoreError on one it must not touch. Of an
 * older format only the records are as they are now, and values are still sealed: whoever needs more
 * brings it up to date first, or says `mustBeCurrent`. The program's table is matched to the directory's.
 */
export const openEnvironment = (dir: string, settings: OpenSettings = {}): Environment => {
  const { isReadOnly = false, reserveBytes = reserveOfVerbBytes, table = factTable } = settings
  let numbering: Numbering
  const limits = readLimits()
  const mapBytes = Math.floor((settings.mapBytes ?? defaultMapBytes) / pageBytes) * pageBytes
  const opening = { dir, mapBytes, reserveBytes, limits }
  const bounds: Bounds = { dir, mapBytes, fileBytes: limits.fileBytes }
  const { db, guard } = isReadOnly ? openToRead(opening) : openToWrite(opening)
  const check = () => guard?.check() ?? 0
  // Before a transaction, because LMDB ends the process where its map is longer than the file; inside, because others
  // may replace the file until then; and after it, because what was written to another file is lost.
  const checked = <T>(work: () => T): T => {
    mustHaveRoom(bounds, check())
    return work()
  }
  const environment: Environment = {
    db,
    files: guard?.files,
    bounds,
    check,
    change: (work) => {
      check()
      const done = db.transactionSync(() => checked(work))
      check()
      return done
    },
    changeLater: async (work) => {
      check()
      const done = await db.transaction(() => checked(work))
      check()
      return done
    },
    refresh: () => db.resetReadTxn(),
    read: (key) => {
      const value = db.getBinaryFast(key)
      if (value === undefined) return undefined
      // LMDB's one buffer for all values only says that it is as short as this one: newer versions of
      // Node look at its memory instead.
      return unseal(key, new Uint8Array(value.buffer, value.byteOffset, value.length))
    },
    firstIn: (range) => {
      for (const { key, value } of db.getRange({ ...range, limit: 1 })) {
        const own = Uint8Array.from(key as Uint8Array)
        return { key: own, body: Uint8Array.from(unseal(own, value as Uint8Array)) }
      }
      return undefined
    },
    keysIn: (range, limit) =>
      [...db.getKeys({ ...range, limit })].map((key) => Uint8Array.from(key as Uint8Array)),
    keysDown: (range, limit) => keysDown(db, range, limit),
    lastKeyIn: (range) => keysDown(db, range, 1)[0],
    emptyAround: (key) => emptyAround(db, key),
    checkBeside: (key) => checkBeside(db, key),
    formatVersion: () => readVersion(db) ?? formatVersion,
    numbering: () => numbering,
    renumber: () => {
      numbering = numberingOnDisk(db, table)
    },
    close: () => {
      guard?.close()
      return db.close()
    },
  }
  try {
    numbering = isReadOnly
      ? readFormat(db, table, dir)
      : environment.change(() => checkFormat(db, table, dir))
  } catch (cause) {
    void environment.close()
    if (cause instanceof StoreError) throw cause
    throw new StoreError(
      `The ledger in ${dir} is damaged, or only a part of one (${String(cause)}). ` +
        'Put a backup in its place, or name another directory with --data.',
      { cause },
    )
  }
  return environment
}

const emptyAround = (db: RootDatabase, key: Uint8Array): KeyRange => {
  let start: Uint8Array = firstKey
  let end: Uint8Array = lastKey
  for (const found of neighboursOf(db, key)) {
    const neighbour = Uint8Array.from(found.key as Uint8Array)
    unseal(neighbour, found.value)
    if (Buffer.compare(neighbour, key) < 0) start = behind(neighbour)
    else end = neighbour
  }
  return { start, end }
}

const checkBeside = (db: RootDatabase, key: Uint8Array): void => {
  for (const { value } of neighboursOf(db, key)) {
    if (isSealed(key, value)) throw new Damage('a key')
  }
}

interface Opened {
  readonly db: RootDatabase
  readonly guard: Guard | undefined
}

const openToWrite = (opening: Opening): Opened =>
  orStoreError(opening, () => {
    const { dir, mapBytes } = opening
    prepare(opening)
    const before = filesIn(dir)
    const db = open(environmentOptions(dir, mapBytes))
    const after = filesIn(dir)
    try {
      // LMDB opened what stood there both before and after.
      if (before === undefined || JSON.stringify(before) !== JSON.stringify(after)) {
        throw new CannotOpen(`The files in ${dir} were replaced while they were opened: try again.`)
      }
      return { db, guard: openGuard(dir, before) }
    } catch (cause) {
      void db.close()
      throw cause
    }
  })

const openToRead = (opening: Opening): Opened =>
  orStoreError(opening, () => {
    prepareToRead(opening)
    return { db: open(environmentOptions(opening.dir, opening.mapBytes, true)), guard: undefined }
  })

const orStoreError = <T>({ dir }: Opening, work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CannotOpen(`The data directory ${dir} cannot be opened: ${why}`, { cause })
  }
}

/** LMDB takes the start of a walk downwards for a part of it, and the end not. */
const keysDown = (db: RootDatabase, range: KeyRange, limit: number): readonly Uint8Array[] => {
  const { start, end } = range
  const keys = [...db.getKeys({ start: end, end: start, reverse: true, limit: limit + 1 })]
    .map((key) => Uint8Array.from(key as Uint8Array))
    .filter((key) => Buffer.compare(key, end) < 0)
  return keys.slice(0, limit)
}

/**
 * The entries before and after the place of a key that was not found, one each where there are any. Throws
 * Damage where keys do not rise around it, or end before the first or the last of all: then it was looked
 * for in the wrong place.
 */
const neighboursOf = (db: RootDatabase, key: Uint8Array) => {
  const before = [...db.getRange({ start: key, limit: 2, reverse: true })].reverse()
  const after = [...db.getRange({ start: key, limit: 2 })]
  const around: Key[] = [...before, { key }, ...after].map((entry) => entry.key)
  const doRise = around.every((at, i) => i === 0 || isBefore(around[i - 1], at))
  const isAtFirst = before.length === 2 || !isBefore([...db.getKeys({ limit: 1 })][0], around[0])
  const isAtLast =
    after.length === 2 || !isBefore(around.at(-1), [...db.getKeys({ limit: 1, reverse: true })][0])
  if (!doRise || !isAtFirst || !isAtLast) throw new Damage('the order of keys')
  return [...before.slice(-1), ...after.slice(0, 1)]
}

/** False where there is none. */
const isBefore = (key: Key | undefined, other: Key | undefined): boolean =>
  key !== undefined &&
  other !== undefined &&
  Buffer.compare(key as Uint8Array, other as Uint8Array) < 0

/** Whether a directory holds a ledger. */
export const hasLedger = (dir: string): boolean => existsSync(join(dir, fileName))

/** Throws CannotOpen where the directory is not, or not yet wholly, of this program's format. */
export const mustBeCurrent = (environment: Environment, dir: string): Environment => {
  const isBegun = environment.db.getBinary(metaKey('upgrade')) !== undefined
  if (environment.formatVersion() === formatVersion && !isBegun) return environment
  void environment.close()
  throw new CannotOpen(
    `The data directory ${dir} was written by an older pushledger. ` +
      'Serve it once with this one, which brings it up to date.',
  )
}
