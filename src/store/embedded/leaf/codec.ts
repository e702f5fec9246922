// The codec of a leaf: the devices of one range of ordinals with their states, in the fewest bytes.
// A leaf names the states it uses, then tells them device by device, either as a list (gaps between
// ordinals, and runs of neighbours in one state) or packed (a few bits for every ordinal of the
// span), whichever is shorter. docs/internals/disk-format.md draws both.
import { ByteReader, type ByteWriter, Damage } from '../lmdb/bytes.ts'
import {
  type FactCode,
  factCode,
  hourOfCode,
  type StateNumber,
  type StateTable,
} from '../states/state-table.ts'
import {
  bitsFor,
  emptyPacked,
  fillEmpty,
  localAt,
  openPacked,
  type Packed,
  packedBitsMax,
  packedBytes,
  slackBytes,
  writePackedHead,
} from './bits.ts'
import { localOfState, setLocal } from './local-states.ts'
import { RunReader, type Runs, RunWriter } from './runs.ts'

/** Devices by rising ordinal, each with its state; `length` of the arrays' places are used. */
export interface Entries {
  readonly ordinals: Uint32Array
  readonly states: Uint32Array
  readonly length: number
}

export const noEntries: Entries = {
  ordinals: new Uint32Array(0),
  states: new Uint32Array(0),
  length: 0,
}

/** A leaf holds no more, however few bytes they take, so that opening one into arrays is short work. */
export const leafDevicesMax = 65_536

export const listShape = 0
export const packedShape = 1

/**
 * Writes the runs `from … to − 1` as the body of the leaf that begins at ordinal `start`, and tells how
 * many bytes it takes; nothing is written where that is more than `bytesMax`.
 */
export const writeLeaf = (
  out: ByteWriter,
  table: StateTable,
  runs: Runs,
  from: number,
  to: number,
  start: number,
  bytesMax = Number.POSITIVE_INFINITY,
): number => {
  const begin = out.length
  const used = numberStates(runs, from, to)
  writeStates(out, table, used)
  out.varint(runs.devicesIn(from, to))
  const headBytes = out.length - begin
  const most = bytesMax - headBytes
  const bytes = to > from ? writeDevices(out, runs, from, to, start, used.length, most) : 0
  for (const state of used) setLocal(state, 0)
  if (bytes > most) out.length = begin
  return headBytes + bytes
}

/** The same of what stands behind the number of devices; where it is too much, something of it is written. */
const writeDevices = (
  out: ByteWriter,
  runs: Runs,
  from: number,
  to: number,
  start: number,
  states: number,
  bytesMax: number,
): number => {
  const begin = out.length
  const first = runs.firsts[from] ?? 0
  const span = (runs.behinds[to - 1] ?? 0) - first
  const bits = bitsFor(states)
  const packed = bits > packedBitsMax ? Number.POSITIVE_INFINITY : packedBytes(span, bits)
  const listed = listBytes(runs, from, to, start, states, packed)
  const isPacked = packed < listed
  out.byte(isPacked ? packedShape : listShape)
  if (isPacked) writePackedHead(out, { first, span }, start)
  const bytes = out.length - begin + Math.min(packed, listed)
  if (bytes > bytesMax) return bytes
  if (isPacked) writePacked(out, runs, from, to, bits, span)
  else writeList(out, runs, from, to, start, states)
  return bytes
}

const numberStates = ({ states }: Runs, from: number, to: number): readonly StateNumber[] => {
  const used: StateNumber[] = []
  for (let i = from; i < to; i++) {
    const state = states[i] ?? 0
    if (localOfState(state) === 0) setLocal(state, used.push(state))
  }
  return used
}

export const writeStates = (
  out: ByteWriter,
  table: StateTable,
  used: readonly StateNumber[],
): void => {
  let firstHour = Number.POSITIVE_INFINITY
  for (const state of used) {
    for (const code of table.factsOf(state)) firstHour = Math.min(firstHour, hourOfCode(code))
  }
  if (used.length === 0) firstHour = 0
  out.varint(used.length)
  out.varint(firstHour)
  const base = factCode(0, firstHour)
  for (const state of used) {
    const facts = table.factsOf(state)
    out.varint(facts.length)
    let before = base
    for (const code of facts) {
      out.varint(code - before)
      before = code
    }
  }
}

const varintBytes = (value: number): number =>
  value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5

/** Of a list; where that is more than `most`, any number that is more. */
const listBytes = (
  { firsts, behinds, states }: Runs,
  from: number,
  to: number,
  start: number,
  stateCount: number,
  most: number,
): number => {
  let bytes = 0
  let end = start
  for (let i = from; i < to && bytes <= most; i++) {
    const first = firsts[i] ?? 0
    const behind = behinds[i] ?? 0
    bytes += varintBytes((first - end) * 2)
    if (stateCount > 1) bytes += varintBytes(localOfState(states[i] ?? 0))
    if (behind - first > 1) bytes += varintBytes(behind - first)
    end = behind
  }
  return bytes
}

const writeList = (
  out: ByteWriter,
  { firsts, behinds, states }: Runs,
  from: number,
  to: number,
  start: number,
  stateCount: number,
): void => {
  const written = new RunWriter(out, start, stateCount > 1)
  for (let i = from; i < to; i++) {
    written.put(firsts[i] ?? 0, behinds[i] ?? 0, localOfState(states[i] ?? 0))
  }
  written.end()
}

const writePacked = (
  out: ByteWriter,
  { firsts, behinds, states }: Runs,
  from: number,
  to: number,
  bits: number,
  span: number,
): void => {
  const first = firsts[from] ?? 0
  const bytes = packedBytes(span, bits)
  out.reserve(bytes + slackBytes)
  const packed = emptyPacked(out.bytes, out.length, bits, first, span)
  for (let i = from; i < to; i++) {
    const place = (firsts[i] ?? 0) - first
    fillEmpty(packed, place, (behinds[i] ?? 0) - first, localOfState(states[i] ?? 0))
  }
  out.length += bytes
}

// The facts of one state; the next that is read overwrites them.
const factsRead: FactCode[] = []

/** Reads a state into `factsRead`, and gives how many facts it has, in rising order. */
const readState = (reader: ByteReader, base: FactCode): number => {
  const length = reader.varint()
  if (length === 0) throw new Damage('a state has no facts')
  let code = base
  for (let i = 0; i < length; i++) {
    code += reader.varint()
    factsRead[i] = code
  }
  return length
}

/** The states a leaf names, as numbers of the table. */
export const readStates = (reader: ByteReader, table: StateTable): StateNumber[] => {
  const states: StateNumber[] = []
  const count = reader.varint()
  const base = factCode(0, reader.varint())
  for (let i = 0; i < count; i++) {
    const length = readState(reader, base)
    states.push(table.numberOf(factsRead, length))
  }
  return states
}

/** What a leaf of one state says: the facts that all its devices have. */
export const readOnlyState = (
  reader: ByteReader,
): { readonly facts: readonly FactCode[]; readonly devices: number } => {
  if (reader.varint() !== 1) throw new Damage('a leaf has other states than its header says')
  const length = readState(reader, factCode(0, reader.varint()))
  return { facts: factsRead.slice(0, length), devices: reader.varint() }
}

/** The states a leaf names, each worked out when it is first asked for, by its number in the leaf. */
const openStates = <T>(
  reader: ByteReader,
  ofState: (facts: readonly FactCode[]) => T,
): { readonly count: number; at(local: number): T | undefined } => {
  const count = reader.varint()
  const base = factCode(0, reader.varint())
  const places: number[] = []
  for (let i = 0; i < count; i++) {
    places.push(reader.at)
    for (let left = reader.varint(); left > 0; left--) reader.varint()
  }
  const values = new Map<number, T>()
  const at = (local: number): T | undefined => {
    const place = places[local - 1]
    if (place === undefined) return undefined
    const known = values.get(local)
    if (known !== undefined) return known
    const length = readState(new ByteReader(reader.bytes, place), base)
    const value = ofState(factsRead.slice(0, length))
    values.set(local, value)
    return value
  }
  return { count, at }
}

/** Reads the shape: whether the leaf is packed, and not a list. */
export const readIsPacked = (reader: ByteReader): boolean => {
  const shape = reader.byte()
  if (shape !== listShape && shape !== packedShape) throw new Damage('a leaf of no known shape')
  return shape === packedShape
}

/** Reads a whole leaf; its states get numbers of the table. On disk none holds more devices. */
export const readLeaf = (reader: ByteReader, table: StateTable, start: number): Entries => {
  const numbers = readStates(reader, table)
  const length = reader.varint()
  if (length > leafDevicesMax) throw new Damage('a leaf cannot hold so many devices')
  const entries = { ordinals: new Uint32Array(length), states: new Uint32Array(length), length }
  if (length === 0) return entries
  const filled = readIsPacked(reader)
    ? fillPacked(entries, openPacked(reader, start, numbers.length), numbers)
    : fillList(entries, new RunReader(reader, start, length, numbers.length), numbers)
  if (filled !== length) throw new Damage('a leaf holds other devices than it says')
  return entries
}

const fillPacked = (
  { ordinals, states }: Entries,
  packed: Packed,
  numbers: readonly StateNumber[],
): number => {
  let filled = 0
  for (let place = 0; place < packed.span; place++) {
    const local = localAt(packed, place)
    if (local === 0) continue
    const state = numbers[local - 1]
    if (state === undefined) throw new Damage('a state has no name')
    ordinals[filled] = packed.first + place
    states[filled++] = state
  }
  return filled
}

const fillList = (
  { ordinals, states }: Entries,
  runs: RunReader,
  numbers: readonly StateNumber[],
): number => {
  let filled = 0
  while (runs.next()) {
    const state = numbers[runs.local - 1] as StateNumber
    for (let ordinal = runs.first; ordinal < runs.behind; ordinal++) {
      ordinals[filled] = ordinal
      states[filled++] = state
    }
  }
  return filled
}

/**
 * What `ofState` makes of the facts of some devices of a leaf (rising ordinals), without reading the
 * others, asked once for each state; undefined for a device that has none.
 */
export const findInLeaf = <T>(
  reader: ByteReader,
  start: number,
  ordinals: readonly number[],
  ofState: (facts: readonly FactCode[]) => T,
): readonly (T | undefined)[] => {
  const states = openStates(reader, ofState)
  const length = reader.varint()
  if (length === 0) return ordinals.map(() => undefined)
  if (readIsPacked(reader)) {
    const packed = openPacked(reader, start, states.count)
    return ordinals.map((ordinal) => {
      const place = ordinal - packed.first
      return place < 0 || place >= packed.span ? undefined : states.at(localAt(packed, place))
    })
  }
  const runs = new RunReader(reader, start, length, states.count)
  let isAtRun = runs.next()
  return ordinals.map((ordinal) => {
    while (isAtRun && runs.behind <= ordinal) isAtRun = runs.next()
    return isAtRun && ordinal >= runs.first ? states.at(runs.local) : undefined
  })
}
