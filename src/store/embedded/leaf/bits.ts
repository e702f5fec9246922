// The bits of a packed leaf: for every ordinal of a span the leaf's own number of its state, 0 for no device.
import { type ByteReader, type ByteWriter, Damage } from '../lmdb/bytes.ts'

export interface Packed {
  /** The bits begin at `base`. */
  readonly bytes: Uint8Array
  readonly base: number
  /** Of one ordinal. */
  readonly bits: number
  readonly first: number
  readonly span: number
}

/** A number and the bits before it must fit the 32 bits of one shift. */
export const packedBitsMax = 24
/** A number may touch so many bytes behind its first. */
export const slackBytes = 3

/** Bits that hold 0 and the numbers 1 … states. */
export const bitsFor = (states: number): number => 32 - Math.clz32(states)

export const packedBytes = (span: number, bits: number): number => Math.ceil((span * bits) / 8)

/** Of a leaf that begins at `start` and names so many states; the reader stands behind the shape. */
export const openPacked = (reader: ByteReader, start: number, states: number): Packed => {
  const first = start + reader.varint()
  const span = reader.varint()
  const packed = { bytes: reader.bytes, base: reader.at, bits: bitsFor(states), first, span }
  if (states === 0) throw new Damage('a state has no name')
  if (bytesOf(packed).length < packedBytes(span, packed.bits)) {
    throw new Damage('a leaf ends too early')
  }
  return packed
}

/** The bits alone. */
export const bytesOf = ({ bytes, base, span, bits }: Packed): Uint8Array =>
  bytes.subarray(base, base + packedBytes(span, bits))

/** What stands before the bits, behind the shape, in a leaf that begins at `start`. */
export const writePackedHead = (
  out: ByteWriter,
  { first, span }: Pick<Packed, 'first' | 'span'>,
  start: number,
): void => {
  out.varint(first - start)
  out.varint(span)
}

/** A span of no devices; there is room for it, and slack, at `base`. */
export const emptyPacked = (
  bytes: Uint8Array,
  base: number,
  bits: number,
  first: number,
  span: number,
): Packed => {
  bytes.fill(0, base, base + packedBytes(span, bits) + slackBytes)
  return { bytes, base, bits, first, span }
}

/** The number at a place of the span. */
export const localAt = ({ bytes, base, bits }: Packed, place: number): number => {
  const bit = place * bits
  const at = base + (bit >>> 3)
  const word =
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  return (word >>> (bit & 7)) & ((1 << bits) - 1)
}

/** Turns over these bits of the number at a place; there is slack behind the span. */
export const changeAt = ({ bytes, base, bits }: Packed, place: number, change: number): void => {
  const bit = place * bits
  const at = base + (bit >>> 3)
  const value = change << (bit & 7)
  bytes[at] = (bytes[at] ?? 0) ^ value
  bytes[at + 1] = (bytes[at + 1] ?? 0) ^ (value >>> 8)
  bytes[at + 2] = (bytes[at + 2] ?? 0) ^ (value >>> 16)
  bytes[at + 3] = (bytes[at + 3] ?? 0) ^ (value >>> 24)
}

// So many places take a whole number of bytes, whatever the bits of one.
const placesAligned = 8

/** Gives the places `from … to − 1`, which have none yet, a number; there is slack behind the span. */
export const fillEmpty = (packed: Packed, from: number, to: number, local: number): void => {
  let place = from
  const alignedAt = Math.ceil(from / placesAligned) * placesAligned
  if (to - alignedAt >= 2 * placesAligned) {
    const { bytes, base, bits } = packed
    while (place < alignedAt + placesAligned) changeAt(packed, place++, local)
    const copiedAt = base + (alignedAt / placesAligned) * bits
    const end = base + Math.floor(to / placesAligned) * bits
    // Each byte is that of eight places before.
    for (let at = copiedAt + bits; at < end; at++) bytes[at] = bytes[at - bits] as number
    place = Math.floor(to / placesAligned) * placesAligned
  }
  while (place < to) changeAt(packed, place++, local)
}
