// Opens the store that the settings name. The only place that knows which engines there are.
import type { AppTable } from '../apps/app.ts'
import type { Store } from '../ledger/store.ts'
import { openEmbeddedApps } from './embedded/apps.ts'
import { openEnvironment } from './embedded/environment.ts'
import { openEmbedded } from './embedded/store.ts'

export interface LedgerSettings {
  /** The data directory; made when it is missing. */
  readonly dir: string
  readonly keepDays: number
  /** Told of damage that was found while answering. */
  readonly onDamage?: (damage: Error) => void
}

export interface OpenedLedger {
  readonly ledger: Store
  readonly apps: AppTable
  close(): Promise<void>
}

/** For the server, which alone may tell and ask; throws StoreError when another one lives. */
export const openLedger = async (settings: LedgerSettings): Promise<OpenedLedger> => {
  const store = await openEmbedded({ ...settings, thread: true })
  return { ledger: store, apps: store.apps, close: store.close }
}

export interface OpenedApps {
  readonly apps: AppTable
  close(): Promise<void>
}

/** The apps alone, for verbs that work beside a running server. */
export const openAppTable = async (dir: string): Promise<OpenedApps> => {
  const environment = openEnvironment(dir)
  return { apps: openEmbeddedApps(environment), close: environment.close }
}
