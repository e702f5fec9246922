// Watches over the clock of a running server: reads it, says when it is not believed, and keeps the latest
// believed time in the store. The rule itself is in ledger/believed-clock.ts.

import {
  type Belief,
  type CarriedTimes,
  type ClockRecord,
  type ClockTable,
  openBelievedClock,
  type Times,
} from '../ledger/believed-clock.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'

export interface ClockWatch {
  times(wallMs: number): Times
  /** As of when messages expire, for a call of this time; never later than it. */
  keptAsOf(nowMs: number): number
  /** Events that carried these times were stored; they arrived at `wallMs`. */
  stored(carried: CarriedTimes, wallMs: number): void
  isBelieved(): boolean
  /** How far the clock is ahead of the latest believed time; 0 while it is believed. */
  aheadMs(): number
  /** Keeps the latest believed time, where it has moved on, and takes over that of other servers. */
  keep(): Promise<void>
  /** Keeps it exactly. */
  close(): Promise<void>
}

export interface WatchedClock {
  readonly clock: Clock
  /** Never set by anybody. */
  readonly steadyClock: Clock
  readonly table: ClockTable
  readonly isTrusted: boolean
  readonly log: Log
}

/** The record may be so much older than what is believed: far less than the day that a clock may jump. */
const keepEveryMs = 3_600_000

const sentences: Readonly<Record<Belief, string>> = {
  ahead:
    'the clock is more than a day ahead of the latest time that was believed: nothing expires by it, and ' +
    'nothing is swept. It is believed when it returns or when events carry times near it; ' +
    '--trust-clock on believes it at once',
  settling: 'events carry times near the clock: if that lasts for an hour, messages expire by it',
  believed: 'the clock is believed again',
}

/** A store without a record believes the clock as it stands. */
export const openClockWatch = async (watched: WatchedClock): Promise<ClockWatch> => {
  const { clock, steadyClock, table, isTrusted, log } = watched
  let kept = await table.read()
  const believed = openBelievedClock(kept ?? { believedMs: clock(), placedMs: 0 }, isTrusted)
  let last: Belief = 'believed'

  const times = (wallMs: number): Times => {
    const found = believed.times({ wallMs, steadyMs: steadyClock() })
    if (found.belief !== last) {
      last = found.belief
      const members = { clock: isoOf(wallMs), believed: isoOf(believed.record().believedMs) }
      if (last === 'ahead') log.warn(members, sentences.ahead)
      else log.info(members, sentences[last])
    }
    return found
  }
  const write = async (record: ClockRecord): Promise<void> => {
    await table.keep(record)
    kept = record
  }
  const isBelieved = (): boolean => times(clock()).belief === 'believed'

  const watch: ClockWatch = {
    times,
    isBelieved,
    keptAsOf: (nowMs) => {
      const { belief, keptMs } = times(clock())
      return belief === 'believed' ? nowMs : Math.min(nowMs, keptMs)
    },
    stored: believed.stored,
    aheadMs: () => (isBelieved() ? 0 : clock() - believed.record().believedMs),
    keep: async () => {
      const stored = await table.read()
      const isOfAnother = stored !== undefined && (kept === undefined || isApart(stored, kept, 1))
      if (isOfAnother) believed.adopt(stored)
      kept = stored
      times(clock())
      const record = believed.record()
      if (kept === undefined || isApart(record, kept, keepEveryMs)) await write(record)
    },
    close: async () => {
      times(clock())
      const record = believed.record()
      if (kept === undefined || isApart(record, kept, 1)) await write(record)
    },
  }
  // At once: a process that is killed before the first round must not have believed a clock in vain.
  await watch.keep()
  return watch
}

const isApart = (a: ClockRecord, b: ClockRecord, ms: number): boolean =>
  Math.abs(a.believedMs - b.believedMs) >= ms || Math.abs(a.placedMs - b.placedMs) >= ms

const isoOf = (ms: number): string => new Date(ms).toISOString()
