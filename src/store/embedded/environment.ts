// The LMDB environment of a data directory: how it is opened, its format number, and reading one
// checked value from the newest snapshot. What is relied on here is pinned in lmdb.test.ts.
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Key, open, type RootDatabase, type RootDatabaseOptionsWithPath } from 'lmdb'
import { type FactTable, factTable } from '../../ledger/counts.ts'
import { Damage, isSealed, unseal } from './bytes.ts'
import { makeDirectory } from './files.ts'
import { checkFormat, formatVersion, numberingOnDisk, readVersion } from './format.ts'
import { behind, firstKey, type KeyRange, lastKey, metaKey } from './key.ts'
import type { Numbering } from './numbering.ts'
import { StoreError } from './store-error.ts'

export const fileName = 'ledger.mdb'
/** Readers and writers of all processes meet in it; it says nothing once they are gone. */
export const lockName = `${fileName}-lock`
// Address space, not disk: the file grows with what it holds. A map that never has to grow needs no
// care for readers in other threads while it does.
const mapBytes = 2 ** 40

export const environmentOptions = (dir: string): RootDatabaseOptionsWithPath => ({
  path: join(dir, fileName),
  noSubdir: true,
  keyEncoding: 'binary',
  encoding: 'binary',
  // With overlapping syncs a commit would resolve before it is on disk.
  overlappingSync: false,
  mapSize: mapBytes,
  maxReaders: 256,
})

export interface Entry {
  readonly key: Uint8Array
  readonly body: Uint8Array
}

/** Reads the checked body of a value; undefined where the key has none. */
export type ReadBody = (key: Uint8Array) => Uint8Array | undefined

export interface Environment {
  readonly db: RootDatabase
  /**
   * All of the work or nothing, on disk when it returns. Throws StoreError where another file was put
   * in the place of this one, in which it would be lost.
   */
  change<T>(work: () => T): T
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
export const openEnvironment = (dir: string, program: FactTable = factTable): Environment => {
  let numbering: Numbering
  let db: RootDatabase
  let number: number | undefined
  try {
    checkFile(dir)
    makeDirectory(dir)
    // Of a file that was replaced in between, the older one: whoever holds that is refused in vain, and
    // never the other way.
    const before = fileNumber(dir)
    db = open(environmentOptions(dir))
    number = before ?? fileNumber(dir)
  } catch (cause) {
    if (cause instanceof StoreError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError(`The data directory ${dir} cannot be opened: ${why}`, { cause })
  }
  const environment: Environment = {
    db,
    change: (work) =>
      db.transactionSync(() => {
        if (fileNumber(dir) === number) return work()
        throw new StoreError(`The ledger in ${dir} was compacted meanwhile: say it again.`)
      }),
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
    emptyAround: (key) => {
      let start: Uint8Array = firstKey
      let end: Uint8Array = lastKey
      for (const found of neighboursOf(db, key)) {
        const neighbour = Uint8Array.from(found.key as Uint8Array)
        unseal(neighbour, found.value)
        if (Buffer.compare(neighbour, key) < 0) start = behind(neighbour)
        else end = neighbour
      }
      return { start, end }
    },
    checkBeside: (key) => {
      for (const { value } of neighboursOf(db, key)) {
        if (isSealed(key, value)) throw new Damage('a key')
      }
    },
    formatVersion: () => readVersion(db) ?? formatVersion,
    numbering: () => numbering,
    renumber: () => {
      numbering = numberingOnDisk(db, program)
    },
    close: () => db.close(),
  }
  try {
    numbering = db.transactionSync(() => checkFormat(db, program, dir))
  } catch (cause) {
    void db.close()
    if (cause instanceof StoreError) throw cause
    throw new StoreError(
      `The ledger in ${dir} is damaged, or only a part of one (${String(cause)}). ` +
        'Put a backup in its place, or name another directory with --data.',
      { cause },
    )
  }
  return environment
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

/** Which file it is; undefined where there is none any more. */
const fileNumber = (dir: string): number | undefined =>
  statSync(join(dir, fileName), { throwIfNoEntry: false })?.ino

// How an LMDB file begins: a page header, its magic number, and further on the size of its pages.
const magicAt = 24
const magic = 0xbeefc0de
const pageBytesAt = 48
// Its first two pages tell in turn what the newest commit was; each names the last page that there is.
const lastPageAt = 144
const commitAt = 152
const headBytes = commitAt + 8

/**
 * LMDB maps the file as it is, and ends the process on one that is none of its own, or when it needs a
 * page behind the end. A file that lost its end is filled up with zeros: needed pages are then found
 * damaged, and those that were free from the beginning may have been missing all along.
 */
const checkFile = (dir: string): void => {
  if (!hasLedger(dir)) return
  const file = openSync(join(dir, fileName), 'r+')
  try {
    const { size } = fstatSync(file)
    if (size === 0) return
    const head = Buffer.alloc(headBytes)
    const readHead = (place: number) => readSync(file, head, 0, headBytes, place)
    readHead(0)
    const pageBytes = head.readUInt32LE(pageBytesAt)
    const isLedger = head.readUInt32LE(magicAt) === magic && pageBytes > 0
    let lastPage = 0n
    let newest = 0n
    for (const place of [0, pageBytes]) {
      readHead(place)
      if (head.readBigUInt64LE(commitAt) < newest) continue
      newest = head.readBigUInt64LE(commitAt)
      lastPage = head.readBigUInt64LE(lastPageAt)
    }
    const bytes = Number(lastPage + 1n) * pageBytes
    if (!isLedger || bytes > mapBytes) {
      throw new StoreError(
        `${join(dir, fileName)} is no ledger. Put a whole copy in its place, ` +
          'or name another directory with --data.',
      )
    }
    // Asked after its pages were: a running server only lets it grow.
    if (fstatSync(file).size < bytes) ftruncateSync(file, bytes)
  } finally {
    closeSync(file)
  }
}

/** Throws StoreError where the directory is not, or not yet wholly, of this program's format. */
export const mustBeCurrent = (environment: Environment, dir: string): Environment => {
  const isBegun = environment.db.getBinary(metaKey('upgrade')) !== undefined
  if (environment.formatVersion() === formatVersion && !isBegun) return environment
  void environment.close()
  throw new StoreError(
    `The data directory ${dir} was written by an older pushledger. ` +
      'Serve it once with this one, which brings it up to date.',
  )
}
