// The slow reader of a line: whatever JSON can say. It is right where the scanner is unsure, and
// the measure of it: of a line that both can read they make the same raw event.
import { Buffer } from 'node:buffer'
import { type MsgId, registrationIdBytesMax } from '../../ledger/ids.ts'
import { skipBlank } from '../../runtime/json-blank.ts'
import { levelsMax, partsMax, textAt, textEnd, walkObject } from '../../runtime/json-walk.ts'
import { unescapeId } from './escaped-id.ts'
import { type Member, memberAt, members, msgIds, words } from './fast-parser.ts'
import { leftOut, unknown, type Word } from './keyword.ts'
import { type DevicePlaces, idFaults, type RawEvent } from './parsed-line.ts'
import type { Texts } from './string-cache.ts'
import { readInstant } from './timestamp.ts'

export const notAnObject = 'the event must be a JSON object'
const bounds = `${partsMax} members, objects and arrays, ${levelsMax} levels deep`
/** Why a line is no event. */
const flaws = {
  'no object': notAnObject,
  broken: 'the event must be valid JSON',
  'no UTF-8': 'the event must be UTF-8',
  'too large': `the event must have at most ${bounds}`,
} as const

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const letterN = 0x6e
const integer = /^-?\d+$/
/** The longest name of a known member, all in `\u0061` escapes. */
const nameBytesMax = 6 * 'registration_ids'.length

export interface SlowReader {
  /**
   * Reads the line `from … to − 1` into `raw` and adds its ids to `places`. A sentence says why the
   * line is no JSON object.
   */
  read(from: number, to: number): string | undefined
  /** Writes the ids of the line that have escapes as UTF-8, over the line's own bytes. */
  keep(): void
}

export const openSlowReader = (bytes: Buffer, raw: RawEvent, places: DevicePlaces): SlowReader => {
  /** The place of each member's value; 0 for none. */
  const froms = new Int32Array(members.length)
  const tos = new Int32Array(members.length)
  const ids = openIds(bytes, places)

  const onMember = (nameFrom: number, nameTo: number, from: number, to: number): void => {
    const place = placeOf(bytes, nameFrom, nameTo)
    if (place < 0) return
    // JSON null and no member at all are alike.
    froms[place] = bytes[from] === letterN ? 0 : from
    tos[place] = to
  }
  const fromOf = (member: Member): number => froms[members.indexOf(member)] as number
  const toOf = (member: Member): number => tos[members.indexOf(member)] as number

  const wordIn = (member: Member): Word => {
    const from = fromOf(member)
    return from === 0 ? leftOut : (textOf(bytes, from, toOf(member), words) ?? unknown)
  }
  const msgIdIn = (from: number, to: number): MsgId | '' | undefined => {
    if (from === 0) return undefined
    if (isNumber(bytes, from)) return msgIds(bytes, from, to - from)
    return textOf(bytes, from, to, msgIds) ?? ''
  }
  const timeIn = (from: number, to: number): number | undefined => {
    if (from === 0) return undefined
    if (isNumber(bytes, from)) {
      const text = bytes.toString('latin1', from, to)
      return integer.test(text) ? Number(text) : Number.NaN
    }
    return textOf(bytes, from, to, instants) ?? Number.NaN
  }

  /** What is wrong with the line's ids. */
  const readIds = (): string | undefined => {
    const [id, list] = [fromOf('registration_id'), fromOf('registration_ids')]
    if (id !== 0 && list !== 0) return idFaults.both
    if (list !== 0) return ids.addAll(list, toOf('registration_ids'))
    if (id === 0) return idFaults.missing
    const isText = bytes[id] === quote
    return isText && ids.add(id + 1, toOf('registration_id') - 1) ? undefined : idFaults.id
  }

  return {
    read: (from, to) => {
      raw.clear()
      froms.fill(0)
      ids.clear()
      const flaw = walkObject(bytes, from, to, onMember)
      if (flaw !== undefined) return flaws[flaw]
      raw.type = wordIn('type')
      raw.platform = wordIn('platform')
      raw.channel = wordIn('channel')
      raw.kind = wordIn('kind')
      raw.msgId = msgIdIn(fromOf('msg_id'), toOf('msg_id'))
      raw.time = timeIn(fromOf('time'), toOf('time'))
      raw.idFault = readIds()
      return undefined
    },
    keep: ids.keep,
  }
}

/** The most bytes in which an id can be written: each of its own as an escape of six. */
const escapedBytesMax = 6 * registrationIdBytesMax
const scratch = Buffer.alloc(escapedBytesMax)

/** The ids of one line after the other. */
const openIds = (bytes: Buffer, places: DevicePlaces) => {
  /** The places of ids with escapes: from and to, in turn. */
  const escaped: number[] = []

  /** Adds the id in the string between these quotes; false where it is none. */
  const add = (from: number, to: number): boolean => {
    if (isEscaped(bytes, from, to)) return addEscaped(from, to)
    if (!isId(bytes, from, to)) return false
    places.add(from, to - from)
    return true
  }
  const addEscaped = (from: number, to: number): boolean => {
    if (to - from > escapedBytesMax) return false
    const length = unescapeId(bytes, from, to, scratch, 0)
    if (!isId(scratch, 0, length)) return false
    places.add(from, length)
    escaped.push(from, to)
    return true
  }
  /** Adds those of an array; gives what is wrong with it. */
  const addAll = (from: number, to: number): string | undefined => {
    let at = bytes[from] === openBracket ? skipBlank(bytes, from + 1, to) : to
    if (at === to || bytes[at] === closeBracket) return idFaults.list
    for (;;) {
      if (bytes[at] !== quote) return idFaults.listed
      const end = textEnd(bytes, at + 1, to)
      if (!add(at + 1, end)) return idFaults.listed
      at = skipBlank(bytes, end + 1, to)
      if (bytes[at] !== comma) return undefined
      at = skipBlank(bytes, at + 1, to)
    }
  }
  return {
    add,
    addAll,
    clear: () => {
      escaped.length = 0
    },
    keep: () => {
      for (let i = 0; i < escaped.length; i += 2) {
        const from = escaped[i] as number
        unescapeId(bytes, from, escaped[i + 1] as number, bytes, from)
      }
    },
  }
}

/** The place of the member of this name, or −1. */
const placeOf = (bytes: Buffer, from: number, to: number): number => {
  if (to - from > nameBytesMax) return -1
  const known = memberAt(bytes, from, to - from)
  if (known >= 0 || !isEscaped(bytes, from, to)) return known
  const name = Buffer.from(textAt(bytes, from, to))
  return memberAt(name, 0, name.length)
}

/** What the text of a string reads as; undefined for any other value. */
const textOf = <Value>(
  bytes: Buffer,
  from: number,
  to: number,
  read: Texts<Value>,
): Value | undefined => {
  if (bytes[from] !== quote) return undefined
  if (!isEscaped(bytes, from + 1, to - 1)) return read(bytes, from + 1, to - from - 2)
  const text = Buffer.from(textAt(bytes, from + 1, to - 1))
  return read(text, 0, text.length)
}

const instants: Texts<number> = (bytes, start, length) => readInstant(bytes, start, start + length)

const isEscaped = (bytes: Buffer, from: number, to: number): boolean => {
  for (let i = from; i < to; i++) if (bytes[i] === backslash) return true
  return false
}

/**
 * Whether a string of JSON without escapes is a registration id: not every length and byte may be
 * in one.
 */
const isId = (bytes: Buffer, from: number, to: number): boolean => {
  if (to <= from || to - from > registrationIdBytesMax) return false
  for (let i = from; i < to; i++) {
    const byte = bytes[i] as number
    // Control characters: U+007F, and U+0080 to U+009F; JSON has none below U+0020.
    if (byte === 0x7f || (byte === 0xc2 && (bytes[i + 1] as number) < 0xa0)) return false
  }
  return true
}

/** Of a value of JSON, by its first byte. */
const isNumber = (bytes: Buffer, from: number): boolean => {
  const first = bytes[from] as number
  return first === minus || (first >= 0x30 && first <= 0x39)
}
