// The form of a stored leaf that is open for change. Each shape on disk has a class that implements it.
import type { ByteWriter } from '../lmdb/bytes.ts'
import type { Facts } from '../states/apply-fact.ts'
import type { StateNumber, StateTable } from '../states/state-table.ts'
import type { Runs } from './runs.ts'

/** What a stored leaf says before its devices. */
export interface LeafHead {
  readonly table: StateTable
  readonly start: number
  /** The table's numbers of the states, by the leaf's own number less one. */
  readonly states: StateNumber[]
  readonly devices: number
}

export interface OpenLeaf {
  readonly isChanged: boolean
  /** How many it holds. */
  readonly devices: number
  /**
   * Adds facts, and returns how far it came: the rest is for whoever opened it. They stand in rising order of
   * ordinals and, for one device, in the order told. Counts what was new by its owner in `fresh`.
   */
  add(facts: Facts, from: number, to: number, fresh: Uint32Array): number
  /** Adds all that it holds. */
  addTo(runs: Runs): void
  /** The body of the leaf; false, with nothing written, where another shape may be shorter. */
  write(out: ByteWriter): boolean
}
