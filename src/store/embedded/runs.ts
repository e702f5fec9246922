// The runs of a list: devices side by side in one state, which goes by the leaf's own number. In a leaf
// of one state the number is left out.
import { type ByteReader, type ByteWriter, Damage } from './bytes.ts'

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
    const isLong = head % 2 === 1
    this.first = this.behind + (head - (isLong ? 1 : 0)) / 2
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
