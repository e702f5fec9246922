// Facts on their way to one sheet, and what adding one of them to a device makes of its state.
import type { FactCode, StateNumber, StateTable } from './state-table.ts'

/** What to add: fact `codes[i]` on device `ordinals[i]`, told by the append `owners[i]`. */
export interface Facts {
  readonly ordinals: Uint32Array
  readonly codes: Uint32Array
  readonly owners: Uint32Array
}

/** Counts fact `i` for its owner in `fresh`, if the state after it holds more than the one before. */
export const countFresh = (
  table: StateTable,
  before: StateNumber,
  after: StateNumber,
  { owners }: Facts,
  i: number,
  fresh: Uint32Array,
): void => {
  if (!table.isMore(before, after)) return
  const owner = owners[i] as number
  fresh[owner] = (fresh[owner] ?? 0) + 1
}

/** The state of a device after the facts `from … to − 1`, all of which are about it. */
export const stateAfter = (
  table: StateTable,
  before: StateNumber,
  facts: Facts,
  from: number,
  to: number,
  fresh: Uint32Array,
): StateNumber => {
  let state = before
  for (let i = from; i < to; i++) {
    const next = table.after(state, facts.codes[i] as FactCode)
    countFresh(table, state, next, facts, i, fresh)
    state = next
  }
  return state
}

/** Behind the last of the facts from `i` on that are about the same device. */
export const endOfDevice = ({ ordinals }: Facts, i: number, to: number): number => {
  const ordinal = ordinals[i]
  let end = i + 1
  while (end < to && ordinals[end] === ordinal) end++
  return end
}
