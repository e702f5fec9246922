// A stored leaf that is open for change: told of facts, it changes what stands on disk and nothing else, as
// long as it can keep its shape. Whoever opens it falls back on its entries where it cannot.
import { ByteReader, type ByteWriter } from './bytes.ts'
import type { Facts } from './facts.ts'
import { type Entries, packedShape, readStates } from './leaf.ts'
import { ListLeaf } from './list-leaf.ts'
import { PackedLeaf } from './packed-leaf.ts'
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
   * Adds facts, and returns how far it came: the rest is for its entries. They stand in rising order of
   * ordinals and, for one device, in the order told. Counts what was new by its owner in `fresh`.
   */
  add(facts: Facts, from: number, to: number, fresh: Uint32Array): number
  /** Of memory of their own, out of what the leaf was opened in. */
  entries(): Entries
  /** The body of the leaf; false, with nothing written, where another shape may be shorter. */
  write(out: ByteWriter): boolean
}

/** Of the leaf's body, which is copied into the memory, that begins at ordinal `start`. */
export const openLeaf = (
  body: Uint8Array,
  table: StateTable,
  start: number,
  memory: StageMemory,
): OpenLeaf => {
  const reader = new ByteReader(body)
  const states = readStates(reader, table)
  const head = { table, start, states, devices: reader.varint() }
  const isPacked = head.devices > 0 && reader.byte() === packedShape
  return isPacked ? PackedLeaf.read(reader, head, memory) : ListLeaf.read(reader, head, memory)
}
