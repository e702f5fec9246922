// The room for bodies: all that are in the server together, arriving, unpacked or being told, take
// so many bytes at most, and only so many are unpacked at a time. One more is refused with 503.
import type { Buffers } from '../buffers.ts'
import { Fault } from '../ledger/fault.ts'

const roomBytesMax = 256 * 2 ** 20
// As many as zlib has threads; each may grow to the largest body before its size is known.
const unpackedAtOnce = 4
const retryAfterSeconds = 1

/** What one call holds of the room. */
export interface Held {
  /** Throws Fault `unavailable` where there is no room left. */
  take(bytes: number): void
  /** Memory of at least so many bytes, lent until the release; it begins as the one lent before did. */
  memory(bytes: number): Buffer
  release(): void
}

export interface Room {
  hold(): Held
  /** Runs the work when it is its turn to unpack. */
  unpack<T>(work: () => Promise<T>): Promise<T>
  /** In bytes. */
  taken(): number
}

export const openRoom = (buffers: Buffers, mostBytes: number = roomBytesMax): Room => {
  let taken = 0
  let unpacking = 0
  const waiting: (() => void)[] = []

  const hold = (): Held => {
    let own = 0
    let lent: Buffer | undefined
    const giveBack = (): void => {
      if (lent !== undefined) buffers.giveBack(lent)
      lent = undefined
    }
    return {
      take(bytes) {
        if (taken + bytes > mostBytes) {
          const message = 'Too many bodies are under way; try again'
          throw new Fault('unavailable', message, { retryAfterSeconds })
        }
        taken += bytes
        own += bytes
      },
      memory(bytes) {
        const next = buffers.take(bytes)
        if (lent !== undefined) next.set(lent)
        giveBack()
        lent = next
        return next
      },
      release() {
        taken -= own
        own = 0
        giveBack()
      },
    }
  }

  const unpack = async <T>(work: () => Promise<T>): Promise<T> => {
    if (unpacking >= unpackedAtOnce) await new Promise<void>((go) => waiting.push(go))
    else unpacking++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) unpacking--
      else next()
    }
  }

  return { hold, unpack, taken: () => taken }
}
