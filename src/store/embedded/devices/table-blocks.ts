// Which devices of a table in memory stand in which block on disk. A block takes ids in order of first sight
// until it is full, and the next one begins.
import { blockBytesMax, blockDevices } from './id-block.ts'

export class TableBlocks {
  /** By block: its first ordinal, and the place of its first id. */
  readonly #firsts: number[] = []
  readonly #places: number[] = []
  /** Of the ids in the last block. */
  #bytes = 0

  /** Whether the id of the next ordinal, of so many bytes, needs a new block. */
  needsNew(ordinal: number, length: number): boolean {
    const first = this.#firsts.at(-1)
    if (first === undefined || ordinal - first === blockDevices) return true
    return this.#bytes + length > blockBytesMax
  }

  begin(ordinal: number, place: number): void {
    this.#firsts.push(ordinal)
    this.#places.push(place)
    this.#bytes = 0
  }

  /** An id of so many bytes was put into the last block. */
  grow(length: number): void {
    this.#bytes += length
  }

  get count(): number {
    return this.#firsts.length
  }

  firstOf(block: number): number | undefined {
    return this.#firsts[block]
  }

  placeOf(block: number): number | undefined {
    return this.#places[block]
  }

  /** The numbers of the blocks that hold devices from an ordinal on. */
  *from(ordinal: number): Generator<number> {
    let block = this.#firsts.length - 1
    while ((this.#firsts[block] ?? 0) > ordinal) block--
    for (block = Math.max(block, 0); block < this.#firsts.length; block++) yield block
  }
}
