// Content encodings of answers: what a caller takes, and packing a longer answer for it.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const pack = promisify(gzip)
/** Shorter ones are on their way before they are packed. */
const packedFromBytes = 4096

/** The encodings that an Accept-Encoding header names, but for those it rules out. */
export const encodingsTaken = (accepted: string | undefined): readonly string[] =>
  (accepted ?? '')
    .split(',')
    .filter((coding) => !/;\s*q=0(\.0*)?\s*$/i.test(coding))
    .map((coding) => coding.replace(/;.*/s, '').trim().toLowerCase())

/** Undefined where it goes out as it is. */
export const packedFor = async (
  accepted: string | undefined,
  body: string | Buffer,
): Promise<Buffer | undefined> => {
  const isWorth = body.length >= packedFromBytes && encodingsTaken(accepted).includes('gzip')
  return isWorth ? pack(body) : undefined
}
