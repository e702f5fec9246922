// A packed leaf that is changed where it stands: a few bits for each ordinal of its span are written over,
// and nothing else is read or written. So a broadcast, whose receipts come in any order and touch
// every leaf in every commit, costs by what is told and not by what is held.
import { ByteReader, ByteWriter, Damage } from './bytes.ts'
import {
  bitsFor,
  type Entries,
  packedShape,
  readLeaf,
  readStates,
  writePackedHead,
  writeStates,
} from './leaf.ts'
import { emptyState, type StateNumber, type StateTable } from './state-table.ts'

// Of so many neighbours in so few runs a list would take fewer bytes.
const sampledPlaces = 64
const fewRuns = 6

const scratch = new ByteWriter()

export class PackedLeaf {
  readonly #table: StateTable
  readonly #start: number
  /** The table's numbers of the states, by the leaf's own number less one. */
  readonly #states: StateNumber[]
  readonly #first: number
  readonly #span: number
  readonly #bits: number
  /** The bits themselves, and some slack: a value is or-ed into the four bytes it may touch. */
  readonly #packed: Uint8Array
  #devices: number
  /** How many devices are in each state, by the leaf's own number; counted when first needed. */
  #counts: Uint32Array | undefined

  private constructor(
    table: StateTable,
    start: number,
    states: StateNumber[],
    devices: number,
    first: number,
    span: number,
    packed: Uint8Array,
  ) {
    this.#table = table
    this.#start = start
    this.#states = states
    this.#devices = devices
    this.#first = first
    this.#span = span
    this.#bits = bitsFor(states.length)
    this.#packed = packed
  }

  /** Undefined where the leaf is a list. The body is copied. */
  static open(body: Uint8Array, table: StateTable, start: number): PackedLeaf | undefined {
    const reader = new ByteReader(body)
    const states = readStates(reader, table)
    const devices = reader.varint()
    if (devices === 0 || reader.byte() !== packedShape) return undefined
    const first = start + reader.varint()
    const span = reader.varint()
    const bytes = Math.ceil((span * bitsFor(states.length)) / 8)
    if (reader.at + bytes > body.length) throw new Damage('a leaf ends too early')
    const packed = new Uint8Array(bytes + 3)
    packed.set(body.subarray(reader.at, reader.at + bytes))
    return new PackedLeaf(table, start, states, devices, first, span, packed)
  }

  /** Undefined where the ordinal is outside of the span. */
  stateOf(ordinal: number): StateNumber | undefined {
    const place = ordinal - this.#first
    if (place < 0 || place >= this.#span) return undefined
    const local = this.#localAt(place)
    if (local === 0) return emptyState
    const state = this.#states[local - 1]
    if (state === undefined) throw new Damage('a state has no name')
    return state
  }

  /** False, with nothing changed, where there are no bits for one more state. The ordinal is in the span. */
  set(ordinal: number, before: StateNumber, after: StateNumber): boolean {
    const local = this.#localOf(after)
    if (local === 0) return false
    if (before === emptyState) this.#devices += 1
    const place = ordinal - this.#first
    const bit = place * this.#bits
    const at = bit >>> 3
    const packed = this.#packed
    const old = this.#localAt(place)
    if (this.#counts !== undefined) {
      this.#counts[old] = (this.#counts[old] ?? 0) - 1
      this.#counts[local] = (this.#counts[local] ?? 0) + 1
    }
    const change = (local ^ old) << (bit & 7)
    packed[at] = (packed[at] ?? 0) ^ change
    packed[at + 1] = (packed[at + 1] ?? 0) ^ (change >>> 8)
    packed[at + 2] = (packed[at + 2] ?? 0) ^ (change >>> 16)
    packed[at + 3] = (packed[at + 3] ?? 0) ^ (change >>> 24)
    return true
  }

  /** The leaf's number of a state, which gets one if need be; 0 where all numbers are in use. */
  #localOf(state: StateNumber): number {
    const known = this.#states.indexOf(state) + 1
    if (known > 0) return known
    if (bitsFor(this.#states.length + 1) <= this.#bits) return this.#states.push(state)
    // Devices move on: a state that they all have left gives its number to the next.
    this.#counts ??= this.#counted()
    const unused = this.#counts.indexOf(0, 1)
    if (unused < 0) return 0
    this.#states[unused - 1] = state
    return unused
  }

  #counted(): Uint32Array {
    const counts = new Uint32Array(this.#states.length + 1)
    const packed = this.#packed
    const bits = this.#bits
    const mask = (1 << bits) - 1
    // As localAt, for all places in a row.
    for (let bit = 0; bit < this.#span * bits; bit += bits) {
      const at = bit >>> 3
      const word =
        (packed[at] as number) |
        ((packed[at + 1] as number) << 8) |
        ((packed[at + 2] as number) << 16) |
        ((packed[at + 3] as number) << 24)
      const local = (word >>> (bit & 7)) & mask
      counts[local] = (counts[local] as number) + 1
    }
    return counts
  }

  #localAt(place: number): number {
    const bit = place * this.#bits
    const at = bit >>> 3
    const packed = this.#packed
    const word =
      (packed[at] ?? 0) |
      ((packed[at + 1] ?? 0) << 8) |
      ((packed[at + 2] ?? 0) << 16) |
      ((packed[at + 3] ?? 0) << 24)
    return (word >>> (bit & 7)) & ((1 << this.#bits) - 1)
  }

  /** Whether a list might be shorter by now, judged by a few places in the middle. */
  get mayBeList(): boolean {
    if (this.#span < sampledPlaces) return true
    const from = (this.#span - sampledPlaces) >>> 1
    let runs = 1
    for (let i = 1; i < sampledPlaces; i++) {
      if (this.#localAt(from + i) !== this.#localAt(from + i - 1)) runs += 1
    }
    return runs <= fewRuns
  }

  entries(): Entries {
    scratch.reset()
    this.write(scratch)
    return readLeaf(new ByteReader(scratch.written()), this.#table, this.#start)
  }

  write(out: ByteWriter): void {
    writeStates(out, this.#table, this.#states)
    out.varint(this.#devices)
    writePackedHead(out, this.#first - this.#start, this.#span)
    out.append(this.#packed.subarray(0, this.#packed.length - 3))
  }
}
