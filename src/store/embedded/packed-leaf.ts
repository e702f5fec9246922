// A packed leaf that is changed where it stands: a few bits for each ordinal of its span are written over,
// and nothing else is read or written. So a broadcast, whose receipts come in any order and touch
// every leaf in every commit, costs by what is told and not by what is held.
import { ByteReader, ByteWriter, Damage } from './bytes.ts'
import { countFresh, type Facts } from './facts.ts'
import { type Entries, packedShape, readLeaf, writeStates } from './leaf.ts'
import type { LeafHead, OpenLeaf } from './open-leaf.ts'
import {
  bitsFor,
  bytesOf,
  changeAt,
  emptyPacked,
  localAt,
  openPacked,
  type Packed,
  packedBitsMax,
  packedBytes,
  slackBytes,
  writePackedHead,
} from './packed.ts'
import type { StageMemory } from './stage-memory.ts'
import { emptyState, type FactCode, type StateNumber, type StateTable } from './state-table.ts'

// Of so many neighbours in so few runs a list would take fewer bytes.
const sampledPlaces = 64
const fewRuns = 6

const scratch = new ByteWriter()

export class PackedLeaf implements OpenLeaf {
  devices: number
  isChanged = false
  readonly #table: StateTable
  readonly #start: number
  /** The table's numbers of the states, by the leaf's own number less one. */
  readonly #states: StateNumber[]
  readonly #memory: StageMemory
  /** Begins its bytes, which are its own. */
  #packed: Packed
  /** How many devices are in each state, by the leaf's own number; counted when first needed. */
  #counts: Uint32Array | undefined

  private constructor(
    { table, start, states, devices }: LeafHead,
    packed: Packed,
    memory: StageMemory,
  ) {
    this.#table = table
    this.#start = start
    this.#states = states
    this.devices = devices
    this.#packed = packed
    this.#memory = memory
  }

  /** The reader stands behind the shape. */
  static read(reader: ByteReader, head: LeafHead, memory: StageMemory): PackedLeaf {
    const stored = openPacked(reader, head.start, head.states.length)
    const { length } = bytesOf(stored)
    const bytes = memory.bytes(length + slackBytes)
    bytes.set(bytesOf(stored))
    return new PackedLeaf(head, { ...stored, bytes, base: 0 }, memory)
  }

  add(facts: Facts, from: number, to: number, fresh: Uint32Array): number {
    const table = this.#table
    for (let i = from; i < to; i++) {
      const ordinal = facts.ordinals[i] as number
      const before = this.stateOf(ordinal)
      if (before === undefined) return i
      const after = table.after(before, facts.codes[i] as FactCode)
      if (after === before) continue
      if (!this.set(ordinal, before, after)) return i
      countFresh(table, before, after, facts, i, fresh)
      table.move(before, after)
      this.isChanged = true
    }
    return to
  }

  /** Undefined where the ordinal is outside of the span. */
  stateOf(ordinal: number): StateNumber | undefined {
    const packed = this.#packed
    const place = ordinal - packed.first
    if (place < 0 || place >= packed.span) return undefined
    const local = localAt(packed, place)
    if (local === 0) return emptyState
    const state = this.#states[local - 1]
    if (state === undefined) throw new Damage('a state has no name')
    return state
  }

  /** False, with nothing changed, where there are too many states. The ordinal is in the span. */
  set(ordinal: number, before: StateNumber, after: StateNumber): boolean {
    const local = this.#localOf(after)
    if (local === 0) return false
    if (before === emptyState) this.devices += 1
    const packed = this.#packed
    const place = ordinal - packed.first
    const old = localAt(packed, place)
    if (this.#counts !== undefined) {
      this.#counts[old] = (this.#counts[old] ?? 0) - 1
      this.#counts[local] = (this.#counts[local] ?? 0) + 1
    }
    changeAt(packed, place, local ^ old)
    return true
  }

  /** The leaf's number of a state, which gets one if need be; 0 where all numbers are in use. */
  #localOf(state: StateNumber): number {
    const known = this.#states.indexOf(state) + 1
    if (known > 0) return known
    if (bitsFor(this.#states.length + 1) <= this.#packed.bits) return this.#states.push(state)
    // Devices move on: a state that they all have left gives its number to the next.
    this.#counts ??= this.#counted()
    const unused = this.#counts.indexOf(0, 1)
    if (unused < 0) return this.#widen() ? this.#states.push(state) : 0
    this.#states[unused - 1] = state
    return unused
  }

  /** Gives every ordinal one bit more; false where it has as many as it may. */
  #widen(): boolean {
    const { bits, first, span } = this.#packed
    if (bits === packedBitsMax) return false
    const bytes = this.#memory.bytes(packedBytes(span, bits + 1) + slackBytes)
    const wider = emptyPacked(bytes, 0, bits + 1, first, span)
    for (let place = 0; place < span; place++) changeAt(wider, place, localAt(this.#packed, place))
    this.#packed = wider
    this.#counts = undefined
    return true
  }

  #counted(): Uint32Array {
    const counts = new Uint32Array(this.#states.length + 1)
    const packed = this.#packed
    for (let place = 0; place < packed.span; place++) {
      const local = localAt(packed, place)
      counts[local] = (counts[local] as number) + 1
    }
    return counts
  }

  /** Whether a list might be shorter by now, judged by a few places in the middle. */
  get mayBeList(): boolean {
    const packed = this.#packed
    if (packed.span < sampledPlaces) return true
    const from = (packed.span - sampledPlaces) >>> 1
    let runs = 1
    for (let i = 1; i < sampledPlaces; i++) {
      if (localAt(packed, from + i) !== localAt(packed, from + i - 1)) runs += 1
    }
    return runs <= fewRuns
  }

  entries(): Entries {
    scratch.reset()
    this.#put(scratch)
    return readLeaf(new ByteReader(scratch.written()), this.#table, this.#start, this.#memory)
  }

  write(out: ByteWriter): boolean {
    if (this.mayBeList) return false
    this.#put(out)
    return true
  }

  #put(out: ByteWriter): void {
    writeStates(out, this.#table, this.#states)
    out.varint(this.devices)
    out.byte(packedShape)
    writePackedHead(out, this.#packed, this.#start)
    out.append(bytesOf(this.#packed))
  }
}
