// Memory that one stage after the other works in: open leaves, and columns as long as what is told. Fresh
// memory for each would be garbage by the next commit, and collecting it costs more than filling it.

const blockBytes = 2 ** 20
/** So many blocks are kept; a stage that needs more gets fresh ones. */
const blocksKept = 16

interface Mark {
  readonly used: number
  readonly at: number
}

export class StageMemory {
  readonly #blocks: ArrayBuffer[] = []
  /** In use: blocks, and bytes of the last of them. */
  #used = 0
  #at = blockBytes

  /** So many bytes, in which anything may stand, until `clear`. */
  bytes(length: number): Uint8Array {
    if (length > blockBytes) return new Uint8Array(length)
    return new Uint8Array(this.#roomFor(length), this.#at - length, length)
  }

  /** As `bytes`, of numbers of 32 bits. */
  numbers(length: number): Uint32Array {
    const bytes = length * Uint32Array.BYTES_PER_ELEMENT
    if (bytes > blockBytes) return new Uint32Array(length)
    this.#at = Math.ceil(this.#at / Uint32Array.BYTES_PER_ELEMENT) * Uint32Array.BYTES_PER_ELEMENT
    return new Uint32Array(this.#roomFor(bytes), this.#at - bytes, length)
  }

  /** What was lent so far, for `release`. */
  mark(): Mark {
    return { used: this.#used, at: this.#at }
  }

  /** Takes back all that was lent since the mark. */
  release({ used, at }: Mark): void {
    this.#used = used
    this.#at = at
  }

  clear(): void {
    this.#blocks.length = Math.min(this.#blocks.length, blocksKept)
    this.#used = 0
    this.#at = blockBytes
  }

  /** The block in which so many bytes end at `#at`. */
  #roomFor(bytes: number): ArrayBuffer {
    if (this.#at + bytes > blockBytes) {
      if (this.#used === this.#blocks.length) this.#blocks.push(new ArrayBuffer(blockBytes))
      this.#used++
      this.#at = 0
    }
    this.#at += bytes
    return this.#blocks[this.#used - 1] as ArrayBuffer
  }
}
