// Decides whether the wall clock is believed, and as of when reports answer and messages expire while it
// is not. Expiry destroys data, so one reading of a clock that has jumped ahead must not decide it. Pure:
// readings of the wall clock and of a steady clock are handed in. docs/decisions/0023-believed-clock.md
// tells why.
import { msPerDay } from './day.ts'

/** What engines keep, so that a restart does not believe a clock that has jumped meanwhile. */
export interface ClockRecord {
  /** The latest time that was believed, in epoch milliseconds. */
  readonly believedMs: number
  /** The latest time at which the clock placed an event while it was not believed; 0 for none. */
  readonly placedMs: number
}

/** The place of the one record in an engine: THE PORT of this file. */
export interface ClockTable {
  /** Undefined where none was kept yet. */
  read(): Promise<ClockRecord | undefined>
  /** Replaces the record; on disk when it resolves. */
  keep(record: ClockRecord): Promise<void>
}

export interface Reading {
  /** The wall clock, in epoch milliseconds. */
  readonly wallMs: number
  /** A clock that nobody sets, in milliseconds from any beginning. */
  readonly steadyMs: number
}

/**
 * `believed`: the usual. `settling`: after a jump, senders agree with the clock; nothing is forgotten
 * by it before an hour has passed. `ahead`: nothing confirms the clock.
 */
export type Belief = 'believed' | 'settling' | 'ahead'

export interface Times {
  readonly belief: Belief
  /** Reports answer as of this time. */
  readonly nowMs: number
  /** Expired is what has expired as of this time. */
  readonly keptMs: number
}

/** Which times the events of a body carried: what confirms a clock, and what does not. */
export interface CarriedTimes {
  /** The latest time of its own of an event; undefined where none carried one. */
  readonly latestOwnMs: number | undefined
  /** Whether an event carried none, and was placed in time by the clock. */
  readonly isPlacedByClock: boolean
}

export interface BelievedClock {
  times(reading: Reading): Times
  /** Events that carried these times were stored; they arrived at `wallMs`. */
  stored(carried: CarriedTimes, wallMs: number): void
  /** Another server of the same store keeps this record. */
  adopt(record: ClockRecord): void
  record(): ClockRecord
}

/** A clock that is further ahead of the latest believed time is not believed. */
export const jumpMaxMs = msPerDay
/** A jump that senders confirm is believed only after so long by the steady clock. */
export const settleForMs = 3_600_000

/** A trusted clock is always believed: the operator answers for it. */
export const openBelievedClock = (kept: ClockRecord, isTrusted: boolean): BelievedClock => {
  let { believedMs, placedMs } = kept
  /** The latest time of its own that an event carried beyond a jump. */
  let sentMs = 0
  let settlingSinceMs: number | undefined

  const believe = (wallMs: number): Belief => {
    believedMs = isTrusted ? wallMs : Math.max(believedMs, wallMs)
    placedMs = 0
    sentMs = 0
    settlingSinceMs = undefined
    return 'believed'
  }
  const judge = ({ wallMs, steadyMs }: Reading): Belief => {
    if (isTrusted || wallMs <= believedMs + jumpMaxMs) return believe(wallMs)
    if (wallMs > sentMs + jumpMaxMs) {
      settlingSinceMs = undefined
      return 'ahead'
    }
    settlingSinceMs ??= steadyMs
    return steadyMs - settlingSinceMs < settleForMs ? 'settling' : believe(wallMs)
  }

  return {
    times: (reading) => {
      const belief = judge(reading)
      const { wallMs } = reading
      const knownMs = Math.max(believedMs, sentMs, placedMs)
      return {
        belief,
        nowMs: belief === 'ahead' ? Math.min(wallMs, knownMs) : wallMs,
        keptMs: belief === 'believed' ? wallMs : believedMs,
      }
    },
    stored: ({ latestOwnMs: ownMs = 0, isPlacedByClock }, wallMs) => {
      // The latest commit counts, not the latest time of any commit: or a clock that was wrong once and believed
      // would be believed for good up to that time.
      if (wallMs < believedMs && !isTrusted) believedMs = Math.max(wallMs, ownMs)
      if (ownMs <= believedMs + jumpMaxMs) believedMs = Math.max(believedMs, ownMs)
      else sentMs = Math.max(sentMs, ownMs)
      if (isPlacedByClock && wallMs > believedMs + jumpMaxMs) placedMs = Math.max(placedMs, wallMs)
    },
    adopt: (record) => {
      if (isTrusted) return
      believedMs = Math.max(believedMs, record.believedMs)
    },
    record: () => ({ believedMs, placedMs }),
  }
}

/** The times for a program that reads a store which a server has kept; without a record, the clock's. */
export const timesOf = (record: ClockRecord | undefined, wallMs: number): Times =>
  openBelievedClock(record ?? { believedMs: wallMs, placedMs: 0 }, false).times({
    wallMs,
    steadyMs: 0,
  })
