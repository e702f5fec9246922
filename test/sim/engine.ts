// An engine as the simulation drives it: a store, its table of apps, and what the world calls them.
import type { AppRecord, AppTable } from '../../src/apps/app-table.ts'
import { openZone } from '../../src/ledger/day.ts'
import { type AppKey, parseAppKey } from '../../src/ledger/ids.ts'
import type { App, Store, StoreSettings } from '../../src/ledger/store.ts'
import { openClickHouse } from '../../src/store/clickhouse/store.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { openMemoryApps } from '../../src/store/memory/apps.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { type ClickHouse, migratedDatabase } from '../support/clickhouse.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { told } from '../support/told.ts'
import { answerTo } from './question.ts'
import type { Step } from './world.ts'

export interface Opened {
  readonly store: Store
  readonly apps: AppTable
}

export interface Engine {
  /** What the step has to say for itself: equal for equal engines. */
  run(step: Step): Promise<readonly string[]>
  /** Lets go of everything, files included. */
  close(): Promise<void>
}

/** `reopen` gives back what was opened before where the engine keeps nothing. */
interface Openings {
  open(): Promise<Opened>
  reopen(opened: Opened): Promise<Opened>
  close(opened: Opened): Promise<void>
}

export const memoryEngine = async (settings: StoreSettings): Promise<Engine> =>
  engineOf({
    open: async () => ({ store: openMemory(settings), apps: openMemoryApps() }),
    reopen: async (opened) => opened,
    close: ({ store }) => store.close(),
  })

export const embeddedEngine = async (settings: StoreSettings): Promise<Engine> => {
  const { path, remove } = makeTempDir()
  return keptEngine(() => openEmbedded({ ...settings, dir: path, thread: false }), remove)
}

export const clickHouseEngine = async (
  settings: StoreSettings,
  clickHouse: ClickHouse,
): Promise<Engine> => {
  const { address, drop } = await migratedDatabase(clickHouse)
  return keptEngine(() => openClickHouse({ ...settings, address }), drop)
}

/** Of a store that finds again what it kept, until `drop` takes that away. */
const keptEngine = (
  openStore: () => Promise<Store & { readonly apps: AppTable }>,
  drop: () => void | Promise<void>,
): Promise<Engine> => {
  const open = async () => {
    const store = await openStore()
    return { store, apps: store.apps }
  }
  return engineOf({
    open,
    reopen: async ({ store }) => {
      await store.close()
      return open()
    },
    close: async ({ store }) => {
      await store.close()
      await drop()
    },
  })
}

const engineOf = async (openings: Openings): Promise<Engine> => {
  let opened = await openings.open()
  const apps = new Map<number, App>()
  const appAt = (place: number): App => {
    const app = apps.get(place)
    if (app === undefined) throw new Error(`there is no app ${place}`)
    return app
  }
  const run = async (step: Step): Promise<readonly string[]> => {
    const { store } = opened
    switch (step.does) {
      case 'create':
        apps.set(step.app, await create(opened.apps, step.app, step.zoneName))
        return []
      case 'remove':
        await remove(opened, step.app)
        return []
      case 'tell':
        return [`repeated ${await tell(store, appAt(step.app), step)}`]
      case 'sweep':
        await store.sweep(appAt(step.app), step.nowMs)
        return []
      case 'reopen':
        opened = await openings.reopen(opened)
        return []
      case 'ask':
        return Promise.all(
          step.questions.map((each) => answerTo(each, store, appAt(step.app), step.nowMs)),
        )
    }
  }
  return { run, close: () => openings.close(opened) }
}

export const keyOf = (place: number): AppKey => {
  const key = parseAppKey(String(place).padStart(24, '0'))
  if (key === undefined) throw new Error(`${place} makes no key`)
  return key
}

const create = async (apps: AppTable, place: number, zoneName: string): Promise<App> => {
  const record: Omit<AppRecord, 'id'> = {
    key: keyOf(place),
    name: `App ${place}`,
    vip: true,
    timeZone: zoneName,
    salt: '',
    secretHash: '',
    createdAtMs: 0,
  }
  const id = (await apps.create(record))?.id
  const zone = openZone(zoneName)
  if (id === undefined || zone === undefined) throw new Error(`app ${place} cannot be created`)
  return { id, zone }
}

const remove = async ({ store, apps }: Opened, place: number): Promise<void> => {
  const removed = await apps.remove(keyOf(place))
  if (removed === undefined) throw new Error(`app ${place} cannot be removed`)
  for (const id of await apps.removed()) {
    await store.removeApp(id)
    await apps.forget(id)
  }
}

// Of bodies told at once the sum counts: which of them is the repeat is a matter of chance.
const tell = async (
  store: Store,
  app: App,
  { bodies, nowMs }: Step & { does: 'tell' },
): Promise<number> => {
  const appended = await Promise.all(bodies.map((body) => store.append(app, told(...body), nowMs)))
  return appended.reduce((sum, { repeated }) => sum + (repeated ?? Number.NaN), 0)
}
