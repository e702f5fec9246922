// Opens the store that the settings name. The only place that knows which engines there are.
import type { GroupTable } from '../apps/group.ts'
import type { Tables } from '../apps/tokens.ts'
import type { Reader, Store } from '../ledger/store.ts'
import { openEmbeddedApps } from './embedded/apps.ts'
import { hasLedger, mustBeCurrent, openEnvironment } from './embedded/environment.ts'
import { openEmbeddedGroups } from './embedded/groups.ts'
import { openReader } from './embedded/reader.ts'
import { openEmbedded } from './embedded/store.ts'
import { openEmbeddedTokens } from './embedded/tokens.ts'
import type { Commit, Vitals } from './embedded/vitals.ts'

export type { Commit, Vitals }
export { hasLedger }

export interface LedgerSettings {
  /** The data directory; made when it is missing. */
  readonly dir: string
  readonly keepDays: number
  /** Told of damage that was found while answering. */
  readonly onDamage?: (damage: Error) => void
  /** Told once, when nothing more can be written. */
  readonly onBroken?: (cause: Error) => void
  /** Told of every commit of appends. */
  readonly onCommit?: ((commit: Commit) => void) | undefined
  /** Told, while a directory of an older format is brought up to date, how many messages are. */
  readonly onUpgrade?: (messages: number) => void
}

export interface OpenedLedger extends Tables {
  readonly ledger: Store
  vitals(): Vitals
  readonly groups: GroupTable
  close(): Promise<void>
}

/** For the server, which alone may tell and ask; throws StoreError when another one lives. */
export const openLedger = async (settings: LedgerSettings): Promise<OpenedLedger> => {
  const store = await openEmbedded({ ...settings, thread: true })
  const { apps, tokens, groups, vitals, close } = store
  return { ledger: store, apps, tokens, groups, vitals, close }
}

export interface OpenedTables extends Tables {
  readonly groups: GroupTable
  close(): Promise<void>
}

/** Apps, tokens and groups alone, for verbs that work beside a running server; makes a missing ledger. */
export const openTables = (dir: string): OpenedTables => {
  const environment = openEnvironment(dir)
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
  close(): Promise<void>
}

/** What can be read beside a running server. */
export const openLedgerReader = (dir: string, keepDays: number): OpenedReader => {
  const environment = mustBeCurrent(openEnvironment(dir), dir)
  return {
    reader: openReader(environment, keepDays),
    apps: openEmbeddedApps(environment),
    close: environment.close,
  }
}
