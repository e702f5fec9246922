// The numbers that one leaf gives to states, from 1 on, by the table's number: in memory that all leaves
// use in turn, because clearing what was used costs less than a map for each.
import type { StateNumber } from '../states/state-table.ts'

let localOf = new Uint32Array(1024)

/** 0 for a state that has none. */
export const localOfState = (state: StateNumber): number => localOf[state] ?? 0

/** 0 takes it away. */
export const setLocal = (state: StateNumber, local: number): void => {
  if (state >= localOf.length) {
    const grown = new Uint32Array(Math.max(state + 1, localOf.length * 2))
    grown.set(localOf)
    localOf = grown
  }
  localOf[state] = local
}

/** Runs the work, which must not pause, with the states numbered; it may number more, at the end of the list. */
export const withLocals = <T>(states: readonly StateNumber[], work: () => T): T => {
  for (const [i, state] of states.entries()) setLocal(state, i + 1)
  try {
    return work()
  } finally {
    for (const state of states) localOf[state] = 0
  }
}
