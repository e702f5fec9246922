// What one commit is to change, packed into one piece of memory so that it can be handed to another
// thread without copying: puts and removes, in order. Values are sealed here, on the way in.
import { seal } from './bytes.ts'

const removed = 0xffffffff
const headBytes = 6

export class WriteSet {
  #bytes = new Uint8Array(65_536)
  #view = new DataView(this.#bytes.buffer)
  #length = 0
  count = 0

  /** Keeps the body, with its checksum, under the key. */
  put(key: Uint8Array, body: Uint8Array): void {
    this.#add(key, seal(key, body))
  }

  remove(key: Uint8Array): void {
    this.#add(key, undefined)
  }

  /** All of it; the set must not be used afterwards. */
  packed(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #add(key: Uint8Array, value: Uint8Array | undefined): void {
    const needed = this.#length + headBytes + key.length + (value?.length ?? 0)
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#view.setUint16(this.#length, key.length)
    this.#view.setUint32(this.#length + 2, value?.length ?? removed)
    this.#bytes.set(key, this.#length + headBytes)
    if (value !== undefined) this.#bytes.set(value, this.#length + headBytes + key.length)
    this.#length = needed
    this.count++
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
