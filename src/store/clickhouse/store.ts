// The engine over ClickHouse: it keeps nothing itself but what waits to be written, and remembers only what it can
// read again, so that any number of servers may stand before one database. Here its parts are put together;
// docs/operating/clickhouse.md tells what they ask of ClickHouse.
import { randomBytes } from 'node:crypto'
import type { GroupTable } from '../../apps/group.ts'
import type { Tables } from '../../apps/tokens.ts'
import type { ClockTable } from '../../ledger/believed-clock.ts'
import { Fault } from '../../ledger/fault.ts'
import { defaultStoreSettings, type Store } from '../../ledger/store.ts'
import type { Address } from './address.ts'
import { type Commit, openAppender } from './append.ts'
import { openClickHouseApps } from './apps.ts'
import { type Arrivals, openArrivals } from './bulk-load.ts'
import { openClickHouseClock } from './clock.ts'
import { connect } from './connection.ts'
import { openCounts } from './counts.ts'
import { openDevices } from './devices.ts'
import { openFeed } from './feed.ts'
import { openClickHouseGroups } from './groups.ts'
import { openPulse } from './health-check.ts'
import { keepingOf, openMessages } from './messages.ts'
import { mustBeMigrated } from './migration.ts'
import { openRecords, type Records } from './records.ts'
import { orStoreError } from './store-error.ts'
import { openSweeper } from './sweep.ts'
import type { CommitId } from './table.ts'
import { openClickHouseTokens } from './tokens.ts'
import { openUsers } from './users.ts'

export interface ClickHouseSettings {
  readonly address: Address
  readonly keepDays?: number
  /** Told of every commit of appends. */
  readonly onCommit?: ((commit: Commit) => void) | undefined
}

export interface ClickHouseStore extends Store, Tables {
  readonly groups: GroupTable
  readonly clock: ClockTable
  /** For moving up. */
  readonly arrivals: Arrivals
  /** By the key of an app, that it was begun to be moved here. */
  readonly moves: Records
  waiting(): { readonly appendsWaiting: number; readonly bytesWaiting: number }
  /** Whether ClickHouse answered when it was asked last. */
  isAnswering(): boolean
}

/** Throws StoreError where the database is not prepared. */
export const openClickHouse = async (settings: ClickHouseSettings): Promise<ClickHouseStore> => {
  const { address, keepDays = defaultStoreSettings.keepDays, onCommit = () => {} } = settings
  const connection = await connect(address)
  try {
    await orStoreError(address, () => mustBeMigrated(connection, address))
  } catch (cause) {
    await connection.close()
    throw cause
  }
  const keeping = keepingOf(keepDays)
  const appender = openAppender({ connection, keepDays, nextCommit: openCommitIds(), onCommit })
  const sweeper = openSweeper(connection, keeping)
  let closing: Promise<void> | undefined
  const pulse = openPulse(connection)
  const close = async (): Promise<void> => {
    pulse.stop()
    await appender.close()
    await connection.close()
  }
  const apps = openClickHouseApps(connection)
  return {
    apps,
    arrivals: openArrivals(connection),
    moves: openRecords(connection, 'move'),
    tokens: openClickHouseTokens(connection, apps),
    groups: openClickHouseGroups(connection),
    clock: openClickHouseClock(connection),
    ...openMessages(connection, keeping),
    ...openCounts(connection, keeping),
    ...openDevices(connection, keeping),
    ...openUsers(connection),
    ...openFeed(connection),
    append: appender.append,
    waiting: appender.waiting,
    isAnswering: pulse.isAnswering,
    sweep: sweeper.sweep,
    removeApp: async (appId) => {
      if (closing !== undefined) throw new Fault('unavailable')
      await appender.refuse(appId)
      await sweeper.removeApp(appId)
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** Of rising numbers, over restarts too as long as the clock rises. */
const openCommitIds = (): (() => CommitId) => {
  const server = randomBytes(8).readBigUInt64LE()
  let last = 0n
  return () => {
    const now = BigInt(Date.now()) * 1_000_000n
    last = now > last ? now : last + 1n
    return { commit: last, server }
  }
}
