// Reads the body of a request, whole and within a limit, packed or not. Never looks at Content-Type.
import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { letGo } from '../buffers.ts'
import { Fault } from '../ledger/fault.ts'
import type { Held } from './room.ts'

// The event loop gets its turn after each piece.
const pieceBytes = 65_536

/**
 * The body, unpacked; throws bodyTooLarge, unsupportedEncoding, badParameter, or unavailable where
 * there is no room for it, and the reason of the signal where nobody waits for the answer any more.
 */
export const readBody = async (
  request: IncomingMessage,
  bytesMax: number,
  held: Held,
  gone: AbortSignal,
): Promise<Uint8Array> => {
  const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase()
  const isPacked = encoding === 'gzip' || encoding === 'x-gzip'
  if (!isPacked && encoding !== '' && encoding !== 'identity')
    throw new Fault('unsupportedEncoding')
  const memory = isPacked ? openMemory() : held.memory
  gone.throwIfAborted()
  const body = await collect(request, bytesMax, held, memory)
  if (!isPacked || body.length === 0) return body
  return held.unpack(gone, () => unpack(body, bytesMax, held, gone))
}

/** Gives so many bytes, which begin as those that it gave before did. */
type Memory = (bytes: number) => Buffer

/** Joins pieces as they come, not all at the end, which would hold the event loop many times longer. */
class Joined {
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

const collect = (
  request: IncomingMessage,
  bytesMax: number,
  held: Held,
  memory: Memory,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const told = Number(request.headers['content-length'] ?? 0)
    const expected = told > 0 && told <= bytesMax ? told : bytesMax
    const joined = new Joined(bytesMax, expected, held, memory)
    let isRefused = false
    const refuse = (why: unknown): void => {
      isRefused = true
      joined.drop()
      reject(why)
    }
    const add = (piece: Uint8Array): void => {
      try {
        joined.add(piece)
      } catch (fault) {
        refuse(fault)
      }
    }
    // Keeps reading what is refused, or a caller still sending would never read its answer.
    request.on('data', (piece: Uint8Array) => {
      if (!isRefused) add(piece)
      letGo(piece)
    })
    request.once('end', () => resolve(joined.whole()))
    request.once('error', () => refuse(new Fault('malformed', 'the body ended early')))
    if (told > bytesMax) refuse(tooLarge(bytesMax))
  })

const unpack = (
  packed: Uint8Array,
  bytesMax: number,
  held: Held,
  gone: AbortSignal,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const joined = new Joined(bytesMax, bytesMax, held, held.memory)
    const unpacking = createGunzip({ chunkSize: pieceBytes })
    const end = (why: unknown): void => {
      unpacking.destroy()
      reject(why)
    }
    const leave = (): void => end(gone.reason)
    gone.addEventListener('abort', leave, { once: true })
    unpacking.once('close', () => gone.removeEventListener('abort', leave))
    unpacking.on('data', (piece: Uint8Array) => {
      try {
        joined.add(piece)
      } catch (fault) {
        end(fault)
      }
    })
    unpacking.once('end', () => resolve(joined.whole()))
    unpacking.once('error', () => {
      reject(new Fault('badParameter', broken))
    })
    unpacking.end(packed)
  })

/** Apart from what is lent to the call: for a packed body, which is short, and needed only to unpack it. */
const openMemory = (): Memory => {
  let before: Buffer = Buffer.alloc(0)
  return (bytes) => {
    const next = Buffer.allocUnsafeSlow(bytes)
    next.set(before)
    before = next
    return next
  }
}

const broken = 'the body is not what its Content-Encoding says: broken gzip'

const tooLarge = (bytesMax: number): Fault =>
  new Fault('bodyTooLarge', `The body may hold at most ${bytesMax} bytes, unpacked`)
