// A block of ids as it stands on disk: how many, the first byte of every length, then every id, with the second
// byte of its length before it if it is long.
import { ByteReader, type ByteWriter, Damage } from '../lmdb/bytes.ts'
import { firstByteOf, isLong, lengthOf, longLength, secondByteOf } from './id-length.ts'

/** Ids in one block, at most. */
export const blockDevices = 1_024
/** Bytes of its ids, at most: a block is written as a whole when an id is added to it. */
export const blockBytesMax = 32_768

// Of the block that was read last.
const starts = new Uint32Array(blockDevices)
const lengths = new Uint32Array(blockDevices)

export const writeIds = (out: ByteWriter, ids: readonly Uint8Array[]): void => {
  out.varint(ids.length)
  for (const { length } of ids) out.byte(firstByteOf(length))
  for (const id of ids) {
    if (id.length >= longLength) out.byte(secondByteOf(id.length))
    out.append(id)
  }
}

/** Where each id of a block's body stands; true until the next block is read. */
export const readIds = (
  body: Uint8Array,
): { readonly starts: Uint32Array; readonly lengths: Uint32Array; readonly count: number } => {
  const reader = new ByteReader(body)
  const count = reader.varint()
  if (count === 0 || count > blockDevices) throw new Damage('a block of no such number of devices')
  let start = reader.at + count
  for (let i = 0; i < count; i++) {
    const first = reader.byte()
    if (isLong(first)) lengths[i] = lengthOf(first, body[start++] ?? 0)
    else lengths[i] = first
    starts[i] = start
    start += lengths[i] as number
  }
  if (start > body.length) throw new Damage('a block of devices ends too early')
  if (start < body.length) throw new Damage('a block of devices has bytes of no device')
  return { starts, lengths, count }
}
