// What one commit is to change, packed into one piece of memory so that it can be handed to another
// thread without copying: puts and removes, in order. Values are sealed here, on the way in.
import { checksumBytes, checksumOf } from './bytes.ts'

const removed = 0xffffffff
const headBytes = 6

export class WriteSet {
  #bytes: Uint8Array
  #view: DataView
  #length = 0
  count = 0

  /** It grows past the bytes that are expected. */
  constructor(expectedBytes = 65_536) {
    this.#bytes = new Uint8Array(expectedBytes)
    this.#view = new DataView(this.#bytes.buffer)
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

  /** All of it; the set must not be used afterwards. */
  packed(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Where so many bytes of a value are to stand. */
  #add(key: Uint8Array, told: number, valueBytes: number): number {
    const valueAt = this.#length + headBytes + key.length
    const needed = valueAt + valueBytes
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#view.setUint16(this.#length, key.length)
    this.#view.setUint32(this.#length + 2, told)
    this.#bytes.set(key, this.#length + headBytes)
    this.#length = needed
    this.count++
    return valueAt
  }
}

/** Walks a packed set; the value is undefined for a removal. */
export const eachWrite = (
  packed: Uint8Array,
  visit: (key: Uint8Array, value: Uint8Array | undefined) => void,
): void => {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
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
