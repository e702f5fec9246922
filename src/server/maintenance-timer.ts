// What a server does by itself: each minute it forgets what removed apps left and keeps the latest believed
// time, each hour it forgets what has been kept long enough, unless the clock is not believed. Reads and
// appends never see what it frees.
import type { AppTable } from '../apps/app-table.ts'
import type { Apps } from '../apps/apps.ts'
import type { GroupPushes } from '../apps/group-pushes.ts'
import type { Store } from '../ledger/store.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { ClockWatch } from './clock-watch.ts'

export interface House {
  readonly store: Store
  readonly table: AppTable
  readonly apps: Apps
  readonly pushes: GroupPushes
  readonly clock: Clock
  readonly clockWatch: Pick<ClockWatch, 'isBelieved' | 'keep'>
  readonly log: Log
  /** Told after each sweep of all apps: how many messages it forgot. */
  readonly onSwept?: ((messages: number) => void) | undefined
}

export interface Housekeeping {
  /** One round, as each minute makes it; joins the one under way. Never rejects. */
  round(): Promise<void>
  /** No further rounds; waits for the piece of work under way. */
  stop(): Promise<void>
}

const minuteMs = 60_000
const roundsBetweenSweeps = 60

export const keepHouse = (house: House): Housekeeping => {
  let roundsToSweep = 0
  let isStopped = false
  let underWay: Promise<void> | undefined

  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    if (isStopped) return
    try {
      await work()
    } catch (error) {
      house.log.error({ err: error }, `could not ${what}; will try again`)
    }
  }
  const work = async (): Promise<void> => {
    await attempt('keep the latest believed time', house.clockWatch.keep)
    await attempt('forget removed apps', () => forgetRemoved(house, attempt))
    roundsToSweep -= 1
    if (roundsToSweep >= 0 || !house.clockWatch.isBelieved()) return
    roundsToSweep = roundsBetweenSweeps - 1
    await attempt('sweep', () => sweepAll(house, attempt))
  }
  const round = (): Promise<void> => {
    underWay ??= work().finally(() => {
      underWay = undefined
    })
    return underWay
  }
  const timer = setInterval(round, minuteMs)
  timer.unref()
  return {
    round,
    stop: async () => {
      isStopped = true
      clearInterval(timer)
      await underWay
    },
  }
}

/** Does a piece of work, unless it is too late; what it throws is logged. */
type Attempt = (what: string, work: () => Promise<unknown>) => Promise<void>

const forgetRemoved = async ({ store, table }: House, attempt: Attempt): Promise<void> => {
  for (const id of await table.removed()) {
    await attempt('forget a removed app', async () => {
      await store.removeApp(id)
      await table.forget(id)
    })
  }
}

const sweepAll = async (house: House, attempt: Attempt): Promise<void> => {
  const { store, apps, pushes, clock, log, onSwept } = house
  let swept = 0
  for (const record of await apps.list()) {
    await attempt('sweep an app', async () => {
      const { messages } = await store.sweep(apps.open(record), clock())
      swept += messages
      if (messages > 0) log.info({ app: record.key, messages }, 'forgot expired messages')
    })
  }
  await attempt('sweep the pushes of groups', () => pushes.sweep(clock()))
  onSwept?.(swept)
}
