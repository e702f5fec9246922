// Runs: devices side by side in one state. In columns the state goes by the table's number; as bytes of a
// list by the leaf's own, which is left out in a leaf of one state.
import { type ByteReader, type ByteWriter, Damage } from '../lmdb/bytes.ts'
import type { StateNumber } from '../states/state-table.ts'

const runsAtFirst = 1024

/** Runs in memory, by rising ordinal: `firsts[i] … behinds[i] − 1` are in state `states[i]`. */
export class Runs {
  length = 0
  firsts = new Uint32Array(runsAtFirst)
  behinds = new Uint32Array(runsAtFirst)
  states = new Uint32Array(runsAtFirst)

  /** Those that touch each other in one state become one. */
  add(first: number, behind: number, state: StateNumber): void {
    const last = this.length - 1
    if (last >= 0 && this.behinds[last] === first && this.states[last] === state) {
      this.behinds[last] = behind
      return
    }
    if (this.length === this.firsts.length) this.#grow()
    this.firsts[this.length] = first
    this.behinds[this.length] = behind
    this.states[this.length++] = state
  }

  /** Of the runs `from … to − 1`. */
  devicesIn(from: number, to: number): number {
    let devices = 0
    for (let i = from; i < to; i++) {
      devices += (this.behinds[i] as number) - (this.firsts[i] as number)
    }
    return devices
  }

  #grow(): void {
    this.firsts = longer(this.firsts)
    this.behinds = longer(this.behinds)
    this.states = longer(this.states)
  }
}

const longer = (column: Uint32Array): Uint32Array<ArrayBuffer> => {
  const grown = new Uint32Array(column.length * 2)
  grown.set(column)
  return grown
}

/** Reads run by run; the devices of the run are `first … behind − 1`. */
export class RunReader {
  first: number
  behind: number
  local = 1
  readonly #reader: ByteReader
  readonly #states: number
  readonly #hasLocals: boolean
  #left: number

  /** Of a leaf that begins at `start` and names so many states; the reader stands at the first run. */
  constructor(
    reader: ByteReader,
    start: number,
    devices: number,
    states: number,
    hasLocals = states > 1,
  ) {
    this.#reader = reader
    this.first = start
    this.behind = start
    this.#left = devices
    this.#states = states
    this.#hasLocals = hasLocals
  }

  /** False at the end. */
  next(): boolean {
    if (this.#left === 0) return false
    const reader = this.#reader
    const head = reader.varint()
    const isLong = (head & 1) === 1
    this.first = this.behind + (head < 2 ** 31 ? head >>> 1 : Math.floor(head / 2))
    if (this.#hasLocals) this.local = reader.varint()
    const devices = isLong ? reader.varint() : 1
    this.behind = this.first + devices
    this.#left -= devices
    if (this.#left < 0 || devices === 0) throw new Damage('a leaf holds other devices than it says')
    if (this.local === 0 || this.local > this.#states) throw new Damage('a state has no name')
    return true
  }
}

/** Writes runs by rising ordinal, those that touch each other in one state as one. */
export class RunWriter {
  /** Runs, and devices, written or still held back. */
  runs = 0
  devices = 0
  readonly #out: ByteWriter
  readonly #hasLocals: boolean
  /** Behind the last of the devices. */
  behind = 0
  #end: number
  #first = 0
  #local = 0

  constructor(out: ByteWriter, start: number, hasLocals: boolean) {
    this.#out = out
    this.#end = start
    this.#hasLocals = hasLocals
  }

  put(first: number, behind: number, local: number): void {
    this.devices += behind - first
    if (first === this.behind && local === this.#local) {
      this.behind = behind
      return
    }
    this.#write()
    this.runs++
    this.#first = first
    this.behind = behind
    this.#local = local
  }

  /** To be called once, behind the last. */
  end(): void {
    this.#write()
  }

  #write(): void {
    const run = this.behind - this.#first
    if (run === 0) return
    const out = this.#out
    out.varint((this.#first - this.#end) * 2 + (run > 1 ? 1 : 0))
    if (this.#hasLocals) out.varint(this.#local)
    if (run > 1) out.varint(run)
    this.#end = this.behind
  }
}
