// The fastest reader of a line: a feed tells line after line of one shape, in which only the device, the
// time and the message change. A line that the scanner was sure of becomes a template: its bytes, with
// holes where those three stood. The next line that is the same but for what fills the holes reads
// the same. Where none fits, scan.ts reads on; whatever is unusual never becomes a template.
import type { Buffer } from 'node:buffer'
import { registrationIdBytesMax } from '../ledger/ids.ts'
import type { DevicePlaces, RawEvent } from './raw.ts'
import { exactDigitsMax, msgIds, plain, unsure } from './scan.ts'

type Kind = 'id' | 'time' | 'msgId'

/** Bytes that stand in every line of a shape, four at a time. */
interface Piece {
  readonly words: Int32Array
  readonly rest: Uint8Array
  readonly length: number
}

interface Digits {
  readonly bytes: Uint8Array
  length: number
}

interface Template {
  /** One more than there are holes. */
  readonly pieces: readonly Piece[]
  readonly holes: readonly Kind[]
  /** What the holes held in the line before: mostly the same numbers again, which need not be read. */
  readonly filled: readonly Digits[]
  /** Of the line before. */
  readonly raw: RawEvent
  /** How many lines it has read. */
  hits: number
  /** What followed it the last time: shapes come in turns. */
  next: Template | undefined
}

export interface Templates {
  /**
   * As scanEvent, but unsure of everything that was never seen. Never goes over a line's end. The view is
   * of the same bytes.
   */
  read(
    bytes: Buffer,
    view: DataView,
    from: number,
    to: number,
    raw: RawEvent,
    places: DevicePlaces,
  ): number
  /** Keeps the shape of the line `from … to − 1`, of one device, which scanEvent has read. */
  learn(bytes: Buffer, from: number, to: number, raw: RawEvent, places: DevicePlaces): void
}

/** So many shapes are tried before a line is scanned; one more takes the place of the oldest. */
const templatesMax = 8
const bytesMax = 1024
const patienceMax = 64
const zero = 0x30
const nine = 0x39
const newline = 0x0a
const msgIdDigitsMax = 19

/** Fills in what it reads where the line has this shape; the place after it, or unsure. */
const fits = (
  template: Template,
  bytes: Buffer,
  view: DataView,
  from: number,
  to: number,
  raw: RawEvent,
  places: DevicePlaces,
): number => {
  const { pieces, holes, filled, raw: before } = template
  let idStart = 0
  let idEnd = 0
  let at = from
  for (let p = 0; ; p++) {
    const piece = pieces[p] as Piece
    if (at + piece.length > to || !isAt(view, at, piece)) return unsure
    at += piece.length
    if (p === holes.length) break
    const start = at
    if (holes[p] === 'id') {
      const most = Math.min(to, start + registrationIdBytesMax)
      while (at < most && plain[bytes[at] as number] === 1) at++
      if (at === start) return unsure
      idStart = start
      idEnd = at
    } else if (isAgain(bytes, at, to, filled[p] as Digits)) {
      at += (filled[p] as Digits).length
    } else {
      if (bytes[at] === zero) return unsure
      let value = 0
      for (; at < to; at++) {
        const byte = bytes[at] as number
        if (!isDigit(byte)) break
        value = value * 10 + byte - zero
      }
      const digits = at - start
      if (holes[p] === 'time') {
        if (digits === 0 || digits > exactDigitsMax) return unsure
        before.time = value
      } else {
        if (digits === 0 || digits > msgIdDigitsMax) return unsure
        before.msgId = msgIds(bytes, start, digits)
      }
      keep(bytes, start, digits, filled[p] as Digits)
    }
  }
  template.hits += 1
  places.add(idStart, idEnd - idStart)
  raw.type = before.type
  raw.platform = before.platform
  raw.channel = before.channel
  raw.kind = before.kind
  raw.msgId = before.msgId
  raw.time = before.time
  raw.idFault = undefined
  return at
}

export const openTemplates = (): Templates => {
  const known: Template[] = []
  let oldest = 0
  let last: Template | undefined
  let misses = 0
  let patience = 1

  return {
    read: (bytes, view, from, to, raw, places) => {
      const guess = last?.next
      if (guess !== undefined) {
        const end = fits(guess, bytes, view, from, to, raw, places)
        if (end !== unsure) {
          last = guess
          return end
        }
      }
      for (const template of known) {
        if (template === guess) continue
        const end = fits(template, bytes, view, from, to, raw, places)
        if (end === unsure) continue
        if (last !== undefined) last.next = template
        last = template
        return end
      }
      return unsure
    },
    learn: (bytes, from, to, raw, places) => {
      misses += 1
      if (misses % patience !== 0) return
      const line = bytes.subarray(from, to)
      if (line.length > bytesMax || line.includes(newline)) return
      const before = known[oldest]
      // Of shapes that never come again, ever fewer are kept.
      patience = before === undefined || before.hits > 0 ? 1 : Math.min(patience * 2, patienceMax)
      const template = templateOf(line, from, raw, holesIn(bytes, raw, places))
      known[oldest] = template
      oldest = (oldest + 1) % templatesMax
      if (last !== undefined) last.next = template
      last = template
    },
  }
}

interface Hole {
  readonly of: Kind
  readonly start: number
  readonly end: number
}

const holesIn = (bytes: Buffer, raw: RawEvent, places: DevicePlaces): readonly Hole[] => {
  const holes: Hole[] = [{ of: 'id', start: places.lastStart, end: places.lastEnd }]
  const { msgIdStart, msgIdEnd, timeStart, timeEnd } = raw
  if (isNumber(bytes, msgIdStart, msgIdEnd)) {
    holes.push({ of: 'msgId', start: msgIdStart, end: msgIdEnd })
  }
  if (isNumber(bytes, timeStart, timeEnd))
    holes.push({ of: 'time', start: timeStart, end: timeEnd })
  return holes.sort((a, b) => a.start - b.start)
}

/** Digits, the first of which is no zero. */
const isNumber = (bytes: Buffer, start: number, end: number): boolean => {
  for (let i = start; i < end; i++) if (!isDigit(bytes[i] ?? 0)) return false
  return end > start && bytes[start] !== zero
}

const isDigit = (byte: number): boolean => byte >= zero && byte <= nine

const pieceOf = (bytes: Buffer): Piece => {
  const words = new Int32Array(bytes.length >>> 2)
  for (let i = 0; i < words.length; i++) words[i] = bytes.readInt32LE(i * 4)
  return { words, rest: Uint8Array.from(bytes.subarray(words.length * 4)), length: bytes.length }
}

/** Whether the number stands there again, and ends there. */
const isAgain = (bytes: Buffer, at: number, to: number, { bytes: before, length }: Digits) => {
  if (length === 0 || at + length >= to || isDigit(bytes[at + length] as number)) return false
  for (let i = 0; i < length; i++) if (bytes[at + i] !== before[i]) return false
  return true
}

const keep = (bytes: Buffer, at: number, length: number, digits: Digits): void => {
  for (let i = 0; i < length; i++) digits.bytes[i] = bytes[at + i] as number
  digits.length = length
}

const isAt = (view: DataView, at: number, { words, rest }: Piece): boolean => {
  let from = at
  for (let i = 0; i < words.length; i++, from += 4) {
    if (view.getInt32(from, true) !== words[i]) return false
  }
  for (let i = 0; i < rest.length; i++) if (view.getUint8(from + i) !== rest[i]) return false
  return true
}

const templateOf = (
  line: Buffer,
  from: number,
  raw: RawEvent,
  holes: readonly Hole[],
): Template => {
  const pieces: Piece[] = []
  let at = 0
  for (const { start, end } of holes) {
    pieces.push(pieceOf(line.subarray(at, start - from)))
    at = end - from
  }
  pieces.push(pieceOf(line.subarray(at)))
  return {
    pieces,
    holes: holes.map((hole) => hole.of),
    raw: { ...raw },
    filled: holes.map(() => ({ bytes: new Uint8Array(msgIdDigitsMax), length: 0 })),
    hits: 0,
    next: undefined,
  }
}
