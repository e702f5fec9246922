// A look at a line before it is parsed: how much there is in it, so that no line can hold the event
// loop for long, and where its top-level numbers stand, because JSON.parse loses the digits of a
// message id. The line need not be JSON; then what is found means nothing.
import type { Buffer } from 'node:buffer'
import { skipBlank } from './blank.ts'

/** The most members, objects and arrays of one line, its own members included. */
export const partsMax = 10_000
export const levelsMax = 256

export interface Outline {
  readonly isTooLarge: boolean
  /** Of each top-level member, the place behind the colon; of one told twice the last. */
  readonly values: ReadonlyMap<string, number>
}

const quote = 0x22
const colon = 0x3a
const backslash = 0x5c
const inNumbers = new Set(new TextEncoder().encode('0123456789-+.eE'))
/** The longest name of a member that matters here, all in `\u0061` escapes. */
const nameBytesMax = 6 * 6

export const outlineOf = (bytes: Buffer, from: number, to: number): Outline => {
  const values = new Map<string, number>()
  let levels = 0
  let parts = 0
  let textStart = from
  let textEnd = from
  for (let i = from; i < to && levels <= levelsMax && parts <= partsMax; i++) {
    switch (bytes[i]) {
      case quote:
        textStart = i + 1
        textEnd = endOfText(bytes, textStart, to)
        i = textEnd
        break
      case colon:
        parts++
        if (levels === 1 && textEnd - textStart <= nameBytesMax) {
          values.set(nameOf(bytes, textStart, textEnd), i + 1)
        }
        break
      case 0x5b:
      case 0x7b:
        levels++
        parts++
        break
      case 0x5d:
      case 0x7d:
        levels--
        break
    }
  }
  return { isTooLarge: levels > levelsMax || parts > partsMax, values }
}

/** The number of JSON that stands at a place, after blanks, as it is written. */
export const numberTextAt = (bytes: Buffer, at: number, to: number): string => {
  const start = skipBlank(bytes, at, to)
  let end = start
  while (end < to && inNumbers.has(bytes[end] ?? 0)) end++
  return bytes.toString('latin1', start, end)
}

const endOfText = (bytes: Buffer, at: number, to: number): number => {
  let i = at
  while (i < to && bytes[i] !== quote) i += bytes[i] === backslash ? 2 : 1
  return i
}

const nameOf = (bytes: Buffer, from: number, to: number): string => {
  const text = bytes.toString('latin1', from, to)
  return text.includes('\\') ? unescaped(text) : text
}

const unescaped = (text: string): string => {
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}
