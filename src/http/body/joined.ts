// Bytes that arrive in pieces, joined as they come: all at the end would hold the event loop many
// times longer.
import { Fault } from '../../ledger/fault.ts'
import type { Held } from './body-budget.ts'

/** Gives so many bytes, which begin as those that it gave before did. */
export type Memory = (bytes: number) => Buffer

export class Joined {
  #body: Buffer = Buffer.alloc(0)
  #bytes = 0
  readonly #bytesMax: number
  readonly #expected: number
  readonly #held: Held
  readonly #memory: Memory

  constructor(bytesMax: number, expected: number, held: Held, memory: Memory) {
    this.#bytesMax = bytesMax
    this.#expected = expected
    this.#held = held
    this.#memory = memory
  }

  /** Throws bodyTooLarge or unavailable. */
  add(piece: Uint8Array): void {
    const at = this.#bytes
    this.#bytes += piece.length
    if (this.#bytes > this.#bytesMax) throw tooLarge(this.#bytesMax)
    this.#held.take(piece.length)
    if (this.#bytes > this.#body.length) {
      // Room by what came, not by what was announced.
      this.#body = this.#memory(Math.max(this.#bytes, Math.min(this.#expected, 8 * this.#bytes)))
    }
    this.#body.set(piece, at)
  }

  whole(): Uint8Array {
    return this.#body.subarray(0, this.#bytes)
  }

  drop(): void {
    this.#body = Buffer.alloc(0)
  }
}

/**
 * Apart from what is lent to the call: for packed bytes, which are short, and needed only to unpack
 * them.
 */
export const openMemory = (): Memory => {
  let before: Buffer = Buffer.alloc(0)
  return (bytes) => {
    const next = Buffer.allocUnsafeSlow(bytes)
    next.set(before)
    before = next
    return next
  }
}

export const tooLarge = (bytesMax: number): Fault =>
  new Fault('bodyTooLarge', `The body may hold at most ${bytesMax} bytes, unpacked`)
