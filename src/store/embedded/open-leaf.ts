// A stored leaf that is open for change: told of facts, it changes what stands on disk and nothing else, as
// long as it can keep its shape. Whoever opens it falls back on its runs where it cannot.
import { type ByteReader, type ByteWriter, Damage } from './bytes.ts'
import type { Facts } from './facts.ts'
import { leafDevicesMax, readIsPacked, readStates } from './leaf.ts'
import { ListLeaf } from './list-leaf.ts'
import { PackedLeaf } from './packed-leaf.ts'
import type { Runs } from './runs.ts'
import type { StageMemory } from './stage-memory.ts'
import type { StateNumber, StateTable } from './state-table.ts'

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

/** Of the body at which the reader stands, which is copied into the memory; it begins at ordinal `start`. */
export const openLeaf = (
  reader: ByteReader,
  table: StateTable,
  start: number,
  memory: StageMemory,
): OpenLeaf => {
  const states = readStates(reader, table)
  const devices = reader.varint()
  if (devices > leafDevicesMax) throw new Damage('a leaf cannot hold so many devices')
  const head = { table, start, states, devices }
  const isPacked = devices > 0 && readIsPacked(reader)
  return isPacked ? PackedLeaf.read(reader, head, memory) : ListLeaf.read(reader, head, memory)
}
