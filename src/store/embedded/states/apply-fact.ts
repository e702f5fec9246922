// Facts on their way to one sheet, and what adding one of them to a device makes of its state.
import type { FactCode, StateNumber, StateTable } from './state-table.ts'

/** What to add: fact `codes[i]` on device `ordinals[i]`, told by the append `owners[i]`. */
export interface Facts {
  readonly ordinals: Uint32Array
  readonly codes: Uint32Array
  readonly owners: Uint32Array
}

/**
 * The state of a device after the facts `from … to − 1`, all of which are about it. Counts what was new by
 * its owner in `fresh`.
 */
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
    if (table.isMore(state, next)) {
      const owner = facts.owners[i] as number
      fresh[owner] = (fresh[owner] as number) + 1
    }
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
