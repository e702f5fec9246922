// The codec of a sheet's header: when it was told of, every size that is not zero, and either the
// whole of a small sheet or the ordinals at which its leaves begin. Reports of counts read nothing else.
import { type Day, firstHourOf, type Hour } from '../../ledger/day.ts'
import { ByteReader, type ByteWriter, Damage } from './bytes.ts'
import { Sizes } from './sizes.ts'

/** Of what was told of a message; both 0 in a sheet of users. */
export interface Span {
  readonly latestDay: Day
  readonly firstHour: Hour
}

export interface Header extends Span {
  readonly sizes: Sizes
  /** Where each leaf begins, rising from 0; empty while the sheet is kept in the header itself. */
  readonly leafStarts: readonly number[]
  /** Stands at the inline leaf, where there is one. */
  readonly rest: ByteReader
}

// A size that all selections share is written once: so it is in most pushes to a single device.
const sharedSize = 1

export const writeHeader = (
  out: ByteWriter,
  { latestDay, firstHour }: Span,
  sizes: Sizes,
  leafStarts: readonly number[],
): void => {
  out.varint(latestDay)
  // As the hours from it to the end of the latest day: mostly one byte.
  if (latestDay > 0) out.varint(firstHourOf(latestDay + 1) - firstHour)
  writeSizes(out, sizes)
  out.varint(leafStarts.length)
  let before = 0
  for (const start of leafStarts) {
    out.varint(start - before)
    before = start
  }
}

export const writeSizes = (
  out: ByteWriter,
  { numbers, devices }: Pick<Sizes, 'numbers' | 'devices'>,
): void => {
  let held = 0
  let shared = 0
  let isShared = true
  for (const size of devices) {
    if (size === 0) continue
    held++
    if (shared === 0) shared = size
    else if (shared !== size) isShared = false
  }
  const tellsOnce = isShared && held > 0
  out.varint(held * 2 + (tellsOnce ? sharedSize : 0))
  if (tellsOnce) out.varint(shared)
  let before = 0
  for (let i = 0; i < numbers.length; i++) {
    const size = devices[i] as number
    if (size === 0) continue
    const number = numbers[i] as number
    out.varint(number - before)
    before = number
    if (!tellsOnce) out.varint(size)
  }
}

/** Reads a header's body. `sizeCount` is how many selections a sheet of this kind has. */
export const readHeader = (body: Uint8Array, sizeCount: number): Header => {
  const reader = new ByteReader(body)
  const { latestDay, firstHour } = readSpan(reader)
  const sizes = readSizes(reader, sizeCount)
  return { latestDay, firstHour, sizes, leafStarts: readLeafStarts(reader), rest: reader }
}

export const readLeafStarts = (reader: ByteReader): readonly number[] => {
  const leafStarts: number[] = []
  let start = 0
  for (let left = reader.varint(); left > 0; left--) {
    start += reader.varint()
    leafStarts.push(start)
  }
  return leafStarts
}

/** Of a header's body, without reading what it says of leaves, of which there may be thousands. */
export const summaryOf = (
  body: Uint8Array,
  sizeCount: number,
): Span & { readonly sizes: readonly number[] } => {
  const reader = new ByteReader(body)
  const span = readSpan(reader)
  const sizes = new Array<number>(sizeCount).fill(0)
  eachSize(reader, sizeCount, (number, devices) => {
    sizes[number] = devices
  })
  return { ...span, sizes }
}

/** Of a header's body, without reading the rest of it. */
export const spanOf = (body: Uint8Array): Span => readSpan(new ByteReader(body))

const readSpan = (reader: ByteReader): Span => {
  const latestDay = reader.varint()
  const firstHour = latestDay === 0 ? 0 : firstHourOf(latestDay + 1) - reader.varint()
  return { latestDay, firstHour }
}

export const readSizes = (reader: ByteReader, sizeCount: number): Sizes => {
  const sizes = new Sizes()
  eachSize(reader, sizeCount, (number, devices) => sizes.add(number, devices))
  return sizes
}

const eachSize = (
  reader: ByteReader,
  sizeCount: number,
  found: (number: number, devices: number) => void,
): void => {
  const head = reader.varint()
  const shared = head % 2 === sharedSize ? reader.varint() : undefined
  let number = 0
  for (let left = Math.floor(head / 2); left > 0; left--) {
    number += reader.varint()
    if (number >= sizeCount) throw new Damage('a size has no selection')
    found(number, shared ?? reader.varint())
  }
}
