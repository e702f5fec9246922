// A walk over the text of one JSON object. It checks every byte as JSON.parse would and reports the
// places of the object's own members, but builds no values. Broken text costs no more than valid
// text: nothing is thrown, and the walk ends at the first wrong byte.
import { type Buffer, isUtf8 } from 'node:buffer'
import { skipBlank } from './json-blank.ts'

/** The most members, objects and arrays of one object, its own members included. */
export const partsMax = 10_000
export const levelsMax = 256

/** Why a text is not read. */
export type Flaw = 'no object' | 'broken' | 'no UTF-8' | 'too large'

/**
 * Receives a member of the object: its name between the quotes, and its value, `from … to − 1`
 * each. Until the walk has ended without a flaw, the text may still turn out to be broken.
 */
export type OnMember = (nameFrom: number, nameTo: number, from: number, to: number) => void

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const letterU = 0x75
/** In ASCII the closing brace and bracket are so far behind the opening ones. */
const toCloser = 2

const asciiOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const words = new Map(['null', 'true', 'false'].map((word) => [word.charCodeAt(0), asciiOf(word)]))
/** 1 for the bytes that may follow a backslash. */
const escaped = new Uint8Array(256)
for (const byte of asciiOf('"\\/bfnrtu')) escaped[byte] = 1
const hexadecimal = new Uint8Array(256)
for (const byte of asciiOf('0123456789abcdefABCDEF')) hexadecimal[byte] = 1

/** By level, the byte that closes it; nothing closes level 0. */
const closers = new Uint8Array(levelsMax + 1)
const none = -1

/**
 * Walks over the text `from … to − 1`, which must begin with its first byte that is not blank. An
 * element of an array counts as a part too where its caller makes values of all of them.
 */
export const walkObject = (
  bytes: Buffer,
  from: number,
  to: number,
  onMember: OnMember,
  elementParts: 0 | 1 = 0,
): Flaw | undefined => {
  if (from >= to || bytes[from] !== openBrace) return 'no object'
  let [levels, parts, at] = [0, 0, from]
  let [nameFrom, nameTo, valueFrom] = [0, 0, 0]
  for (;;) {
    if (closers[levels] === closeBrace) {
      const end = at < to && bytes[at] === quote ? textEnd(bytes, at + 1, to) : none
      if (end === none) return 'broken'
      if (levels === 1) [nameFrom, nameTo] = [at + 1, end]
      at = skipBlank(bytes, end + 1, to)
      if (at >= to || bytes[at] !== colon) return 'broken'
      parts++
      at = skipBlank(bytes, at + 1, to)
      if (levels === 1) valueFrom = at
    } else {
      parts += elementParts
    }
    const first = at < to ? (bytes[at] as number) : 0
    const isOpened = first === openBrace || first === openBracket
    if (isOpened) parts++
    if (parts > partsMax) return 'too large'
    if (isOpened) {
      if (levels === levelsMax) return 'too large'
      closers[++levels] = first + toCloser
      at = skipBlank(bytes, at + 1, to)
      if (at >= to) return 'broken'
      if (bytes[at] !== closers[levels]) continue
    } else {
      at = scalarEnd(bytes, at, to)
      if (at === none) return 'broken'
      if (levels === 1) onMember(nameFrom, nameTo, valueFrom, at)
      at = skipBlank(bytes, at, to)
    }
    while (at < to && bytes[at] === closers[levels]) {
      levels--
      at++
      if (levels === 0) return flawBehind(bytes, from, at, to)
      if (levels === 1) onMember(nameFrom, nameTo, valueFrom, at)
      at = skipBlank(bytes, at, to)
    }
    if (at >= to || bytes[at] !== comma) return 'broken'
    at = skipBlank(bytes, at + 1, to)
  }
}

const flawBehind = (bytes: Buffer, from: number, at: number, to: number): Flaw | undefined => {
  if (skipBlank(bytes, at, to) < to) return 'broken'
  return isUtf8(bytes.subarray(from, at)) ? undefined : 'no UTF-8'
}

/** The closing quote of the string whose first byte is at `at`, or −1. */
export const textEnd = (bytes: Buffer, at: number, to: number): number => {
  for (let i = at; i < to; i++) {
    const byte = bytes[i] as number
    if (byte === quote) return i
    if (byte < 0x20) return none
    if (byte !== backslash) continue
    i++
    if (i >= to || escaped[bytes[i] as number] !== 1) return none
    if (bytes[i] !== letterU) continue
    for (const end = i + 4; i < end; i++) {
      if (i + 1 >= to || hexadecimal[bytes[i + 1] as number] !== 1) return none
    }
  }
  return none
}

/** After the string, number or word at `at`, or −1. */
const scalarEnd = (bytes: Buffer, at: number, to: number): number => {
  if (at >= to) return none
  const first = bytes[at] as number
  if (first === quote) {
    const end = textEnd(bytes, at + 1, to)
    return end === none ? none : end + 1
  }
  const word = words.get(first)
  return word === undefined ? numberEnd(bytes, at, to) : wordEnd(bytes, at, to, word)
}

const wordEnd = (bytes: Buffer, at: number, to: number, word: Uint8Array): number => {
  if (at + word.length > to) return none
  for (let i = 1; i < word.length; i++) if (bytes[at + i] !== word[i]) return none
  return at + word.length
}

const numberEnd = (bytes: Buffer, from: number, to: number): number => {
  const first = bytes[from] === minus ? from + 1 : from
  let at = first < to && bytes[first] === zero ? first + 1 : digitsEnd(bytes, first, to)
  if (at !== none && at < to && bytes[at] === point) at = digitsEnd(bytes, at + 1, to)
  if (at === none || at >= to || ((bytes[at] as number) | 0x20) !== 0x65) return at
  const sign = at + 1 < to ? bytes[at + 1] : 0
  return digitsEnd(bytes, sign === minus || sign === 0x2b ? at + 2 : at + 1, to)
}

/** After the digits at `at`, or −1 where there are none. */
const digitsEnd = (bytes: Buffer, at: number, to: number): number => {
  let i = at
  while (i < to && (bytes[i] as number) >= zero && (bytes[i] as number) <= 0x39) i++
  return i === at ? none : i
}

/** The text of a valid string between its quotes. */
export const textAt = (bytes: Buffer, from: number, to: number): string => {
  for (let i = from; i < to; i++) {
    if (bytes[i] === backslash) return JSON.parse(bytes.toString('utf8', from - 1, to + 1))
  }
  return bytes.toString('utf8', from, to)
}
