// Group commit: appends that wait are worked out together, written in one commit, and answered after
// the sync. Whatever writes the data of apps goes through here one at a time, sweeping included, so nothing is
// worked out from a state that another write has changed. Records of apps, groups and tokens go their own way.

import type { Day } from '../../../ledger/day.ts'
import { factsIn, type Told } from '../../../ledger/event-batch.ts'
import { Fault } from '../../../ledger/fault.ts'
import type { App, Appended } from '../../../ledger/store.ts'
import { FairQueue } from '../../../runtime/fair-queue.ts'
import { Shares } from '../../../runtime/shares.ts'
import { inSlices } from '../../../runtime/time-slice.ts'
import type { DeviceTable } from '../devices/dictionary.ts'
import type { DeviceTables } from '../devices/dictionary-cache.ts'
import type { LookedUp, LookUp } from '../devices/lookup-worker.ts'
import type { Part, Writer } from '../lmdb/commit.ts'
import type { Environment } from '../lmdb/environment.ts'
import { faultOf, unavailable } from '../lmdb/fault.ts'
import { NoRoom } from '../lmdb/room.ts'
import type { Commit, Vitals } from '../lmdb/stats.ts'
import { sharedWriteSet, type WriteSet } from '../lmdb/write-batch.ts'
import { writeFeed } from '../rollups/ingest-history.ts'
import { StageMemory } from '../states/arena.ts'
import { Stage } from './app-batch.ts'
import {
  bytesIn,
  type Gone,
  goneOf,
  takeGroup,
  type Waiting,
  waitingBytesMax,
} from './append-queue.ts'
import { FactChunk } from './fact-sorter.ts'

/** What one app has in the group under way. */
interface Share {
  readonly app: App
  readonly appends: Waiting[]
  readonly today: Day
  stage: Stage | undefined
  devices: DeviceTable | undefined
  fault: Fault | undefined
}

export interface Appender {
  append(
    app: App,
    told: Told,
    nowMs: number,
    keptMs?: number,
    gone?: AbortSignal,
  ): Promise<Appended>
  /** Runs a task while no append is worked out or committed. */
  alone<T>(task: () => Promise<T>): Promise<T>
  waiting(): Pick<Vitals, 'appendsWaiting' | 'bytesWaiting'>
  /** Waits for all that was taken; later appends are refused. */
  close(): Promise<void>
}

/** What an append is worked out with. */
export interface Means {
  readonly environment: Environment
  readonly tables: DeviceTables
  readonly lookUp: LookUp
  readonly writer: Writer
  readonly keepDays: number
  readonly onCommit: (commit: Commit) => void
}

/** Memory that one group after the other is worked out in. */
interface Lent {
  readonly chunk: FactChunk
  readonly memory: StageMemory
  readonly writes: WriteSet
}

export const openAppender = (means: Means): Appender => {
  const lent: Lent = {
    chunk: new FactChunk(),
    memory: new StageMemory(),
    writes: sharedWriteSet(),
  }
  const waiting = new FairQueue<number, Waiting>()
  const bytesOf = new Shares<number>(waitingBytesMax)
  /** Of appends that wait behind it. */
  const lookingUp = new Set<Promise<unknown>>()
  let isClosed = false
  let isScheduled = false
  let tail: Promise<unknown> = Promise.resolve()

  const alone = <T>(task: () => Promise<T>): Promise<T> => {
    const run = tail.then(task)
    tail = run.catch(() => {})
    return run
  }

  const left = ({ app, bytes }: Waiting): void => bytesOf.giveBack(app.id, bytes)
  const schedule = (): void => {
    if (isScheduled || waiting.size === 0) return
    isScheduled = true
    void alone(async () => {
      isScheduled = false
      const group = takeGroup(waiting, left)
      schedule()
      if (group.length > 0) await applyGroup(group, means, lent)
    })
  }

  const append: Appender['append'] = (app, told, nowMs, keptMs = nowMs, gone) => {
    const bytes = bytesIn(told)
    const mayWait = bytesOf.takenBy(app.id) === 0 || bytesOf.mayTake(app.id, bytes)
    if (isClosed || !mayWait) {
      const why = isClosed ? 'the server is stopping' : 'too many events wait to be written'
      return Promise.reject(unavailable(`${why}; try again`))
    }
    bytesOf.take(app.id, bytes)
    const hour = app.zone.hourOf(nowMs)
    const today = app.zone.dayOf(keptMs)
    const wait = (lookedUp: LookedUp | undefined): Promise<Appended> =>
      new Promise((resolve, reject) => {
        const append = { app, told, lookedUp, today, hour, bytes, gone, resolve, reject }
        waiting.push(app.id, append)
        schedule()
      })
    const table = means.tables.loaded(app.id)
    const looking = table && means.lookUp.find(table, told.devices)
    if (looking === undefined) return wait(undefined)
    lookingUp.add(looking)
    return looking.then((found) => {
      lookingUp.delete(looking)
      return wait(found)
    })
  }

  return {
    append,
    alone,
    waiting: () => ({
      appendsWaiting: waiting.size + lookingUp.size,
      bytesWaiting: bytesOf.taken,
    }),
    async close() {
      isClosed = true
      await Promise.all(lookingUp)
      while (waiting.size > 0 || isScheduled) await alone(async () => {})
      await alone(async () => {})
    },
  }
}

const sharesOf = (group: readonly Waiting[]): readonly Share[] => {
  const shares = new Map<number, Share>()
  for (const append of group) {
    const { app, today } = append
    const share = shares.get(app.id)
    if (share !== undefined) share.appends.push(append)
    else {
      const empty = { stage: undefined, devices: undefined, fault: undefined }
      shares.set(app.id, { app, appends: [append], today, ...empty })
    }
  }
  return [...shares.values()]
}

const applyGroup = async (group: readonly Waiting[], means: Means, lent: Lent): Promise<void> => {
  const shares = sharesOf(group)
  const gone = goneOf(group)
  const { environment, tables } = means
  const { writes, memory } = lent
  const parts: Part[] = []
  environment.refresh()
  for (const share of shares) {
    try {
      await workOut(share, means, lent, gone)
      const { count } = writes
      if (count > 0) {
        parts.push({ appId: share.app.id, writes: writes.cut(), count, clearsUp: false })
      }
    } catch (cause) {
      writes.drop()
      share.fault = faultOf(cause)
    }
  }
  try {
    const removed = parts.length === 0 ? [] : await commit(parts, factsOf(shares), means)
    for (const share of shares) {
      if (removed.includes(share.app.id)) share.fault ??= new Fault('unauthorized')
    }
  } catch (cause) {
    const message =
      cause instanceof NoRoom
        ? `${cause.answer}; try again`
        : 'the events could not be written; try again'
    for (const share of shares) share.fault ??= unavailable(message, cause)
  }
  for (const share of shares) settle(share, tables)
  tables.trim()
  writes.clear()
  memory.clear()
}

/** Of the appends that reach the commit. */
const factsOf = (shares: readonly Share[]): number => {
  let facts = 0
  for (const { appends, fault } of shares) {
    if (fault === undefined) for (const { told } of appends) facts += factsIn(told)
  }
  return facts
}

const commit = async (
  parts: readonly Part[],
  facts: number,
  { writer, onCommit }: Means,
): Promise<readonly number[]> => {
  const bytes = parts.reduce((sum, { writes }) => sum + writes.length, 0)
  const began = performance.now()
  const tell = (isWritten: boolean): void =>
    onCommit({ facts, bytes, durationMs: performance.now() - began, isWritten })
  try {
    const removed = await writer.commit(parts)
    tell(true)
    return removed
  } catch (cause) {
    tell(false)
    throw cause
  }
}

const workOut = async (
  share: Share,
  { environment, tables, keepDays }: Means,
  { chunk, memory, writes }: Lent,
  gone: Gone,
): Promise<void> => {
  const devices = await tables.open(share.app.id)
  share.devices = devices
  const firstDay = share.today - keepDays
  const stage = new Stage(share.app, devices, environment, chunk, memory, firstDay)
  share.stage = stage
  let owner = 0
  for (const { told, lookedUp } of share.appends) {
    // A table that was dropped meanwhile may have numbered them otherwise.
    const found = lookedUp?.table === devices ? lookedUp.ordinals : undefined
    await inSlices(stage.apply(told, ++owner, found), gone)
  }
  await inSlices(stage.write(writes), gone)
  const bodies = share.appends.map(({ told, hour }, i) => ({
    hour,
    accepted: factsIn(told),
    repeated: repeatedOf(told, stage, i),
    refusals: told.refusals,
  }))
  writeFeed(writes, share.app.id, environment.read, bodies)
}

/** Of the append at a place of its share. */
const repeatedOf = (told: Told, stage: Stage | undefined, place: number): number =>
  factsIn(told) - (stage?.freshOf(place + 1) ?? 0)

const settle = (share: Share, tables: DeviceTables): void => {
  const { app, appends, devices, fault, stage } = share
  for (const { lookedUp } of appends) lookedUp?.release()
  if (fault !== undefined) {
    // The table may hold ids that never reached the disk.
    tables.drop(app.id)
    for (const { reject } of appends) reject(fault)
    return
  }
  if (devices !== undefined) devices.durable = devices.count
  appends.forEach(({ told, resolve }, i) => {
    resolve({ repeated: repeatedOf(told, stage, i) })
  })
}
