// The devices of a leaf that is open for change: found by their ordinals, and made room for among each
// other in the memory there is, because a broadcast opens every leaf and adds a little to each.

import type { StageMemory } from '../states/arena.ts'
import type { StateNumber } from '../states/state-table.ts'
import type { Entries } from './codec.ts'
import type { Runs } from './runs.ts'

/** Adds all of them. */
export const addEntries = (runs: Runs, { ordinals, states, length }: Entries): void => {
  for (let i = 0; i < length; ) {
    const first = ordinals[i] as number
    const state = states[i] as number
    let next = i + 1
    while (next < length && states[next] === state && ordinals[next] === first + (next - i)) next++
    runs.add(first, first + (next - i), state)
    i = next
  }
}

/** The devices of runs, in memory that is lent. */
export const entriesOf = (runs: Runs, memory: StageMemory): Entries => {
  const length = runs.devicesIn(0, runs.length)
  const entries = { ordinals: memory.numbers(length), states: memory.numbers(length), length }
  let filled = 0
  for (let i = 0; i < runs.length; i++) {
    const first = runs.firsts[i] as number
    const behind = runs.behinds[i] as number
    entries.states.fill(runs.states[i] as number, filled, filled + behind - first)
    for (let ordinal = first; ordinal < behind; ordinal++) entries.ordinals[filled++] = ordinal
  }
  return entries
}

/** The first place from `from` on whose ordinal is not smaller; the length where there is none. */
export const placeOf = (entries: Entries, ordinal: number, from: number): number => {
  const { ordinals, length } = entries
  let low = from
  let step = 1
  // In strides that double, as the next one is mostly near.
  while (low + step <= length && (ordinals[low + step - 1] as number) < ordinal) {
    low += step
    step *= 2
  }
  let high = Math.min(low + step - 1, length)
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ordinals[middle] as number) < ordinal) low = middle + 1
    else high = middle
  }
  return low
}

/** Devices that a leaf does not hold yet, by rising ordinal, each with the place before which it belongs. */
export class Newcomers {
  length = 0
  readonly places: Uint32Array
  readonly ordinals: Uint32Array
  readonly states: Uint32Array

  /** There is room for so many. */
  constructor(most: number) {
    this.places = new Uint32Array(most)
    this.ordinals = new Uint32Array(most)
    this.states = new Uint32Array(most)
  }

  add(place: number, ordinal: number, state: StateNumber): void {
    this.places[this.length] = place
    this.ordinals[this.length] = ordinal
    this.states[this.length++] = state
  }
}

const growth = 1.5
const placesMin = 8
// Fewer are moved faster one by one.
const blockMin = 32

/** The entries with the newcomers among them, in their own memory if there is room in it. */
export const withNewcomers = (
  entries: Entries,
  newcomers: Newcomers,
  memory: StageMemory,
): Entries => {
  if (newcomers.length === 0) return entries
  const { ordinals, states, length } = withRoom(entries, entries.length + newcomers.length, memory)
  let end = entries.length
  for (let n = newcomers.length - 1; n >= 0; n--) {
    const place = newcomers.places[n] as number
    const shift = n + 1
    if (end - place >= blockMin) {
      ordinals.copyWithin(place + shift, place, end)
      states.copyWithin(place + shift, place, end)
    } else {
      for (let i = end - 1; i >= place; i--) {
        ordinals[i + shift] = ordinals[i] as number
        states[i + shift] = states[i] as number
      }
    }
    ordinals[place + n] = newcomers.ordinals[n] as number
    states[place + n] = newcomers.states[n] as number
    end = place
  }
  return { ordinals, states, length }
}

const withRoom = (entries: Entries, length: number, memory: StageMemory): Entries => {
  const { ordinals, states } = entries
  if (length <= ordinals.length) return { ordinals, states, length }
  const places = Math.max(placesMin, Math.ceil(length * growth))
  const grown = { ordinals: memory.numbers(places), states: memory.numbers(places), length }
  grown.ordinals.set(ordinals.subarray(0, entries.length))
  grown.states.set(states.subarray(0, entries.length))
  return grown
}
