// A small body of JSON, read without losing the digits of a message id. Only the members that a
// report reads become values. Lines of events are read elsewhere, many at a time.
import { Buffer, isUtf8 } from 'node:buffer'
import { Fault } from '../ledger/fault.ts'
import { type MsgId, parseMsgId } from '../ledger/ids.ts'
import { skipBlank } from './json-blank.ts'
import { levelsMax, type OnMember, partsMax, walkObject } from './json-walk.ts'

const openBrace = 0x7b
const quote = 0x22

/** The place of a value, `from … to − 1`. */
interface Place {
  readonly from: number
  readonly to: number
}

/** An object of JSON as it is written. Of a name that is there twice, the last member counts. */
export class JsonObject {
  readonly #bytes: Buffer
  readonly #members = new Map<string, Place>()

  /** Throws badParameter where it is no whole object. */
  constructor(bytes: Buffer, { from, to }: Place) {
    this.#bytes = bytes
    const names: (readonly [Place, Place])[] = []
    const onMember: OnMember = (nameFrom, nameTo, valueFrom, valueTo) => {
      const name = { from: nameFrom - 1, to: nameTo + 1 }
      names.push([name, { from: valueFrom, to: valueTo }])
    }
    const flaw = walkObject(bytes, from, to, onMember, 1)
    if (flaw !== undefined) throw bad(flaws[flaw])
    for (const [name, value] of names) this.#members.set(String(this.#read(name)), value)
  }

  get names(): Iterable<string> {
    return this.#members.keys()
  }

  /** As JSON.parse has it; undefined where there is no such member. */
  value(name: string): unknown {
    const place = this.#members.get(name)
    return place && this.#read(place)
  }

  /** A message id, from a JSON number or a string of digits. */
  msgId(name: string): MsgId | undefined {
    const place = this.#members.get(name)
    if (place === undefined) return undefined
    const written = this.#text(place)
    const text = this.#bytes[place.from] === quote ? JSON.parse(written) : written
    return parseMsgId(text)
  }

  object(name: string): JsonObject | undefined {
    const place = this.#members.get(name)
    const isObject = place !== undefined && this.#bytes[place.from] === openBrace
    return isObject ? new JsonObject(this.#bytes, place) : undefined
  }

  #text({ from, to }: Place): string {
    return this.#bytes.toString('utf8', from, to)
  }

  #read(place: Place): unknown {
    return JSON.parse(this.#text(place))
  }
}

/** The object that a body is. Throws badParameter. */
export const parseObject = (body: Uint8Array): JsonObject => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (!isUtf8(bytes)) throw bad(flaws['no UTF-8'])
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const from = skipBlank(bytes, hasMark ? 3 : 0, bytes.length)
  if (bytes[from] !== quote) return new JsonObject(bytes, { from, to: bytes.length })
  // An old Node SDK encodes its body twice: a JSON string that contains the object.
  const inner = Buffer.from(textIn(bytes.toString('utf8', from)))
  return new JsonObject(inner, { from: skipBlank(inner, 0, inner.length), to: inner.length })
}

const textIn = (text: string): string => {
  try {
    return String(JSON.parse(text))
  } catch {
    throw bad(flaws.broken)
  }
}

const flaws = {
  'no object': 'the body must be a JSON object',
  broken: 'the body is not valid JSON',
  'no UTF-8': 'the body is not UTF-8',
  'too large': `the body must have at most ${partsMax} values, ${levelsMax} levels deep`,
} as const

const bad = (message: string): Fault => new Fault('badParameter', message)
