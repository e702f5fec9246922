// Opens the store that the settings name, for the server and for verbs. What is done to a directory itself knows
// its engine too: copy.ts, move.ts, verify.ts.
import type { GroupTable } from '../apps/group.ts'
import type { Tables } from '../apps/tokens.ts'
import type { ClockTable } from '../ledger/believed-clock.ts'
import type { Reader, Store } from '../ledger/store.ts'
import type { Address } from './clickhouse/address.ts'
import { hasLedger, mustBeCurrent, openEnvironment } from './embedded/lmdb/environment.ts'
import { formatVersion } from './embedded/lmdb/format.ts'
import type { Commit, Vitals } from './embedded/lmdb/stats.ts'
import { openReader } from './embedded/query/reader.ts'
import { openEmbeddedApps } from './embedded/tables/apps.ts'
import { openEmbeddedClock } from './embedded/tables/clock.ts'
import { openEmbeddedGroups } from './embedded/tables/groups.ts'
import { openEmbeddedTokens } from './embedded/tables/tokens.ts'

export type { Commit, Vitals }
export { hasLedger }

export interface LedgerSettings {
  /** The data directory; made when it is missing. */
  readonly dir: string
  /** Of the ClickHouse that holds the ledger, in place of the directory. */
  readonly address?: Address | null
  /** The largest size that the directory's file can reach. */
  readonly mapBytes?: number | undefined
  readonly keepDays: number
  /** Told of damage that was found while answering. */
  readonly onDamage?: (damage: Error) => void
  /** Told once, when nothing more can be written. */
  readonly onBroken?: (cause: Error) => void
  /** Told once, when ids are looked up on the main thread from now on. */
  readonly onLookUpEnded?: (cause: Error) => void
  /** Told of every commit of appends. */
  readonly onCommit?: ((commit: Commit) => void) | undefined
  /** Told, while a directory of an older format is brought up to date, how many messages are. */
  readonly onUpgrade?: (messages: number) => void
}

export interface OpenedLedger extends Tables {
  readonly ledger: Store
  /** Of the files on disk; undefined where somebody else keeps them. */
  readonly format: number | undefined
  vitals(): Vitals
  /** Whether whoever holds the ledger answers, where that is somebody else. */
  isAnswering(): boolean
  readonly groups: GroupTable
  readonly clock: ClockTable
  close(): Promise<void>
}

/** For the server, which alone may tell and ask; throws StoreError when another one lives. */
export const openLedger = async (settings: LedgerSettings): Promise<OpenedLedger> => {
  const { address = null } = settings
  return address === null ? openDirectory(settings) : openDatabase(settings, address)
}

/** One of any number of servers; what it is made with is loaded only here. */
const openDatabase = async (
  { keepDays, onCommit }: LedgerSettings,
  address: Address,
): Promise<OpenedLedger> => {
  const { openClickHouse } = await import('./clickhouse/store.ts')
  const store = await openClickHouse({ address, keepDays, onCommit })
  const { apps, tokens, groups, clock, waiting, isAnswering, close } = store
  const nothingHere = { tables: 0, devices: 0, tableBytes: 0 }
  const vitals = () => ({
    ...nothingHere,
    ...waiting(),
    messages: undefined,
    fileBytes: undefined,
    // The room on the disks of others is theirs to watch.
    freeBytes: Number.POSITIVE_INFINITY,
  })
  const format = undefined
  return { ledger: store, format, apps, tokens, groups, clock, vitals, isAnswering, close }
}

const openDirectory = async (settings: LedgerSettings): Promise<OpenedLedger> => {
  // Verbs that only use tables start sooner without it.
  const { openEmbedded } = await import('./embedded/store.ts')
  const store = await openEmbedded({ ...settings, thread: true })
  const { apps, tokens, groups, clock, vitals, close } = store
  const isAnswering = () => true
  const format = formatVersion
  return { ledger: store, format, apps, tokens, groups, clock, vitals, isAnswering, close }
}

export interface OpenedTables extends Tables {
  readonly groups: GroupTable
  close(): Promise<void>
}

/** The same of a ClickHouse. Throws StoreError where it is not prepared. */
export const openTablesAt = async (address: Address): Promise<OpenedTables> => {
  const { openClickHouse } = await import('./clickhouse/store.ts')
  return openClickHouse({ address })
}

/** Brings a ClickHouse up to date; the names of the migrations that it lacked. */
export const migrateAt = async (address: Address): Promise<readonly string[]> => {
  const { migrate } = await import('./clickhouse/migration.ts')
  return migrate(address)
}

/** Apps, tokens and groups alone, for verbs that work beside a running server; makes a missing ledger. */
export const openTables = (dir: string, mapBytes?: number): OpenedTables => {
  const environment = openEnvironment(dir, { mapBytes })
  return {
    apps: openEmbeddedApps(environment),
    tokens: openEmbeddedTokens(environment),
    groups: openEmbeddedGroups(environment),
    close: environment.close,
  }
}

export interface OpenedReader {
  readonly reader: Reader
  readonly apps: Tables['apps']
  readonly clock: ClockTable
  close(): Promise<void>
}

/** What can be read beside a running server. */
export const openLedgerReader = (
  dir: string,
  keepDays: number,
  mapBytes?: number,
): OpenedReader => {
  const environment = mustBeCurrent(openEnvironment(dir, { mapBytes }), dir)
  return {
    reader: openReader(environment, keepDays),
    apps: openEmbeddedApps(environment),
    clock: openEmbeddedClock(environment),
    close: environment.close,
  }
}

/** The same of a ClickHouse. Throws StoreError where it is not prepared. */
export const openLedgerReaderAt = async (
  address: Address,
  keepDays: number,
): Promise<OpenedReader> => {
  const { openClickHouse } = await import('./clickhouse/store.ts')
  const store = await openClickHouse({ address, keepDays })
  return { reader: store, apps: store.apps, clock: store.clock, close: store.close }
}
