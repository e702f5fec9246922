// The slow reader of a line: whatever JSON can say. It is right where the scanner is unsure, and
// the measure of it: of a line that both can read they make the same raw event.
import { Buffer, isUtf8 } from 'node:buffer'
import { type MsgId, parseMsgId, parseRegistrationId } from '../ledger/ids.ts'
import { readInstant } from './instant.ts'
import { levelsMax, numberTextAt, type Outline, outlineOf, partsMax } from './outline.ts'
import { type DevicePlaces, idFaults, type RawEvent } from './raw.ts'
import { leftOut, unknown, type Word, wordOf } from './word.ts'

export const notAnObject = 'the event must be a JSON object'
const notUtf8 = 'the event must be UTF-8'
const notJson = 'the event must be valid JSON'
const bounds = `${partsMax} members, objects and arrays, ${levelsMax} levels deep`
const tooLarge = `the event must have at most ${bounds}`

const integer = /^-?\d+$/

/**
 * Reads the line `from … to − 1` into `raw`, adds its ids to `places`, and writes them as UTF-8
 * over the line's own bytes. A sentence says why the line is no JSON object; it is untouched then.
 */
export const readSlowly = (
  bytes: Buffer,
  from: number,
  to: number,
  raw: RawEvent,
  places: DevicePlaces,
): string | undefined => {
  raw.clear()
  if (!isUtf8(bytes.subarray(from, to))) return notUtf8
  const outline = outlineOf(bytes, from, to)
  if (outline.isTooLarge) return tooLarge
  let event: unknown
  try {
    event = JSON.parse(bytes.toString('utf8', from, to))
  } catch {
    return notJson
  }
  if (!isObject(event)) return notAnObject
  const member = (name: string): unknown => memberOf(event, name, outline, bytes, to)
  raw.type = wordIn(member('type'))
  raw.platform = wordIn(member('platform'))
  raw.channel = wordIn(member('channel'))
  raw.kind = wordIn(member('kind'))
  raw.msgId = msgIdOf(member('msg_id'))
  raw.time = timeOf(member('time'))
  const ids = idsOf(member('registration_id'), member('registration_ids'))
  if (typeof ids === 'string') raw.idFault = ids
  else writeOver(bytes, from, to, ids, places)
  return undefined
}

/** A number of JSON, as it is written. */
class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** JSON null and no member at all are undefined alike. */
const memberOf = (
  event: Record<string, unknown>,
  name: string,
  outline: Outline,
  bytes: Buffer,
  to: number,
): unknown => {
  if (!Object.hasOwn(event, name)) return undefined
  const value = event[name] ?? undefined
  if (typeof value !== 'number') return value
  return new NumberText(numberTextAt(bytes, outline.values.get(name) ?? to, to))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const wordIn = (value: unknown): Word => {
  if (value === undefined) return leftOut
  return typeof value === 'string' ? wordOf(value) : unknown
}

const msgIdOf = (value: unknown): MsgId | '' | undefined => {
  if (value === undefined) return undefined
  const text = value instanceof NumberText ? value.text : value
  return typeof text === 'string' ? (parseMsgId(text) ?? '') : ''
}

const timeOf = (value: unknown): number | undefined => {
  if (value === undefined) return undefined
  if (value instanceof NumberText) return integer.test(value.text) ? Number(value.text) : Number.NaN
  if (typeof value !== 'string') return Number.NaN
  const bytes = Buffer.from(value)
  return readInstant(bytes, 0, bytes.length)
}

/** The line's ids as text, or what is wrong with them. */
const idsOf = (id: unknown, ids: unknown): readonly string[] | string => {
  if (id !== undefined && ids !== undefined) return idFaults.both
  if (id !== undefined) return isId(id) ? [id] : idFaults.id
  if (ids === undefined) return idFaults.missing
  if (!Array.isArray(ids) || ids.length === 0) return idFaults.list
  return ids.every(isId) ? ids : idFaults.listed
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && parseRegistrationId(value) !== undefined

const writeOver = (
  bytes: Buffer,
  from: number,
  to: number,
  ids: readonly string[],
  places: DevicePlaces,
): void => {
  let at = from
  for (const id of ids) {
    const length = Buffer.byteLength(id)
    // JSON never writes a text in fewer bytes than UTF-8 does, so the ids fit where they came from.
    if (at + length > to) throw new Error('the ids of a line are longer than the line')
    places.add(at, bytes.write(id, at))
    at += length
  }
}
