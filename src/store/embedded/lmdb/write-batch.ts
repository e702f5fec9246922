// What one commit is to change, packed into one piece of memory that another thread can read: puts and
// removes, in order. Values are sealed here, on the way in.
import { checksumBytes, checksumOf, viewOf } from './bytes.ts'

const removed = 0xffffffff
const headBytes = 6
const bytesAtFirst = 65_536
/** Longer memory is not kept for what comes next. */
const keptBytesMax = 4 * 2 ** 20

/** Of memory that is used again, and given to other threads without copying it. */
export const sharedWriteSet = (): WriteSet =>
  new WriteSet((bytes) => new Uint8Array(new SharedArrayBuffer(bytes)))

export class WriteSet {
  readonly #allocate: (bytes: number) => Uint8Array
  #bytes: Uint8Array
  #view: DataView
  #length = 0
  /** Where what was not yet cut off begins. */
  #begin = 0
  /** Writes since then. */
  count = 0

  constructor(allocate: (bytes: number) => Uint8Array = (bytes) => new Uint8Array(bytes)) {
    this.#allocate = allocate
    this.#bytes = allocate(bytesAtFirst)
    this.#view = viewOf(this.#bytes)
  }

  /** Keeps the body, with its checksum, under the key. */
  put(key: Uint8Array, body: Uint8Array): void {
    const at = this.#add(key, checksumBytes + body.length, checksumBytes + body.length)
    this.#view.setUint32(at, checksumOf(key, body), true)
    this.#bytes.set(body, at + checksumBytes)
  }

  remove(key: Uint8Array): void {
    this.#add(key, removed, 0)
  }

  /** Of the writes since then. */
  get bytes(): number {
    return this.#length - this.#begin
  }

  /** All since the last cut, until `clear`. */
  cut(): Uint8Array {
    const packed = this.#bytes.subarray(this.#begin, this.#length)
    this.#begin = this.#length
    this.count = 0
    return packed
  }

  /** Forgets all since the last cut. */
  drop(): void {
    this.#length = this.#begin
    this.count = 0
  }

  /** Begins anew, in the memory of what was cut off. */
  clear(): void {
    this.#begin = 0
    this.drop()
    if (this.#bytes.length > keptBytesMax) this.#grow(bytesAtFirst)
  }

  /** Where so many bytes of a value are to stand. */
  #add(key: Uint8Array, told: number, valueBytes: number): number {
    const valueAt = this.#length + headBytes + key.length
    const needed = valueAt + valueBytes
    if (needed > this.#bytes.length) this.#grow(Math.max(needed, this.#bytes.length * 2))
    this.#view.setUint16(this.#length, key.length)
    this.#view.setUint32(this.#length + 2, told)
    this.#bytes.set(key, this.#length + headBytes)
    this.#length = needed
    this.count++
    return valueAt
  }

  /** What was cut off stays where it is. */
  #grow(bytes: number): void {
    const grown = this.#allocate(bytes)
    grown.set(this.#bytes.subarray(this.#begin, this.#length), this.#begin)
    this.#bytes = grown
    this.#view = viewOf(grown)
  }
}

/** Walks a packed set; the value is undefined for a removal. */
export const eachWrite = (
  packed: Uint8Array,
  visit: (key: Uint8Array, value: Uint8Array | undefined) => void,
): void => {
  const view = viewOf(packed)
  let at = 0
  while (at < packed.length) {
    const keyBytes = view.getUint16(at)
    const valueBytes = view.getUint32(at + 2)
    const keyAt = at + headBytes
    const valueAt = keyAt + keyBytes
    if (valueBytes === removed) {
      visit(packed.subarray(keyAt, valueAt), undefined)
      at = valueAt
    } else {
      visit(packed.subarray(keyAt, valueAt), packed.subarray(valueAt, valueAt + valueBytes))
      at = valueAt + valueBytes
    }
  }
}
