// Reads the body of a request, whole and within a limit, packed or not. Never looks at Content-Type.
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Fault } from '../ledger/fault.ts'
import type { Held, Room } from './room.ts'

const unpack = promisify(gunzip)
// Node comes back to the event loop for every piece: of 16 MB in its own 16 KiB it holds it, at the end,
// many times longer.
const pieceBytes = 65_536

/**
 * The body, unpacked; throws bodyTooLarge, unsupportedEncoding, badParameter, or unavailable where
 * there is no room for it.
 */
export const readBody = async (
  request: IncomingMessage,
  bytesMax: number,
  room: Room,
  held: Held,
): Promise<Uint8Array> => {
  const encoding = (request.headers['content-encoding'] ?? '').trim().toLowerCase()
  const isPacked = encoding === 'gzip' || encoding === 'x-gzip'
  if (!isPacked && encoding !== '' && encoding !== 'identity')
    throw new Fault('unsupportedEncoding')
  const body = await collect(request, bytesMax, held)
  if (!isPacked || body.length === 0) return body
  const unpacking = { maxOutputLength: bytesMax, chunkSize: pieceBytes }
  try {
    const unpacked = await room.unpack(() => unpack(body, unpacking))
    held.take(unpacked.length)
    return unpacked
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    if (isCode(cause, 'ERR_BUFFER_TOO_LARGE')) throw tooLarge(bytesMax)
    throw new Fault('badParameter', 'the body is not what its Content-Encoding says: broken gzip')
  }
}

const collect = (request: IncomingMessage, bytesMax: number, held: Held): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const told = Number(request.headers['content-length'] ?? 0)
    const most = told > 0 && told <= bytesMax ? told : bytesMax
    let body: Buffer = Buffer.alloc(0)
    let bytes = 0
    let isRefused = false
    const refuse = (why: unknown): void => {
      isRefused = true
      body = Buffer.alloc(0)
      reject(why)
    }
    // Keeps reading what is refused, or a caller still sending would never read its answer.
    request.on('data', (chunk: Uint8Array) => {
      if (isRefused) return
      const at = bytes
      bytes += chunk.length
      if (bytes > bytesMax) return refuse(tooLarge(bytesMax))
      try {
        held.take(chunk.length)
      } catch (fault) {
        return refuse(fault)
      }
      // Room by what came, not by what was announced; and joined as it comes, not all at the end.
      if (bytes > body.length) body = held.memory(Math.max(bytes, Math.min(most, 8 * bytes)))
      body.set(chunk, at)
    })
    request.once('end', () => resolve(body.subarray(0, bytes)))
    request.once('error', () => refuse(new Fault('malformed', 'the body ended early')))
    if (told > bytesMax) refuse(tooLarge(bytesMax))
  })

const tooLarge = (bytesMax: number): Fault =>
  new Fault('bodyTooLarge', `The body may hold at most ${bytesMax} bytes, unpacked`)

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
