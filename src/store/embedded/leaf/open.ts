// A stored leaf that is open for change: told of facts, it changes what stands on disk and nothing else, as
// long as it can keep its shape. Whoever opens it falls back on its runs where it cannot.
import { type ByteReader, Damage } from '../lmdb/bytes.ts'
import type { StageMemory } from '../states/arena.ts'
import type { StateTable } from '../states/state-table.ts'
import { PackedLeaf } from './bit-packed.ts'
import { leafDevicesMax, readIsPacked, readStates } from './codec.ts'
import type { OpenLeaf } from './mutable-leaf.ts'
import { ListLeaf } from './run-length.ts'

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
