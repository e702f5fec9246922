// Reads the body of a request, whole and within a limit, packed or not. Never looks at
// Content-Type.
import type { IncomingMessage } from 'node:http'
import { Fault } from '../../ledger/fault.ts'
import { letGo } from '../../runtime/buffer-pool.ts'
import type { Held } from './body-budget.ts'
import { Joined, type Memory, openMemory, tooLarge } from './joined.ts'
import { codingsOf, unpack } from './unpack.ts'

/**
 * The body, unpacked; throws bodyTooLarge, unsupportedEncoding, badParameter, or unavailable where
 * there is no room for it, and the reason of the signal once the client has gone.
 */
export const readBody = async (
  request: IncomingMessage,
  bytesMax: number,
  held: Held,
  gone: AbortSignal,
): Promise<Uint8Array> => {
  const codings = codingsOf(request.headers['content-encoding'])
  const isPacked = codings.length > 0
  gone.throwIfAborted()
  const body = await collect(request, bytesMax, held, isPacked ? openMemory() : held.memory)
  if (!isPacked || body.length === 0) return body
  return held.unpack(gone, () => unpack(body, codings, bytesMax, held, gone))
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
