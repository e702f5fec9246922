// A list that is changed as a stream: its runs are read and written once, with the facts between them, and
// the devices of a run are never told apart. So a message that all devices share costs by its runs.
import { ByteReader, ByteWriter } from '../lmdb/bytes.ts'
import { endOfDevice, type Facts, stateAfter } from '../states/apply-fact.ts'
import type { StageMemory } from '../states/arena.ts'
import { emptyState, type StateNumber, type StateTable } from '../states/state-table.ts'
import { bitsFor, packedBytes } from './bits.ts'
import { listShape, writeStates } from './codec.ts'
import { localOfState, setLocal, withLocals } from './local-states.ts'
import type { LeafHead, OpenLeaf } from './mutable-leaf.ts'
import { RunReader, type Runs, RunWriter } from './runs.ts'

// It grows by so much at least, or it would be given new memory by every group.
const growth = 1.25
const scratch = new ByteWriter()

export class ListLeaf implements OpenLeaf {
  devices: number
  isChanged = false
  readonly #table: StateTable
  readonly #start: number
  readonly #states: StateNumber[]
  readonly #memory: StageMemory
  readonly #statesAtFirst: number
  /** In memory runs have the number of their state as soon as there may be several. */
  #hasLocals: boolean
  #runs: Uint8Array
  #bytes: number
  /** Of the whole leaf, once it was changed. */
  #runCount = 0
  #first = 0
  #behind = 0

  private constructor(
    { table, start, states, devices }: LeafHead,
    runs: Uint8Array,
    memory: StageMemory,
  ) {
    this.#table = table
    this.#start = start
    this.#states = states
    this.#statesAtFirst = states.length
    this.#hasLocals = states.length > 1
    this.#memory = memory
    this.devices = devices
    this.#runs = runs
    this.#bytes = runs.length
  }

  /** The reader stands at the first run. */
  static read(reader: ByteReader, head: LeafHead, memory: StageMemory): ListLeaf {
    const runs = memory.bytes(reader.bytes.length - reader.at)
    runs.set(reader.bytes.subarray(reader.at))
    return new ListLeaf(head, runs, memory)
  }

  add(facts: Facts, from: number, to: number, fresh: Uint32Array): number {
    withLocals(this.#states, () => this.#add(facts, from, to, fresh))
    return to
  }

  #add(facts: Facts, from: number, to: number, fresh: Uint32Array): void {
    const { ordinals } = facts
    const table = this.#table
    const states = this.#states
    const held = this.#reader()
    scratch.reset()
    const runs = new RunWriter(scratch, this.#start, true)
    let isAtRun = held.next()
    // Of the run under way, those before it are written.
    let first = held.first
    const firstOfAll = Math.min(
      isAtRun ? first : Number.POSITIVE_INFINITY,
      ordinals[from] as number,
    )
    let isChanged = false
    for (let i = from; i < to; ) {
      const ordinal = ordinals[i] as number
      const next = endOfDevice(facts, i, to)
      while (isAtRun && held.behind <= ordinal) {
        if (first < held.behind) runs.put(first, held.behind, held.local)
        isAtRun = held.next()
        first = held.first
      }
      const isHeld = isAtRun && first <= ordinal
      const before = isHeld ? (states[held.local - 1] as StateNumber) : emptyState
      const after = stateAfter(table, before, facts, i, next, fresh)
      i = next
      if (after === before) continue
      table.move(before, after)
      isChanged = true
      if (isHeld && first < ordinal) runs.put(first, ordinal, held.local)
      runs.put(ordinal, ordinal + 1, this.#localOf(after))
      if (isHeld) first = ordinal + 1
    }
    if (!isChanged) return
    while (isAtRun) {
      if (first < held.behind) runs.put(first, held.behind, held.local)
      isAtRun = held.next()
      first = held.first
    }
    this.#first = firstOfAll
    this.#keep(runs)
  }

  #reader(): RunReader {
    const reader = new ByteReader(this.#runs.subarray(0, this.#bytes))
    return new RunReader(reader, this.#start, this.devices, this.#states.length, this.#hasLocals)
  }

  #keep(runs: RunWriter): void {
    runs.end()
    const { length } = scratch
    if (length > this.#runs.length) this.#runs = this.#memory.bytes(Math.ceil(length * growth))
    this.#runs.set(scratch.written())
    this.#bytes = length
    this.#hasLocals = true
    this.#runCount = runs.runs
    this.#behind = runs.behind
    this.devices = runs.devices
    this.isChanged = true
  }

  /** The leaf's number of a state, which gets one if need be. */
  #localOf(state: StateNumber): number {
    const known = localOfState(state)
    if (known > 0) return known
    const local = this.#states.push(state)
    setLocal(state, local)
    return local
  }

  /** Whether devices left a state; looked for only where some came to a new one. */
  #mayHaveLeft(): boolean {
    const count = this.#states.length
    if (count === this.#statesAtFirst) return false
    const isUsed = new Array<boolean>(count).fill(false)
    const runs = this.#reader()
    while (runs.next()) isUsed[runs.local - 1] = true
    return isUsed.includes(false)
  }

  write(out: ByteWriter): boolean {
    const states = this.#states.length
    const isOne = this.#hasLocals && states === 1
    const bytes = isOne ? this.#bytes - this.#runCount : this.#bytes
    const packed = packedBytes(this.#behind - this.#first, bitsFor(states))
    if (packed < bytes || this.#mayHaveLeft()) return false
    this.#put(out)
    return true
  }

  #put(out: ByteWriter): void {
    const states = this.#states
    writeStates(out, this.#table, states)
    out.varint(this.devices)
    out.byte(listShape)
    if (this.#hasLocals && states.length === 1) {
      const held = this.#reader()
      const runs = new RunWriter(out, this.#start, false)
      while (held.next()) runs.put(held.first, held.behind, held.local)
      runs.end()
    } else out.append(this.#runs.subarray(0, this.#bytes))
  }

  addTo(runs: Runs): void {
    const held = this.#reader()
    while (held.next())
      runs.add(held.first, held.behind, this.#states[held.local - 1] as StateNumber)
  }
}
