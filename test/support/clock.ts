// A clock that stands still until a test moves it.
import type { Clock } from '../../src/runtime/clock.ts'

export interface HandClock {
  readonly now: Clock
  set(ms: number): void
  /** Forwards, or backwards by a negative number. */
  move(ms: number): void
}

export const handClock = (startMs: number): HandClock => {
  let nowMs = startMs
  return {
    now: () => nowMs,
    set: (ms) => {
      nowMs = ms
    },
    move: (ms) => {
      nowMs += ms
    },
  }
}
