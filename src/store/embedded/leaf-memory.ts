// Memory for the leaves that are open while one group of appends is worked out, used again for the next:
// fresh memory for each of some hundred leaves a commit costs more than reading them.

const blockBytes = 2 ** 20
/** So many blocks are kept; a group that needs more gets fresh ones. */
const blocksKept = 16

export class LeafMemory {
  readonly #blocks: ArrayBuffer[] = []
  /** In use: blocks, and bytes of the last of them. */
  #used = 0
  #at = blockBytes

  /** So many bytes, in which anything may stand, until `clear`. */
  take(bytes: number): Uint8Array {
    if (bytes > blockBytes) return new Uint8Array(bytes)
    if (this.#at + bytes > blockBytes) {
      if (this.#used === this.#blocks.length) this.#blocks.push(new ArrayBuffer(blockBytes))
      this.#used++
      this.#at = 0
    }
    const taken = new Uint8Array(this.#blocks[this.#used - 1] as ArrayBuffer, this.#at, bytes)
    this.#at += bytes
    return taken
  }

  clear(): void {
    this.#blocks.length = Math.min(this.#blocks.length, blocksKept)
    this.#used = 0
    this.#at = blockBytes
  }
}
