// The codec of a sheet's header: when it was told of, every size that is not zero, and either the
// whole of a small sheet or the ordinals at which its leaves begin. Reports of counts read nothing else.
import { type Day, firstHourOf, type Hour } from '../../../ledger/day.ts'
import { readOnlyState } from '../leaf/codec.ts'
import { ByteReader, type ByteWriter, Damage } from '../lmdb/bytes.ts'
import type { SheetKind } from '../states/selections.ts'
import { Sizes } from '../states/sizes.ts'
import { selectionsIn } from '../states/state-table.ts'

/** Of what was told of a message; both 0 in a sheet of users. */
export interface Span {
  readonly latestDay: Day
  readonly firstHour: Hour
}

export interface Header extends Span {
  /** The sizes are true of all selections that came with this revision or before. */
  readonly revision: number
  readonly sizes: Sizes
  /** Where each leaf begins, rising from 0; empty while the sheet is kept in the header itself. */
  readonly leafStarts: readonly number[]
  /** Stands at the inline leaf, where there is one. */
  readonly rest: ByteReader
}

// A size that all selections share is written once.
const sharedSize = 1
/** In place of sizes: they follow from the inline leaf, which has one state. Most pushes are to one device. */
const sizesInLeaf = 1

// The revision stands beside the latest day, in bits that take no byte of their own before the year 2149.
const revisionStride = 32
const revisionMax = revisionStride - 1

/** Without sizes where they follow from the inline leaf, which the caller writes behind. */
export const writeHeader = (
  out: ByteWriter,
  { latestDay, firstHour }: Span,
  revision: number,
  sizes: Sizes | undefined,
  leafStarts: readonly number[],
): void => {
  out.varint(latestDay * revisionStride + Math.min(revision, revisionMax))
  if (revision >= revisionMax) out.varint(revision - revisionMax)
  // As the hours from it to the end of the latest day: mostly one byte.
  if (latestDay > 0) out.varint(firstHourOf(latestDay + 1) - firstHour)
  if (sizes === undefined) out.varint(sizesInLeaf)
  else writeSizes(out, sizes)
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

/** Reads a header's body, of a sheet of this kind. */
export const readHeader = (body: Uint8Array, kind: SheetKind): Header => {
  const reader = new ByteReader(body)
  const head = readHead(reader, kind)
  const sizes = new Sizes()
  const found = (number: number, devices: number) => sizes.add(number, devices)
  const isWritten = eachSize(reader, kind.sizeCount, found)
  const leafStarts = readLeafStarts(reader)
  if (isWritten) return { ...head, sizes, leafStarts, rest: reader }
  eachSizeOfLeaf(new ByteReader(body, reader.at), kind, found)
  return { ...head, revision: kind.revision, sizes, leafStarts, rest: reader }
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
  kind: SheetKind,
): Span & { readonly revision: number; readonly sizes: readonly number[] } => {
  const reader = new ByteReader(body)
  const head = readHead(reader, kind)
  const sizes = new Array<number>(kind.sizeCount).fill(0)
  const found = (number: number, devices: number): void => {
    sizes[number] = devices
  }
  if (eachSize(reader, kind.sizeCount, found)) return { ...head, sizes }
  readLeafStarts(reader)
  eachSizeOfLeaf(reader, kind, found)
  return { ...head, revision: kind.revision, sizes }
}

/** Of a header's body, without reading the rest of it. */
export const spanOf = (body: Uint8Array): Span => readSpan(new ByteReader(body))

const readSpan = (reader: ByteReader): Span & { readonly revision: number } => {
  const first = reader.varint()
  const latestDay = Math.floor(first / revisionStride)
  const low = first % revisionStride
  const revision = low === revisionMax ? low + reader.varint() : low
  const firstHour = latestDay === 0 ? 0 : firstHourOf(latestDay + 1) - reader.varint()
  return { latestDay, firstHour, revision }
}

const readHead = (reader: ByteReader, kind: SheetKind): ReturnType<typeof readSpan> => {
  const head = readSpan(reader)
  if (head.revision > kind.revisionMax) {
    throw new Damage('its sizes are of a version that came later: open the directory again')
  }
  return head
}

export const readSizes = (reader: ByteReader, sizeCount: number): Sizes => {
  const sizes = new Sizes()
  eachSize(reader, sizeCount, (number, devices) => sizes.add(number, devices))
  return sizes
}

/** Of the one state that the inline leaf has, at which the reader stands. */
const eachSizeOfLeaf = (
  reader: ByteReader,
  { selectionsOfCell }: SheetKind,
  found: (number: number, devices: number) => void,
): void => {
  const { facts, devices } = readOnlyState(reader)
  for (const number of selectionsIn(facts, selectionsOfCell)) found(number, devices)
}

/** False where there are none, because they follow from the inline leaf. */
const eachSize = (
  reader: ByteReader,
  sizeCount: number,
  found: (number: number, devices: number) => void,
): boolean => {
  const head = reader.varint()
  if (head === sizesInLeaf) return false
  const shared = head % 2 === sharedSize ? reader.varint() : undefined
  let number = 0
  for (let left = Math.floor(head / 2); left > 0; left--) {
    number += reader.varint()
    if (number >= sizeCount) throw new Damage('a size has no selection')
    found(number, shared ?? reader.varint())
  }
  return true
}
