// The fast reader of a line, the hot core of the feed: it reads the common shape of an event
// straight from the body's bytes and makes no string and no object of a device. Where a line has
// anything unusual (an escape, a byte beyond ASCII, a nested value, a member twice) it is unsure,
// and slow.ts decides. It never refuses: it is sure only of JSON objects, and reads them as slow.ts
// does.
import type { Buffer } from 'node:buffer'
import { type MsgId, parseMsgId, registrationIdBytesMax } from '../../ledger/ids.ts'
import { skipBlank } from '../../runtime/json-blank.ts'
import { partsMax } from '../../runtime/json-walk.ts'
import { type Word, wordOf } from './keyword.ts'
import { type DevicePlaces, idFaults, type RawEvent } from './parsed-line.ts'
import { openTexts, type Texts } from './string-cache.ts'
import { readInstant } from './timestamp.ts'

/** Told instead of a place in the body by every function here. */
export const unsure = -1

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const zero = 0x30
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const letterN = 0x6e
const openBrace = 0x7b
const closeBrace = 0x7d

/** 1 for bytes that stand for themselves in a string: printable ASCII but quote and backslash. */
export const plain: Uint8Array = new Uint8Array(256)
plain.fill(1, 0x20, 0x7f)
plain[quote] = 0
plain[0x5c] = 0

const asciiOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const nullWord = asciiOf('null')
const trueWord = asciiOf('true')
const falseWord = asciiOf('false')

/** Integers of so many digits are exact as numbers. */
export const exactDigitsMax = 15

export const members = [
  'type',
  'kind',
  'time',
  'msg_id',
  'channel',
  'platform',
  'registration_id',
  'registration_ids',
] as const
export type Member = (typeof members)[number]

/** Each member's name as bytes, and a bit by which a second one is noticed. */
const names = members.map((member, i) => ({
  member,
  bytes: asciiOf(member),
  place: i,
  bit: 1 << i,
}))
type Name = (typeof names)[number]
const namesByLength: (readonly Name[] | undefined)[] = []
for (const name of names) {
  const length = name.bytes.length
  namesByLength[length] = [...(namesByLength[length] ?? []), name]
}
export const words: Texts<Word> = openTexts(wordOf)
export const msgIds: Texts<MsgId | ''> = openTexts((text) => parseMsgId(text) ?? '')

/**
 * Reads the object that begins at `from`, told to end before `to`, into `raw` and adds its ids to
 * `places`. The answer is the place after it, or `unsure`: then `raw` and `places` hold anything.
 */
export const scanEvent = (
  bytes: Buffer,
  from: number,
  to: number,
  raw: RawEvent,
  places: DevicePlaces,
): number => {
  raw.clear()
  if (bytes[from] !== openBrace) return unsure
  const placesBefore = places.count
  let seen = 0
  let at = skipBlank(bytes, from + 1, to)
  if (bytes[at] === closeBrace) {
    raw.idFault = idFaults.missing
    return at + 1
  }
  // Counted already: the object, an array of ids, and the first member.
  for (let parts = 3; parts <= partsMax; parts++) {
    if (bytes[at] !== quote) return unsure
    const nameEnd = textEnd(bytes, at + 1, to)
    if (nameEnd === unsure) return unsure
    const name = nameAt(bytes, at + 1, nameEnd - at - 1)
    at = skipBlank(bytes, nameEnd + 1, to)
    if (bytes[at] !== colon) return unsure
    at = skipBlank(bytes, at + 1, to)
    if (name === undefined) at = skipScalar(bytes, at, to)
    else if ((seen & name.bit) !== 0) return unsure
    else {
      seen |= name.bit
      at = scanMember(name.member, bytes, at, to, raw, places, placesBefore)
    }
    if (at === unsure) return unsure
    at = skipBlank(bytes, at, to)
    if (bytes[at] === closeBrace) {
      if (places.count === placesBefore) raw.idFault = idFaults.missing
      return at + 1
    }
    if (bytes[at] !== comma) return unsure
    at = skipBlank(bytes, at + 1, to)
  }
  return unsure
}

/** The place after a known member's value. */
const scanMember = (
  member: Member,
  bytes: Buffer,
  at: number,
  to: number,
  raw: RawEvent,
  places: DevicePlaces,
  placesBefore: number,
): number => {
  if (bytes[at] === letterN) return skipWord(bytes, at, nullWord)
  if (member === 'msg_id') return scanMsgId(bytes, at, to, raw)
  if (member === 'time') return scanTime(bytes, at, to, raw)
  if (member === 'registration_ids') {
    // Ids told twice are a fault of the line: for slow.ts.
    return places.count === placesBefore ? scanIds(bytes, at, to, places) : unsure
  }
  if (bytes[at] !== quote) return unsure
  const start = at + 1
  const end = textEnd(bytes, start, to)
  if (end === unsure) return unsure
  switch (member) {
    case 'registration_id':
      if (places.count !== placesBefore || !isIdLength(end - start)) return unsure
      places.add(start, end - start)
      break
    default:
      raw[member] = words(bytes, start, end - start)
      raw.mark(member, start, end)
  }
  return end + 1
}

const scanIds = (bytes: Buffer, from: number, to: number, places: DevicePlaces): number => {
  if (bytes[from] !== openBracket) return unsure
  let at = skipBlank(bytes, from + 1, to)
  for (;;) {
    if (bytes[at] !== quote) return unsure
    const start = at + 1
    const end = textEnd(bytes, start, to)
    if (end === unsure || !isIdLength(end - start)) return unsure
    places.add(start, end - start)
    at = skipBlank(bytes, end + 1, to)
    if (bytes[at] === closeBracket) return at + 1
    if (bytes[at] !== comma) return unsure
    at = skipBlank(bytes, at + 1, to)
  }
}

const isIdLength = (length: number): boolean => length > 0 && length <= registrationIdBytesMax

const scanMsgId = (bytes: Buffer, at: number, to: number, raw: RawEvent): number => {
  const isText = bytes[at] === quote
  const start = isText ? at + 1 : at
  const end = isText ? textEnd(bytes, start, to) : integerEnd(bytes, start, to)
  if (end === unsure) return unsure
  raw.msgId = msgIds(bytes, start, end - start)
  raw.mark('msgId', start, end)
  return isText ? end + 1 : end
}

const scanTime = (bytes: Buffer, at: number, to: number, raw: RawEvent): number => {
  if (bytes[at] === quote) {
    const end = textEnd(bytes, at + 1, to)
    if (end === unsure) return unsure
    raw.time = readInstant(bytes, at + 1, end)
    return end + 1
  }
  const end = integerEnd(bytes, at, to)
  if (end === unsure || end - at > exactDigitsMax) return unsure
  const isNegative = bytes[at] === minus
  let value = 0
  for (let i = isNegative ? at + 1 : at; i < end; i++) value = value * 10 + (bytes[i] ?? 0) - zero
  raw.time = isNegative ? -value : value
  raw.mark('time', at, end)
  return end
}

/** The closing quote of a string of plain bytes whose first is at `at`. */
const textEnd = (bytes: Buffer, at: number, to: number): number => {
  let i = at
  while (i < to && plain[bytes[i] ?? 0] === 1) i++
  return bytes[i] === quote ? i : unsure
}

/**
 * After the integer at `at`; a fraction or an exponent behind it is found by who goes on reading.
 */
const integerEnd = (bytes: Buffer, at: number, to: number): number => {
  const first = bytes[at] === minus ? at + 1 : at
  if (bytes[first] === zero) return first + 1
  let i = first
  while (i < to && isDigit(bytes[i] ?? 0)) i++
  return i === first ? unsure : i
}

const isDigit = (byte: number): boolean => byte >= zero && byte <= 0x39

/** After the value of a member that means nothing here. */
const skipScalar = (bytes: Buffer, at: number, to: number): number => {
  switch (bytes[at]) {
    case quote: {
      const end = textEnd(bytes, at + 1, to)
      return end === unsure ? unsure : end + 1
    }
    case letterN:
      return skipWord(bytes, at, nullWord)
    case 0x74:
      return skipWord(bytes, at, trueWord)
    case 0x66:
      return skipWord(bytes, at, falseWord)
    default:
      return integerEnd(bytes, at, to)
  }
}

const skipWord = (bytes: Buffer, at: number, word: Uint8Array): number =>
  isAt(bytes, at, word) ? at + word.length : unsure

const isAt = (bytes: Buffer, at: number, word: Uint8Array): boolean => {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

const nameAt = (bytes: Buffer, at: number, length: number): Name | undefined => {
  const alike = namesByLength[length]
  if (alike === undefined) return undefined
  for (const name of alike) if (isAt(bytes, at, name.bytes)) return name
  return undefined
}

/** The place among the members of the one with this name, or −1. */
export const memberAt = (bytes: Buffer, at: number, length: number): number =>
  nameAt(bytes, at, length)?.place ?? -1
