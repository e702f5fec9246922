// Facts on their way to sheets: gathered in the order told, then sorted by sheet and device, so that
// each leaf is opened once for all that concerns it. The order told is kept within a device.
import type { FactCode } from '../states/state-table.ts'

/** Facts a chunk takes before it must be emptied. */
export const chunkFacts = 262_144

const digitBits = 11
const digits = 1 << digitBits

export class FactChunk {
  /** In use are the first `length` places of each array, in parallel. */
  length = 0
  sheets: Uint32Array = new Uint32Array(chunkFacts)
  ordinals: Uint32Array = new Uint32Array(chunkFacts)
  codes: Uint32Array = new Uint32Array(chunkFacts)
  owners: Uint32Array = new Uint32Array(chunkFacts)
  #order = new Uint32Array(chunkFacts)
  #spare = new Uint32Array(chunkFacts)
  #sorted: Uint32Array = new Uint32Array(chunkFacts)
  #isRising = true

  get isFull(): boolean {
    return this.length === chunkFacts
  }

  add(sheet: number, ordinal: number, code: FactCode, owner: number): void {
    const last = this.length - 1
    if (last >= 0 && this.#isRising) {
      const before = this.sheets[last] ?? 0
      this.#isRising = before < sheet || (before === sheet && (this.ordinals[last] ?? 0) <= ordinal)
    }
    this.sheets[this.length] = sheet
    this.ordinals[this.length] = ordinal
    this.codes[this.length] = code
    this.owners[this.length++] = owner
  }

  clear(): void {
    this.length = 0
    this.#isRising = true
  }

  /** Sorts by sheet, then ordinal, then order of adding: a stable radix sort, least digit first. */
  *sort(): Generator<void> {
    if (this.#isRising) return
    for (let i = 0; i < this.length; i++) this.#order[i] = i
    yield* this.#sortBy(this.ordinals)
    yield* this.#sortBy(this.sheets)
    this.sheets = this.#inOrder(this.sheets)
    this.ordinals = this.#inOrder(this.ordinals)
    yield
    this.codes = this.#inOrder(this.codes)
    this.owners = this.#inOrder(this.owners)
    yield
    this.#isRising = true
  }

  *#sortBy(keys: Uint32Array): Generator<void> {
    let most = 0
    for (let i = 0; i < this.length; i++) most |= keys[i] ?? 0
    for (let shift = 0; shift < 32 && most >>> shift !== 0; shift += digitBits) {
      const places = new Uint32Array(digits)
      for (let i = 0; i < this.length; i++) {
        const digit = ((keys[i] ?? 0) >>> shift) & (digits - 1)
        places[digit] = (places[digit] ?? 0) + 1
      }
      let at = 0
      for (let digit = 0; digit < digits; digit++) {
        const count = places[digit] ?? 0
        places[digit] = at
        at += count
      }
      for (let i = 0; i < this.length; i++) {
        const fact = this.#order[i] ?? 0
        const digit = ((keys[fact] ?? 0) >>> shift) & (digits - 1)
        const place = places[digit] ?? 0
        places[digit] = place + 1
        this.#spare[place] = fact
      }
      const sorted = this.#spare
      this.#spare = this.#order
      this.#order = sorted
      yield
    }
  }

  /** The values in the sorted order; their own memory serves the next call. */
  #inOrder(values: Uint32Array): Uint32Array {
    const sorted = this.#sorted
    for (let i = 0; i < this.length; i++) sorted[i] = values[this.#order[i] ?? 0] ?? 0
    this.#sorted = values
    return sorted
  }
}
