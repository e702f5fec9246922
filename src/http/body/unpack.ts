// The codings that a body may be sent in (Content-Encoding, RFC 9110), and their decoders. A header
// may list several in the order in which they were applied; the same limits apply after each.
import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { Fault } from '../../ledger/fault.ts'
import type { Held } from './body-budget.ts'
import { Joined, openMemory } from './joined.ts'

/** Opens the decoder of a coding for bytes of which the first is given. */
type Open = (first: number) => Transform

// The event loop gets its turn after each piece.
const chunkSize = 65_536
/**
 * The largest window of zstd that RFC 9659 allows: 8 MiB. Of brotli, 16 MiB are its own largest.
 */
const zstdWindowLogMax = 23
/** No known client sends more. */
const codingsMax = 3

/** Node has it from 22.15 on; its types are those of the oldest Node that we run on. */
const { createZstdDecompress } = zlib as unknown as {
  readonly createZstdDecompress?: (options: object) => Transform
}
const { ZSTD_d_windowLogMax: windowLogMax = 100 } = zlib.constants as unknown as {
  readonly ZSTD_d_windowLogMax?: number
}

const openGunzip: Open = () => zlib.createGunzip({ chunkSize })
/**
 * deflate is meant to have a zlib header (RFC 1950). Some clients send it without; then it never
 * begins so.
 */
const openInflate: Open = (first) =>
  (first & 0x0f) === 0x08 ? zlib.createInflate({ chunkSize }) : zlib.createInflateRaw({ chunkSize })

const codings: ReadonlyMap<string, Open> = new Map<string, Open>([
  ['gzip', openGunzip],
  ['deflate', openInflate],
  ['br', () => zlib.createBrotliDecompress({ chunkSize })],
  ...(createZstdDecompress === undefined
    ? []
    : ([
        [
          'zstd',
          () => createZstdDecompress({ chunkSize, params: { [windowLogMax]: zstdWindowLogMax } }),
        ],
      ] as const)),
])
const otherNames: ReadonlyMap<string, string> = new Map([['x-gzip', 'gzip']])

/** The names, as a caller may send them. */
export const understoodCodings: readonly string[] = [...codings.keys(), 'identity']

/** The codings of a header, in the order in which they are decoded. Throws unsupportedEncoding. */
export const codingsOf = (header = ''): readonly string[] => {
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
    .map((name) => otherNames.get(name) ?? name)
  if (names.length > codingsMax || names.some((name) => !codings.has(name))) {
    const understood = understoodCodings.join(', ')
    const message = `Content-Encoding must be of ${understood}, at most ${codingsMax} of them`
    throw new Fault('unsupportedEncoding', message)
  }
  return names.reverse()
}

/**
 * Decodes the codings that `codingsOf` returned. Throws bodyTooLarge if the result of any of them
 * is too large, badParameter if it is broken, unavailable if there is no room, and the reason of
 * the signal once it fires.
 */
export const unpack = async (
  packed: Uint8Array,
  names: readonly string[],
  bytesMax: number,
  held: Held,
  gone: AbortSignal,
): Promise<Uint8Array> => {
  let bytes = packed
  for (const [stage, name] of names.entries()) {
    const isLast = stage === names.length - 1
    const joined = new Joined(bytesMax, bytesMax, held, isLast ? held.memory : openMemory())
    gone.throwIfAborted()
    bytes = await unpackOne(bytes, name, joined, gone)
  }
  return bytes
}

const unpackOne = (
  packed: Uint8Array,
  name: string,
  joined: Joined,
  gone: AbortSignal,
): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const unpacking = codings.get(name)?.(packed[0] ?? 0)
    if (unpacking === undefined) throw new Error(`${name} is no coding`)
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
    unpacking.once('error', () => end(new Fault('badParameter', brokenAs(name))))
    unpacking.end(packed)
  })

const brokenAs = (name: string): string =>
  `the body is not what its Content-Encoding says: broken ${name}`
