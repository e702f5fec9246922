// The codec of a sheet's header: the latest day told, every size that is not zero, and either the
// whole of a small sheet or the ordinals at which its leaves begin. Reports read nothing else.
import type { Day } from '../../ledger/day.ts'
import { ByteReader, type ByteWriter, Damage } from './bytes.ts'

export interface Header {
  readonly latestDay: Day
  /** Devices by selection number; a place that is missing counts as zero. */
  readonly sizes: number[]
  /** Where each leaf begins, rising from 0; empty while the sheet is kept in the header itself. */
  readonly leafStarts: readonly number[]
  /** Stands at the inline leaf, where there is one. */
  readonly rest: ByteReader
}

// A size that all selections share is written once: so it is in most pushes to a single device.
const sharedSize = 1

export const writeHeader = (
  out: ByteWriter,
  latestDay: Day,
  sizes: readonly number[],
  leafStarts: readonly number[],
): void => {
  out.varint(latestDay)
  writeSizes(out, sizes)
  out.varint(leafStarts.length)
  let before = 0
  for (const start of leafStarts) {
    out.varint(start - before)
    before = start
  }
}

const writeSizes = (out: ByteWriter, sizes: readonly number[]): void => {
  const numbers: number[] = []
  let shared: number | undefined
  let isShared = true
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i] ?? 0
    if (size === 0) continue
    if (shared === undefined) shared = size
    else if (shared !== size) isShared = false
    numbers.push(i)
  }
  const tellsOnce = isShared && shared !== undefined
  out.varint(numbers.length * 2 + (tellsOnce ? sharedSize : 0))
  if (tellsOnce) out.varint(shared ?? 0)
  let before = 0
  for (const number of numbers) {
    out.varint(number - before)
    before = number
    if (!tellsOnce) out.varint(sizes[number] ?? 0)
  }
}

/** Reads a header's body. `sizeCount` is how many selections a sheet of this kind has. */
export const readHeader = (body: Uint8Array, sizeCount: number): Header => {
  const reader = new ByteReader(body)
  const latestDay = reader.varint()
  const sizes = readSizes(reader, sizeCount)
  const leafStarts: number[] = []
  let start = 0
  for (let left = reader.varint(); left > 0; left--) {
    start += reader.varint()
    leafStarts.push(start)
  }
  return { latestDay, sizes, leafStarts, rest: reader }
}

const readSizes = (reader: ByteReader, sizeCount: number): number[] => {
  const sizes = new Array<number>(sizeCount).fill(0)
  const head = reader.varint()
  const shared = head % 2 === sharedSize ? reader.varint() : undefined
  let number = 0
  for (let left = Math.floor(head / 2); left > 0; left--) {
    number += reader.varint()
    if (number >= sizeCount) throw new Damage('a size has no selection')
    sizes[number] = shared ?? reader.varint()
  }
  return sizes
}
