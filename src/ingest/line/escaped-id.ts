// Decoding of a registration id that is written with JSON escapes, byte by byte. A line may have
// half a million of them; a JavaScript string for each would take half a second.
import type { Buffer } from 'node:buffer'

const backslash = 0x5c
const letterU = 0x75
/** The meaning of the letter after a backslash; 0 for control characters, which no id may have. */
const letters = new Uint8Array(128)
for (const same of '"\\/') letters[same.charCodeAt(0)] = same.charCodeAt(0)

const noId = -1

/**
 * Writes the string of JSON between two quotes, `from … to − 1`, as UTF-8 to `out` at `at`, and
 * returns the place after it; −1 if it has a control character or half of a surrogate pair. Never
 * writes more bytes than it has read, so `out` may be `bytes` themselves.
 */
export const unescapeId = (
  bytes: Buffer,
  from: number,
  to: number,
  out: Buffer,
  at: number,
): number => {
  let end = at
  for (let i = from; i < to; ) {
    const byte = bytes[i] as number
    if (byte !== backslash) {
      out[end++] = byte
      i++
      continue
    }
    const letter = bytes[i + 1] as number
    let point = letters[letter] as number
    i += 2
    if (letter === letterU) {
      point = unitAt(bytes, i)
      i += 4
      if (isHighHalf(point) && bytes[i] === backslash && bytes[i + 1] === letterU) {
        const low = unitAt(bytes, i + 2)
        if (!isLowHalf(low)) return noId
        point = 0x10000 + ((point - 0xd800) << 10) + low - 0xdc00
        i += 6
      }
    }
    if (point < 0x20 || (point >= 0xd800 && point < 0xe000)) return noId
    end = write(point, out, end)
  }
  return end
}

const isHighHalf = (unit: number): boolean => unit >= 0xd800 && unit < 0xdc00
const isLowHalf = (unit: number): boolean => unit >= 0xdc00 && unit < 0xe000

/** The number of four hexadecimal digits. */
const unitAt = (bytes: Buffer, at: number): number => {
  let unit = 0
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i] as number
    unit = unit * 16 + (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57)
  }
  return unit
}

const write = (point: number, out: Buffer, at: number): number => {
  if (point < 0x80) {
    out[at] = point
    return at + 1
  }
  let end = at
  if (point < 0x800) out[end++] = 0xc0 | (point >> 6)
  else {
    if (point < 0x10000) out[end++] = 0xe0 | (point >> 12)
    else {
      out[end++] = 0xf0 | (point >> 18)
      out[end++] = 0x80 | ((point >> 12) & 0x3f)
    }
    out[end++] = 0x80 | ((point >> 6) & 0x3f)
  }
  out[end++] = 0x80 | (point & 0x3f)
  return end
}
