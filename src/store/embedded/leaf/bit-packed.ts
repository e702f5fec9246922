// A packed leaf that is changed where it stands: a few bits for each ordinal of its span are written over,
// and nothing else is read or written. So a broadcast, whose receipts come in any order and touch
// every leaf in every commit, costs by what is told and not by what is held.
import { type ByteReader, type ByteWriter, Damage } from '../lmdb/bytes.ts'
import { endOfDevice, type Facts, stateAfter } from '../states/apply-fact.ts'
import type { StageMemory } from '../states/arena.ts'
import { emptyState, type StateNumber, type StateTable } from '../states/state-table.ts'
import {
  bitsFor,
  bytesOf,
  changeAt,
  emptyPacked,
  localAt,
  openPacked,
  type Packed,
  packedBytes,
  slackBytes,
  writePackedHead,
} from './bits.ts'
import { packedShape, writeStates } from './codec.ts'
import { localOfState, setLocal, withLocals } from './local-states.ts'
import type { LeafHead, OpenLeaf } from './mutable-leaf.ts'
import type { Runs } from './runs.ts'

// What a run takes in a list, with and without its state: a bit more than it does, so that a leaf on the border
// stays what it is.
const runBytes = 3
const runBytesOfOneState = 2
const fewPlaces = 64
const manyPlaces = 512

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
  /** Numbers that no device had when they came here. */
  readonly #unused: number[] = []

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
    const held = bytesOf(stored)
    const bytes = memory.bytes(held.length + slackBytes)
    bytes.set(held)
    const { bits, first, span } = stored
    return new PackedLeaf(head, { bytes, base: 0, bits, first, span }, memory)
  }

  add(facts: Facts, from: number, to: number, fresh: Uint32Array): number {
    return withLocals(this.#states, () => this.#add(facts, from, to, fresh))
  }

  #add(facts: Facts, from: number, to: number, fresh: Uint32Array): number {
    const table = this.#table
    for (let i = from; i < to; ) {
      const place = (facts.ordinals[i] as number) - this.#packed.first
      if (place < 0 || place >= this.#packed.span) return i
      const next = endOfDevice(facts, i, to)
      const local = localAt(this.#packed, place)
      const before = this.#stateOf(local)
      const after = stateAfter(table, before, facts, i, next, fresh)
      i = next
      if (after === before) continue
      table.move(before, after)
      this.#change(place, local, this.#localOf(after))
      if (local === 0) this.devices++
      this.isChanged = true
    }
    return to
  }

  #stateOf(local: number): StateNumber {
    if (local === 0) return emptyState
    const state = this.#states[local - 1]
    if (state === undefined) throw new Damage('a state has no name')
    return state
  }

  #change(place: number, old: number, local: number): void {
    changeAt(this.#packed, place, local ^ old)
    if (this.#counts === undefined) return
    const left = (this.#counts[old] as number) - 1
    this.#counts[old] = left
    this.#counts[local] = (this.#counts[local] as number) + 1
    if (left === 0 && old > 0) this.#unused.push(old)
  }

  /** The leaf's number of a state, which gets one if need be. */
  #localOf(state: StateNumber): number {
    const known = localOfState(state)
    if (known > 0) return known
    const local = this.#freeLocal()
    setLocal(this.#states[local - 1] ?? emptyState, 0)
    this.#states[local - 1] = state
    setLocal(state, local)
    return local
  }

  /** Devices move on: a state that they all have left gives its number to the next. */
  #freeLocal(): number {
    const next = this.#states.length + 1
    if (bitsFor(next) <= this.#packed.bits) return next
    this.#counts ??= this.#counted()
    for (let local = this.#unused.pop(); local !== undefined; local = this.#unused.pop()) {
      if (this.#counts[local] === 0) return local
    }
    this.#widen()
    return next
  }

  /** Gives every ordinal one bit more. */
  #widen(): void {
    const { bits, first, span } = this.#packed
    const bytes = this.#memory.bytes(packedBytes(span, bits + 1) + slackBytes)
    const wider = emptyPacked(bytes, 0, bits + 1, first, span)
    for (let place = 0; place < span; place++) changeAt(wider, place, localAt(this.#packed, place))
    this.#packed = wider
    this.#counts = undefined
  }

  #counted(): Uint32Array {
    // Room for all the numbers that the bits can tell apart.
    const counts = new Uint32Array(2 ** this.#packed.bits)
    for (let place = 0; place < this.#packed.span; place++) {
      const local = localAt(this.#packed, place)
      counts[local] = (counts[local] as number) + 1
    }
    this.#unused.length = 0
    for (let local = this.#states.length; local > 0; local--) {
      if (counts[local] === 0) this.#unused.push(local)
    }
    return counts
  }

  /** Whether a list may be shorter by now: judged by a few places first, as it mostly is not. */
  #mayBeList(): boolean {
    return this.#isLikeList(fewPlaces) && this.#isLikeList(manyPlaces)
  }

  /** Whether a list would be shorter if all were as some places, which are spread over the span. */
  #isLikeList(places: number): boolean {
    const packed = this.#packed
    const stride = Math.max(1, Math.floor((packed.span - 1) / places))
    let looked = 0
    let runs = 0
    for (let place = 0; place + 1 < packed.span; place += stride) {
      looked++
      const local = localAt(packed, place + 1)
      if (local > 0 && local !== localAt(packed, place)) runs++
    }
    const bytes = runs * (this.#states.length > 1 ? runBytes : runBytesOfOneState)
    return bytes <= packedBytes(looked, packed.bits)
  }

  addTo(runs: Runs): void {
    const packed = this.#packed
    let devices = 0
    for (let place = 0; place < packed.span; ) {
      const local = localAt(packed, place)
      const from = place++
      while (place < packed.span && localAt(packed, place) === local) place++
      if (local === 0) continue
      devices += place - from
      runs.add(packed.first + from, packed.first + place, this.#stateOf(local))
    }
    if (devices !== this.devices) throw new Damage('a leaf holds other devices than it says')
  }

  write(out: ByteWriter): boolean {
    if (this.#mayBeList()) return false
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
