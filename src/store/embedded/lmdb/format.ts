// What a directory says of itself: its format, and the table that its numbers are places in. Checked when it is
// opened; changed only by its owner, which brings an older one up to date.
import type { FactTable } from '../../../ledger/selection.ts'
import { CannotOpen } from '../../../ledger/store-error.ts'
import { tableBefore3 } from '../states/format-2.ts'
import { type Numbering, numberingOf } from '../states/numbering.ts'
import {
  extendTable,
  isNewer,
  isStoredTable,
  noTable,
  type StoredTable,
} from '../states/stored-table.ts'
import { metaKey } from './key.ts'
import { sealRecord, unsealRecord } from './records.ts'

export const formatVersion = 3

interface Format {
  readonly version: number
  /** Before format 3: the checksum of the table of selections, which every directory shared. */
  readonly selections?: number
}

/** What of an environment holds records: reads and, inside of a transaction, writes. */
export interface MetaRecords {
  getBinary(key: Uint8Array): Uint8Array | undefined
  putSync(key: Uint8Array, value: Uint8Array): unknown
}

const formatKey = metaKey('format')
const tableKey = metaKey('table')
const recountKey = metaKey('recount')

const readRecord = (db: MetaRecords, key: Uint8Array): unknown => {
  const value = db.getBinary(key)
  return value === undefined ? undefined : unsealRecord(key, value)
}

const writeRecord = (db: MetaRecords, key: Uint8Array, value: unknown): void => {
  db.putSync(key, sealRecord(key, value))
}

/** Undefined in a new directory. */
export const readVersion = (db: MetaRecords): number | undefined =>
  (readRecord(db, formatKey) as Format | undefined)?.version

const readTable = (db: MetaRecords): StoredTable => {
  const table = readRecord(db, tableKey)
  if (!isStoredTable(table)) throw new Error('its table of tracks and selections is missing')
  return table
}

/** Where the recount of messages is, while one is under way; what it means says recounter.ts. */
export interface Recount {
  /** Everything is true of the selections of this revision and earlier ones. */
  readonly base: number
  readonly revision: number
  /** Messages of apps of lower numbers were counted, */
  readonly appId: number
  /** and those of this one that are listed at or behind this place. */
  readonly hour: number
  readonly id: string
}

export const noPlace = { hour: 0xffffffff, id: String(2n ** 64n - 1n) }

export const readRecount = (db: MetaRecords): Recount | undefined =>
  readRecord(db, recountKey) as Recount | undefined

/**
 * Inside of a transaction: checks the directory, and makes it this program's where it is new. Throws CannotOpen
 * where this program must not touch it.
 */
export const checkFormat = (db: MetaRecords, program: FactTable, dir: string): Numbering => {
  if (readRecord(db, formatKey) === undefined) {
    writeFormat(db)
    writeRecord(db, tableKey, extendTable(noTable, program))
  }
  return readFormat(db, program, dir)
}

/** Checks the directory and changes nothing. Throws CannotOpen where this program must not read it. */
export const readFormat = (db: MetaRecords, program: FactTable, dir: string): Numbering => {
  const format = readRecord(db, formatKey)
  // A server that makes the directory at this moment writes the format later.
  if (format === undefined) return numberingOf(extendTable(noTable, program), program)
  if (!isFormat(format) || format.version > formatVersion) {
    throw new CannotOpen(
      `The data directory ${dir} was written by a newer pushledger ` +
        `(format ${isFormat(format) ? format.version : 'unknown'}, this one knows ` +
        `${formatVersion}). Start it with that version, or name another directory with --data.`,
    )
  }
  if (format.version < formatVersion) {
    if (format.selections === selectionsBefore3) return numberingOf(tableBefore3, program)
    throw new CannotOpen(
      `The data directory ${dir} counts another set of report fields than any pushledger of ` +
        `format ${format.version} that was released. Start it with the version that wrote it, ` +
        'or name another directory with --data.',
    )
  }
  const table = readTable(db)
  if (isNewer(table, program)) {
    throw new CannotOpen(
      `The data directory ${dir} was written by a newer pushledger, which knows more channels ` +
        'or stages. Start it with that version, or name another directory with --data.',
    )
  }
  return numberingOf(table, program)
}

/** The checksum that format 1 and 2 kept of their table. */
const selectionsBefore3 = 860_101_885

/** Inside of a transaction: from now on the directory has this program's format. */
export const writeFormat = (db: MetaRecords): void => {
  writeRecord(db, formatKey, { version: formatVersion } satisfies Format)
}

/**
 * Inside of a transaction of the owner: writes the table with what the program has beside it, and where sizes
 * are missing then, that all messages have to be recounted. One that was under way begins again.
 */
export const writeTable = (db: MetaRecords, { table, revisionOnDisk }: Numbering): void => {
  writeRecord(db, tableKey, table)
  if (table.revision === revisionOnDisk) return
  const base = readRecount(db)?.base ?? revisionOnDisk
  const recount: Recount = { base, revision: table.revision, appId: 0, ...noPlace }
  writeRecord(db, recountKey, recount)
}

/** The table as it stands on disk now, for whoever wrote it. */
export const numberingOnDisk = (db: MetaRecords, program: FactTable): Numbering =>
  numberingOf(readTable(db), program)

const isFormat = (value: unknown): value is Format =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  typeof value.version === 'number'
