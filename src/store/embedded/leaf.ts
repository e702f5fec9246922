// The codec of a leaf: the devices of one range of ordinals with their states, in the fewest bytes.
// A leaf names the states it uses, then tells them device by device, either as a list (gaps between
// ordinals, and runs of neighbours in one state) or packed (a few bits for every ordinal of the
// span), whichever is shorter. docs/internals/disk-format.md draws both.
import { ByteReader, type ByteWriter, Damage } from './bytes.ts'
import {
  type FactCode,
  factCode,
  hourOfCode,
  type StateNumber,
  type StateTable,
} from './state-table.ts'

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

/** A leaf holds no more, however few bytes they take: whoever changes one device copies them all. */
export const leafDevicesMax = 65_536

const listShape = 0
export const packedShape = 1
// A packed value and the bits before it must fit the 32 bits of one shift.
const packedBitsMax = 24

// The state's number within the leaf plus one, by number in the table; zeroed again after each use.
let localOf = new Uint32Array(1024)

/** Writes the entries `from … to − 1` as the body of the leaf that begins at ordinal `start`. */
export const writeLeaf = (
  out: ByteWriter,
  table: StateTable,
  entries: Entries,
  from: number,
  to: number,
  start: number,
): void => {
  const used = numberStates(entries, from, to)
  writeStates(out, table, used)
  out.varint(to - from)
  if (to > from) {
    const first = entries.ordinals[from] ?? 0
    const span = (entries.ordinals[to - 1] ?? 0) - first + 1
    const bits = bitsFor(used.length)
    const packedBytes = Math.ceil((span * bits) / 8)
    if (bits <= packedBitsMax && packedBytes < listBytes(entries, from, to, start, used.length)) {
      writePackedHead(out, first - start, span)
      writePacked(out, entries, from, to, bits, packedBytes)
    } else {
      out.byte(listShape)
      writeList(out, entries, from, to, start, used.length)
    }
  }
  for (const state of used) localOf[state] = 0
}

const numberStates = (entries: Entries, from: number, to: number): readonly StateNumber[] => {
  const used: StateNumber[] = []
  for (let i = from; i < to; i++) {
    const state = entries.states[i] ?? 0
    if (state >= localOf.length) {
      const grown = new Uint32Array(Math.max(state + 1, localOf.length * 2))
      grown.set(localOf)
      localOf = grown
    }
    if (localOf[state] === 0) {
      used.push(state)
      localOf[state] = used.length
    }
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

/** Bits that hold 0 (no device) and the numbers 1 … states. */
export const bitsFor = (states: number): number => 32 - Math.clz32(states)

const varintBytes = (value: number): number =>
  value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5

/** How many entries from i on are neighbours in one state. */
const runAt = (entries: Entries, i: number, to: number): number => {
  const { ordinals, states } = entries
  const ordinal = ordinals[i] ?? 0
  const state = states[i]
  let next = i + 1
  while (next < to && states[next] === state && ordinals[next] === ordinal + (next - i)) next++
  return next - i
}

const listBytes = (
  entries: Entries,
  from: number,
  to: number,
  start: number,
  states: number,
): number => {
  let bytes = 0
  let end = start
  for (let i = from; i < to; ) {
    const run = runAt(entries, i, to)
    const ordinal = entries.ordinals[i] ?? 0
    bytes += varintBytes((ordinal - end) * 2)
    if (states > 1) bytes += varintBytes(localOf[entries.states[i] ?? 0] ?? 0)
    if (run > 1) bytes += varintBytes(run)
    end = ordinal + run
    i += run
  }
  return bytes
}

const writeList = (
  out: ByteWriter,
  entries: Entries,
  from: number,
  to: number,
  start: number,
  states: number,
): void => {
  let end = start
  for (let i = from; i < to; ) {
    const run = runAt(entries, i, to)
    const ordinal = entries.ordinals[i] ?? 0
    out.varint((ordinal - end) * 2 + (run > 1 ? 1 : 0))
    if (states > 1) out.varint(localOf[entries.states[i] ?? 0] ?? 0)
    if (run > 1) out.varint(run)
    end = ordinal + run
    i += run
  }
}

/** What stands before the bits of a packed leaf. */
export const writePackedHead = (out: ByteWriter, gap: number, span: number): void => {
  out.byte(packedShape)
  out.varint(gap)
  out.varint(span)
}

const writePacked = (
  out: ByteWriter,
  entries: Entries,
  from: number,
  to: number,
  bits: number,
  packedBytes: number,
): void => {
  // Three bytes of slack: a value is or-ed into the four bytes it may touch.
  out.reserve(packedBytes + 3)
  const { bytes } = out
  const base = out.length
  bytes.fill(0, base, base + packedBytes + 3)
  const first = entries.ordinals[from] ?? 0
  for (let i = from; i < to; i++) {
    const bit = ((entries.ordinals[i] ?? 0) - first) * bits
    const value = (localOf[entries.states[i] ?? 0] ?? 0) << (bit & 7)
    const at = base + (bit >>> 3)
    bytes[at] = (bytes[at] ?? 0) | value
    bytes[at + 1] = (bytes[at + 1] ?? 0) | (value >>> 8)
    bytes[at + 2] = (bytes[at + 2] ?? 0) | (value >>> 16)
    bytes[at + 3] = (bytes[at + 3] ?? 0) | (value >>> 24)
  }
  out.length += packedBytes
}

// The facts of one state; the next that is read overwrites them.
const factsRead: FactCode[] = []

/** Reads a state into `factsRead`, and gives how many facts it has, in rising order. */
const readState = (reader: ByteReader, base: FactCode): number => {
  const length = reader.varint()
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

/** Reads a whole leaf; its states get numbers of the table. */
export const readLeaf = (reader: ByteReader, table: StateTable, start: number): Entries => {
  const numbers = readStates(reader, table)
  const length = reader.varint()
  if (length > leafDevicesMax) throw new Damage('a leaf cannot hold so many devices')
  const ordinals = new Uint32Array(length)
  const states = new Uint32Array(length)
  let filled = 0
  const fill = (ordinal: number, local: number, run: number): void => {
    const state = numbers[local - 1]
    if (state === undefined || filled + run > length) throw new Damage('a state has no name')
    for (let i = 0; i < run; i++) {
      ordinals[filled] = ordinal + i
      states[filled++] = state
    }
  }
  if (length > 0) walk(reader, start, numbers.length, length, fill)
  if (filled !== length) throw new Damage('a leaf holds fewer devices than it says')
  return { ordinals, states, length }
}

const walk = (
  reader: ByteReader,
  start: number,
  states: number,
  length: number,
  fill: (ordinal: number, local: number, run: number) => void,
): void => {
  if (reader.byte() === packedShape) {
    const packed = openPacked(reader, start, states)
    for (let i = 0; i < packed.span; i++) {
      const local = packed.at(i)
      if (local > 0) fill(packed.first + i, local, 1)
    }
    return
  }
  let end = start
  for (let left = length; left > 0; ) {
    const token = readToken(reader, states)
    fill(end + token.gap, token.local, token.run)
    end += token.gap + token.run
    left -= token.run
  }
}

const token = { gap: 0, local: 1, run: 1 }

/** The next run of a list, in one object that the next call overwrites. */
const readToken = (reader: ByteReader, states: number): typeof token => {
  const head = reader.varint()
  token.gap = Math.floor(head / 2)
  token.local = states > 1 ? reader.varint() : 1
  token.run = head % 2 === 1 ? reader.varint() : 1
  return token
}

interface Packed {
  readonly first: number
  readonly span: number
  /** The leaf's number of the state at a place of the span; 0 for no device. */
  at(place: number): number
}

const openPacked = (reader: ByteReader, start: number, states: number): Packed => {
  const first = start + reader.varint()
  const span = reader.varint()
  const bits = bitsFor(states)
  const base = reader.at
  const { bytes } = reader
  if (base + Math.ceil((span * bits) / 8) > bytes.length) throw new Damage('a leaf ends too early')
  const mask = 2 ** bits - 1
  const at = (place: number): number => {
    const bit = place * bits
    const i = base + (bit >>> 3)
    const word =
      (bytes[i] ?? 0) |
      ((bytes[i + 1] ?? 0) << 8) |
      ((bytes[i + 2] ?? 0) << 16) |
      ((bytes[i + 3] ?? 0) << 24)
    return (word >>> (bit & 7)) & mask
  }
  return { first, span, at }
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
  if (reader.byte() === packedShape) {
    const packed = openPacked(reader, start, states.count)
    return ordinals.map((ordinal) => {
      const place = ordinal - packed.first
      return place < 0 || place >= packed.span ? undefined : states.at(packed.at(place))
    })
  }
  let left = length
  let begin = start
  let end = start
  let state = 0
  return ordinals.map((ordinal) => {
    while (end <= ordinal && left > 0) {
      const { gap, local, run } = readToken(reader, states.count)
      begin = end + gap
      end = begin + run
      left -= run
      state = local
    }
    return ordinal >= begin && ordinal < end ? states.at(state) : undefined
  })
}
