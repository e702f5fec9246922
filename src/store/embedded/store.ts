// The embedded engine: one LMDB file in a directory, sets of devices with their sizes kept at append.
// Here its parts are put together; docs/internals/embedded-engine.md tells how they work.
import type { GroupTable } from '../../apps/group.ts'
import type { Tables } from '../../apps/tokens.ts'
import type { ClockTable } from '../../ledger/believed-clock.ts'
import type { FactTable } from '../../ledger/selection.ts'
import { defaultStoreSettings, type Store } from '../../ledger/store.ts'
import { openAppender } from './append/group-commit.ts'
import { openDeviceTables } from './devices/dictionary-cache.ts'
import { lookUpHere, openLookUp } from './devices/lookup-worker.ts'
import type { Damage } from './lmdb/bytes.ts'
import { type Writer, writerHere } from './lmdb/commit.ts'
import { openWriter } from './lmdb/commit-worker.ts'
import { type Environment, openEnvironment } from './lmdb/environment.ts'
import { orFault } from './lmdb/fault.ts'
import { fileName } from './lmdb/files.ts'
import { becomeOwner, type Ownership } from './lmdb/owner-lock.ts'
import { type Commit, roomOf, type Vitals } from './lmdb/stats.ts'
import { openRecounter } from './maintenance/recounter.ts'
import { openSweeper } from './maintenance/retention.ts'
import { upgrade } from './maintenance/upgrade.ts'
import { readStatuses } from './query/read.ts'
import { openReader } from './query/reader.ts'
import { openEmbeddedApps } from './tables/apps.ts'
import { openEmbeddedClock } from './tables/clock.ts'
import { openEmbeddedGroups } from './tables/groups.ts'
import { openEmbeddedTokens } from './tables/tokens.ts'

export interface EmbeddedSettings {
  readonly dir: string
  readonly keepDays?: number
  /** The largest size that the file can reach. */
  readonly mapBytes?: number | undefined
  /** Commit on a thread of its own (the server), or on the caller's (replays, little programs). */
  readonly thread: boolean
  /** What the program tells apart and counts; its own, but in tests. */
  readonly table?: FactTable
  /** False in tests: messages are recounted by `recount` alone, and not in the background. */
  readonly recounts?: boolean
  /** Stands between the engine and its writer: how tests make a disk fail. */
  readonly throughWriter?: (writer: Writer) => Writer
  /** Told of every damaged value that a status could not be read from. */
  readonly onDamage?: (damage: Damage) => void
  /** Told once, when nothing more can be written, and the store is good for nothing but to be closed. */
  readonly onBroken?: (cause: Error) => void
  /** Told once, when ids are looked up on the main thread from now on. */
  readonly onLookUpEnded?: (cause: Error) => void
  /** Told of every commit of appends. */
  readonly onCommit?: ((commit: Commit) => void) | undefined
  /** Told, while a directory of an older format is brought up to date, how many messages are. */
  readonly onUpgrade?: (messages: number) => void
}

export interface EmbeddedStore extends Store, Tables {
  readonly groups: GroupTable
  readonly clock: ClockTable
  vitals(): Vitals
  /** Recounts messages whose headers lack sizes, in steps of so many; resolves early where that fails. */
  recount(messagesACommit?: number): Promise<void>
}

/** Address space that a server takes after it has opened the ledger: most is for the heaps of its threads. */
const reserveOfThreadsBytes = 2304 * 2 ** 20
const reserveHereBytes = 256 * 2 ** 20
const betweenChecksMs = 1000

/** Throws StoreError when the directory cannot be opened, is newer, or belongs to a live process. */
export const openEmbedded = async (settings: EmbeddedSettings): Promise<EmbeddedStore> => {
  const { mapBytes, thread, table } = settings
  const reserveBytes = thread ? reserveOfThreadsBytes : reserveHereBytes
  const environment = openEnvironment(settings.dir, { mapBytes, reserveBytes, table })
  try {
    const ownership = await becomeOwner(environment, settings.dir)
    await upgrade(environment, settings.onUpgrade ?? (() => {}))
    return assemble(environment, settings, ownership)
  } catch (cause) {
    await environment.close()
    throw cause
  }
}

const assemble = (
  environment: Environment,
  settings: EmbeddedSettings,
  { record, giveBack }: Ownership,
): EmbeddedStore => {
  const { dir, thread, keepDays = defaultStoreSettings.keepDays } = settings
  const onBroken = onceOnly(settings.onBroken ?? (() => {}))
  const through = settings.throughWriter ?? ((direct: Writer) => direct)
  const { bounds, files } = environment
  const writer = through(
    thread && files !== undefined
      ? openWriter({ bounds, files, owner: record }, onBroken)
      : writerHere({ ...environment, owner: record }),
  )
  const stopWatching = watch(environment, onBroken)
  const lookUp = thread ? openLookUp(settings.onLookUpEnded ?? (() => {})) : lookUpHere
  const tables = openDeviceTables(environment, lookUp)
  const onCommit = settings.onCommit ?? (() => {})
  const appender = openAppender({ environment, tables, writer, keepDays, onCommit, lookUp })
  const sweeper = openSweeper(environment, appender, writer, keepDays)
  const recounter = openRecounter(environment, appender, writer)
  const { recounts = true } = settings
  if (recounts) void recounter.run()
  let closing: Promise<void> | undefined

  const close = async (): Promise<void> => {
    stopWatching()
    try {
      await recounter.close()
      await appender.close()
      await writer.close()
      await lookUp.close()
      giveBack()
    } finally {
      await environment.close()
    }
  }

  return {
    apps: openEmbeddedApps(environment),
    tokens: openEmbeddedTokens(environment),
    groups: openEmbeddedGroups(environment),
    clock: openEmbeddedClock(environment),
    ...openReader(environment, keepDays),
    append: appender.append,
    statuses: (app, ask) =>
      orFault(async () => {
        let devices = await tables.open(app.id)
        // Between its opening and now a group may have ended that dropped it.
        while (devices.isEnded) devices = await tables.open(app.id)
        environment.refresh()
        const report = settings.onDamage ?? (() => {})
        return readStatuses(environment, devices, app, ask, keepDays, report)
      }),
    recount: recounter.run,
    async sweep(app, nowMs) {
      if (recounts) void recounter.run()
      return sweeper.sweep(app, nowMs)
    },
    vitals: () => ({
      ...appender.waiting(),
      ...tables.held(),
      messages: sweeper.messages(),
      ...roomOf(dir, fileName),
    }),
    async removeApp(appId) {
      await sweeper.removeApp(appId)
      tables.drop(appId)
    },
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

const onceOnly = (tell: (cause: Error) => void): ((cause: Error) => void) => {
  let isTold = false
  return (cause) => {
    if (isTold) return
    isTold = true
    tell(cause)
  }
}

/** Each commit checks the files; this is for a server to which nothing is sent. Returns how to end it. */
const watch = (environment: Environment, onBroken: (cause: Error) => void): (() => void) => {
  const timer = setInterval(() => {
    try {
      environment.check()
    } catch (cause) {
      clearInterval(timer)
      onBroken(cause as Error)
    }
  }, betweenChecksMs)
  timer.unref()
  return () => clearInterval(timer)
}
