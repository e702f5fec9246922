// The room for bodies: all that are in the server together, arriving, unpacked or being stored,
// take so many bytes at most, and only so many are unpacked at a time. One more is refused with
// 503. Each caller has a share, so that none of them can take all of it from the others.

import { Fault } from '../../ledger/fault.ts'
import type { Buffers } from '../../runtime/buffer-pool.ts'
import { Shares } from '../../runtime/shares.ts'
import { openTurns } from '../../runtime/turns.ts'

const roomBytesMin = 256 * 2 ** 20
/**
 * Where the largest body is larger, so many of it, so that one caller has room for two: packed and
 * unpacked.
 */
const largestBodies = 4
// As many as zlib has threads; each may grow to the largest body before its size is known.
const unpackedAtOnce = 4
const unpackedOfEach = 3
const retryAfterSeconds = 1

/** What one call holds of the room. */
export interface Held {
  /** Throws Fault `unavailable` where there is no room left. */
  take(bytes: number): void
  /**
   * Memory of at least so many bytes, lent until the release; it begins as the one lent before did.
   */
  memory(bytes: number): Buffer
  /**
   * Runs the work when it is the caller's turn to unpack. Rejects with the signal's reason where it
   * fires before.
   */
  unpack<T>(gone: AbortSignal, work: () => Promise<T>): Promise<T>
  release(): void
}

export interface Room {
  /** `caller` is an app or a group; empty for a caller without credentials. */
  hold(caller: string): Held
  /** In bytes. */
  taken(): number
}

export const roomBytesFor = (bodyBytesMax: number): number =>
  Math.max(roomBytesMin, largestBodies * bodyBytesMax)

export const openRoom = (buffers: Buffers, mostBytes: number = roomBytesMin): Room => {
  const shares = new Shares<string>(mostBytes)
  const turns = openTurns<string>(unpackedAtOnce, unpackedOfEach)

  const hold = (caller: string): Held => {
    let own = 0
    let lent: Buffer | undefined
    const giveBack = (): void => {
      if (lent !== undefined) buffers.giveBack(lent)
      lent = undefined
    }
    return {
      take(bytes) {
        if (!shares.mayTake(caller, bytes)) {
          const message = 'Too many bodies are under way; try again'
          throw new Fault('unavailable', message, { retryAfterSeconds })
        }
        shares.take(caller, bytes)
        own += bytes
      },
      memory(bytes) {
        const next = buffers.take(bytes)
        if (lent !== undefined) next.set(lent)
        giveBack()
        lent = next
        return next
      },
      unpack: (gone, work) => turns.run(caller, gone, work),
      release() {
        shares.giveBack(caller, own)
        own = 0
        giveBack()
      },
    }
  }

  return { hold, taken: () => shares.taken }
}
