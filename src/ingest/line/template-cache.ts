// The fastest reader of a line: a feed tells line after line of one shape, in which only the values
// change. A line of one device that the scanner was sure of becomes a template: its bytes, with holes
// where the values stood. The next line that is the same but for what fills the holes reads the same.
// Where none fits, scan.ts reads on; whatever is unusual never becomes a template.
import type { Buffer } from 'node:buffer'
import { registrationIdBytesMax } from '../../ledger/ids.ts'
import { exactDigitsMax, msgIds, plain, unsure, words } from './fast-parser.ts'
import type { DevicePlaces, RawEvent, Single } from './parsed-line.ts'

/** Bytes that stand in every line of a shape, four at a time. */
interface Piece {
  readonly words: Int32Array
  readonly rest: Uint8Array
  readonly length: number
}

/** Where each line has its own bytes: those of the line before, which often stand there again. */
interface Hole {
  readonly of: Single | 'id'
  readonly bytes: DataView
  length: number
}

interface Template {
  /** One more than there are holes. */
  readonly pieces: readonly Piece[]
  readonly holes: readonly Hole[]
  /** Of the line before. */
  readonly raw: RawEvent
  /** How many lines it has read. */
  hits: number
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
/** Of a message id; no word is longer. */
const holeBytesMax = 19

/** Fills in what it reads where the line has this shape; the place after it, or unsure. */
const fits = (
  { pieces, holes, raw: before }: Template,
  bytes: Buffer,
  view: DataView,
  from: number,
  to: number,
  raw: RawEvent,
  places: DevicePlaces,
): number => {
  let idStart = 0
  let idEnd = 0
  let at = from
  for (let p = 0; ; p++) {
    const piece = pieces[p] as Piece
    if (at + piece.length > to || !isAt(view, at, piece)) return unsure
    at += piece.length
    if (p === holes.length) break
    const hole = holes[p] as Hole
    if (hole.of === 'id') {
      idStart = at
      const most = Math.min(to, at + registrationIdBytesMax)
      while (at < most && plain[bytes[at] as number] === 1) at++
      if (at === idStart) return unsure
      idEnd = at
    } else if (isAgain(view, at, to, hole)) at += hole.length
    else {
      const end = fill(hole, bytes, at, to, before)
      if (end === unsure) return unsure
      at = end
    }
  }
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

/** Reads what stands in a hole, other than in the line before; the place after it, or unsure. */
const fill = (hole: Hole, bytes: Buffer, from: number, to: number, raw: RawEvent): number => {
  const most = Math.min(to, from + holeBytesMax)
  let at = from
  switch (hole.of) {
    case 'id':
      return unsure
    case 'time':
    case 'msgId': {
      if (bytes[at] === zero) return unsure
      let value = 0
      for (; at < most && isDigit(bytes[at] as number); at++) {
        value = value * 10 + (bytes[at] as number) - zero
      }
      if (at === from || (hole.of === 'time' && at - from > exactDigitsMax)) return unsure
      if (hole.of === 'time') raw.time = value
      else raw.msgId = msgIds(bytes, from, at - from)
      break
    }
    default:
      while (at < most && plain[bytes[at] as number] === 1) at++
      raw[hole.of] = words(bytes, from, at - from)
  }
  hole.length = at - from
  for (let i = 0; i < hole.length; i++) hole.bytes.setUint8(i, bytes[from + i] as number)
  return at
}

/** Whether the same stands there again, and ends there. */
const isAgain = (view: DataView, at: number, to: number, { of, bytes, length }: Hole) => {
  if (length === 0 || at + length >= to) return false
  let i = 0
  for (; i + 4 <= length; i += 4) {
    if (view.getInt32(at + i, true) !== bytes.getInt32(i, true)) return false
  }
  for (; i < length; i++) if (view.getUint8(at + i) !== bytes.getUint8(i)) return false
  const next = view.getUint8(at + length)
  return of === 'time' || of === 'msgId' ? !isDigit(next) : plain[next] === 0
}

export const openTemplates = (): Templates => {
  const known: Template[] = []
  let oldest = 0
  let last: Template | undefined
  let misses = 0
  let patience = 1

  return {
    read: (bytes, view, from, to, raw, places) => {
      if (last !== undefined) {
        const end = fits(last, bytes, view, from, to, raw, places)
        if (end !== unsure) {
          last.hits += 1
          return end
        }
      }
      for (const template of known) {
        if (template === last) continue
        const end = fits(template, bytes, view, from, to, raw, places)
        if (end === unsure) continue
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
      last = templateOf(bytes, from, to, raw, places)
      known[oldest] = last
      oldest = (oldest + 1) % templatesMax
    },
  }
}

const templateOf = (
  bytes: Buffer,
  from: number,
  to: number,
  raw: RawEvent,
  places: DevicePlaces,
): Template => {
  const numbers: readonly Single[] = ['msgId', 'time']
  const marked = raw
    .marked()
    .filter(({ of, start, end }) => !numbers.includes(of) || isNumber(bytes, start, end))
  const id = { of: 'id' as const, start: places.lastStart, end: places.lastEnd }
  const pieces: Piece[] = []
  const holes: Hole[] = []
  let at = from
  for (const { of, start, end } of [...marked, id].sort((a, b) => a.start - b.start)) {
    pieces.push(pieceOf(bytes.subarray(at, start)))
    holes.push({ of, bytes: new DataView(new ArrayBuffer(holeBytesMax)), length: 0 })
    at = end
  }
  pieces.push(pieceOf(bytes.subarray(at, to)))
  return { pieces, holes, raw: raw.copy(), hits: 0 }
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

const isAt = (view: DataView, at: number, { words, rest }: Piece): boolean => {
  let from = at
  for (let i = 0; i < words.length; i++, from += 4) {
    if (view.getInt32(from, true) !== words[i]) return false
  }
  for (let i = 0; i < rest.length; i++) if (view.getUint8(from + i) !== rest[i]) return false
  return true
}
