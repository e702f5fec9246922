// A device's *state* in a sheet is the set of its facts there; a fact is a cell in an hour. Thousands
// of devices share a state, so a sheet is a map from device to state, and adding a fact to a device
// is a step from one state to another that is worked out once. This table numbers the states met
// while one group of appends is applied; on disk each leaf carries its own small list of them.

import { type Day, dayOfHour, type Hour } from '../../../ledger/day.ts'
import type { SelectionsOfCell } from './selections.ts'
import type { Sizes } from './sizes.ts'

/**
 * A fact in one number: hour × 2,048 + stored cell. It stays below 2^31, which is quickest to calculate with,
 * until 2089. States list their facts in rising order of it.
 */
export type FactCode = number

const cellStride = 2_048
export const factCode = (cell: number, hour: Hour): FactCode => hour * cellStride + cell
export const cellOfCode = (code: FactCode): number => code % cellStride
export const hourOfCode = (code: FactCode): Hour => Math.floor(code / cellStride)
export const dayOfCode = (code: FactCode): Day => dayOfHour(hourOfCode(code))

export type StateNumber = number
export const emptyState: StateNumber = 0

// An odd number whose bits are spread, so that every bit of a fact reaches many of the hash.
const hashFactor = 0x9e3779b1

export class StateTable {
  readonly #facts: (readonly FactCode[])[] = [[]]
  /** By a hash of their facts, or the next one that was free. */
  readonly #numbers = new Map<number, StateNumber>([[0, emptyState]])
  readonly #steps: (Map<FactCode, StateNumber> | undefined)[] = []
  readonly #selections: (readonly number[] | undefined)[] = []
  readonly #selectionsOfCell: SelectionsOfCell
  #moved = new Int32Array(64)
  readonly #movedStates: StateNumber[] = []

  /** `selectionsOfCell` tells which of the sheet's sizes count a cell. */
  constructor(selectionsOfCell: SelectionsOfCell) {
    this.#selectionsOfCell = selectionsOfCell
  }

  factsOf(state: StateNumber): readonly FactCode[] {
    return this.#facts[state] ?? []
  }

  /** The number of the state with these facts (rising), the first so many of an array that is copied. */
  numberOf(facts: readonly FactCode[], length = facts.length): StateNumber {
    let hash = 0
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ (facts[i] as FactCode), hashFactor)
    for (;;) {
      const known = this.#numbers.get(hash)
      if (known === undefined) break
      if (this.#isOf(known, facts, length)) return known
      hash = (hash + 1) | 0
    }
    const state = this.#facts.length
    this.#facts.push(facts.slice(0, length))
    this.#numbers.set(hash, state)
    return state
  }

  #isOf(state: StateNumber, facts: readonly FactCode[], length: number): boolean {
    const own = this.factsOf(state)
    if (own.length !== length) return false
    for (let i = 0; i < length; i++) if (own[i] !== facts[i]) return false
    return true
  }

  /** The state after one more fact: of two hours of the same cell the earlier stands. */
  after(state: StateNumber, code: FactCode): StateNumber {
    let steps = this.#steps[state]
    if (steps === undefined) {
      steps = new Map()
      this.#steps[state] = steps
    }
    const known = steps.get(code)
    if (known !== undefined) return known
    const next = this.numberOf(withFact(this.factsOf(state), code))
    steps.set(code, next)
    return next
  }

  /** True where `after` holds a fact that `before` did not, rather than an earlier hour of it. */
  isMore(before: StateNumber, after: StateNumber): boolean {
    return before !== after && this.factsOf(after).length > this.factsOf(before).length
  }

  /** Notes that one device went from a state to another; `settle` adds it all up. */
  move(before: StateNumber, after: StateNumber): void {
    if (before !== emptyState) this.#count(before, -1)
    this.#count(after, 1)
  }

  /** How many states devices came to or left since the last `settle`. */
  get statesMoved(): number {
    return this.#movedStates.length
  }

  /** Adds the moves noted since the last call to a sheet's sizes. */
  settle(sizes: Sizes): void {
    for (const state of this.#movedStates) {
      const devices = this.#moved[state] ?? 0
      if (devices === 0) continue
      this.#moved[state] = 0
      for (const selection of this.#selectionsOf(state)) sizes.add(selection, devices)
    }
    this.#movedStates.length = 0
  }

  #count(state: StateNumber, devices: number): void {
    if (state >= this.#moved.length) {
      const grown = new Int32Array(Math.max(state + 1, this.#moved.length * 2))
      grown.set(this.#moved)
      this.#moved = grown
    }
    if (this.#moved[state] === 0) this.#movedStates.push(state)
    this.#moved[state] = (this.#moved[state] ?? 0) + devices
  }

  #selectionsOf(state: StateNumber): readonly number[] {
    const known = this.#selections[state]
    if (known !== undefined) return known
    const list = selectionsIn(this.factsOf(state), this.#selectionsOfCell)
    this.#selections[state] = list
    return list
  }
}

/** The selections that count a device with these facts, rising. */
export const selectionsIn = (
  facts: readonly FactCode[],
  selectionsOfCell: SelectionsOfCell,
): readonly number[] => {
  const selections = new Set<number>()
  for (const code of facts) {
    for (const selection of selectionsOfCell(cellOfCode(code))) selections.add(selection)
  }
  return [...selections].sort((a, b) => a - b)
}

const withFact = (facts: readonly FactCode[], code: FactCode): readonly FactCode[] => {
  const cell = cellOfCode(code)
  const same = facts.find((fact) => cellOfCode(fact) === cell)
  if (same !== undefined && same <= code) return facts
  return [...facts.filter((fact) => fact !== same), code].sort((a, b) => a - b)
}
