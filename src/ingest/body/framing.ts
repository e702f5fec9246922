// Where the events of a body begin and end: one a line (NDJSON) or the elements of one JSON array,
// told apart by the first byte that is no blank. What stands inside an event is not known here.
import type { Buffer } from 'node:buffer'
import { Fault } from '../../ledger/fault.ts'
import { isBlank, skipBlank } from '../../runtime/json-blank.ts'
import { unsure } from '../line/fast-parser.ts'
import type { Lines } from './lines.ts'

/**
 * Reads on for some kilobytes, or to the end of a line if that is further; false at the end of the
 * body. Throws badParameter where the array is broken.
 *
 * A single line is not divided. Measured on two cores with the default settings: a good line of 10,000 long
 * ids takes 6 ms, with every character of them in escapes 50 ms; the worst line that is read, 2.6 MB of short
 * ids in escapes, 100 ms; a line of 16 MiB, refused unread, 4 ms.
 */
export type ReadSome = () => boolean

const bytesAtOnce = 2048
// To refuse a line takes some microseconds.
const linesAtOnce = 128
const lookedAt = 64
const newline = 0x0a
const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

export const openBody = (bytes: Buffer, lines: Lines): ReadSome => {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const start = hasMark ? 3 : 0
  let first = start
  let readOn: ReadSome | undefined
  return () => {
    if (readOn !== undefined) return readOn()
    const until = Math.min(first + bytesAtOnce, bytes.length)
    first = skipBlank(bytes, first, until)
    if (first === bytes.length) return false
    if (first < until) {
      const isArray = bytes[first] === openBracket
      readOn = isArray ? openArray(bytes, first + 1, lines) : openNdjson(bytes, start, lines)
    }
    return true
  }
}

const openNdjson = (bytes: Buffer, start: number, lines: Lines): ReadSome => {
  let at = start
  let number = 0

  const readLine = (): void => {
    number++
    const from = skipBlankInLine(bytes, at)
    if (bytes[from] === newline || from === bytes.length) {
      at = from + 1
      return
    }
    const known = lines.again(from, bytes.length)
    if (known !== unsure) {
      const behind = skipBlankInLine(bytes, known)
      if (bytes[behind] === newline || behind === bytes.length) {
        lines.keep(number)
        at = behind + 1
        return
      }
    }
    const to = lineEnd(bytes, from)
    at = to + 1
    // Most broken lines are no object or cut off: that is seen without reading them.
    if (bytes[from] !== openBrace || bytes[lastInLine(bytes, to)] !== closeBrace) {
      lines.read(from, to, number)
      return
    }
    const end = lines.scan(from, to)
    if (end !== unsure && skipBlank(bytes, end, to) === to) lines.keep(number)
    else lines.read(from, to, number)
  }

  return () => {
    const until = Math.min(at + bytesAtOnce, bytes.length)
    for (let n = 0; at < until && n < linesAtOnce; n++) readLine()
    return at < bytes.length
  }
}

/** Where the line ends that goes on at `from`. Calling Node for a few bytes costs more than looking. */
const lineEnd = (bytes: Buffer, from: number): number => {
  const until = Math.min(from + lookedAt, bytes.length)
  for (let i = from; i < until; i++) if (bytes[i] === newline) return i
  const next = bytes.indexOf(newline, until)
  return next === -1 ? bytes.length : next
}

/** The place of the last byte before `to` that is not blank. */
const lastInLine = (bytes: Buffer, to: number): number => {
  let i = to - 1
  while (isBlank(bytes[i] ?? 0)) i--
  return i
}

const skipBlankInLine = (bytes: Buffer, at: number): number => {
  let i = at
  while (bytes[i] === 0x20 || bytes[i] === 0x0d || bytes[i] === 0x09) i++
  return i
}

const openArray = (bytes: Buffer, start: number, lines: Lines): ReadSome => {
  let at = skipBlank(bytes, start, bytes.length)
  let number = 0
  let isClosed = false
  /** Of an element that the scanner could not read, while its end is looked for. */
  let findEnd: FindEnd | undefined

  const close = (): void => {
    isClosed = true
    at = skipBlank(bytes, at + 1, bytes.length)
    if (at < bytes.length) throw broken('nothing may follow the array')
  }

  /** Gives how to find its end where the scanner could not read it. */
  const readElement = (): FindEnd | undefined => {
    number++
    const known = lines.again(at, bytes.length)
    const end = known === unsure ? lines.scan(at, bytes.length) : known
    if (end === unsure) return endFinder(bytes, at)
    settle(end, () => lines.keep(number))
    return undefined
  }

  /** Up to the next element, or the end of the array. */
  const settle = (end: number, tell: () => void): void => {
    const next = skipBlank(bytes, end, bytes.length)
    const byte = bytes[next]
    if (byte === undefined) throw broken('the array must be closed')
    if (byte !== comma && byte !== closeBracket) {
      throw broken(`a comma must follow element ${number} of the array`)
    }
    tell()
    at = next
    if (byte === closeBracket) close()
    else at = skipBlank(bytes, next + 1, bytes.length)
  }

  return () => {
    const until = at + bytesAtOnce
    if (number === 0 && bytes[at] === closeBracket) close()
    for (let n = 0; !isClosed && at < until && n < linesAtOnce; n++) {
      findEnd ??= readElement()
      if (findEnd === undefined) continue
      const end = findEnd()
      if (end === undefined) return true
      findEnd = undefined
      settle(end, () => lines.read(at, end, number))
    }
    return !isClosed
  }
}

/** Looks on for some kilobytes: the place after the element, or undefined where that is further. */
type FindEnd = () => number | undefined

const soughtAtOnce = 64 * 1024

/** Finds the end of the element at `at` by its quotes and brackets alone, or the body's end. */
const endFinder = (bytes: Buffer, at: number): FindEnd => {
  const first = bytes[at]
  if (first === openBrace || first === openBracket || first === quote) return closedEnd(bytes, at)
  if (first !== undefined && endsScalar(first)) {
    throw broken('an element of the array is missing')
  }
  return scalarEnd(bytes, at)
}

const scalarEnd = (bytes: Buffer, at: number): FindEnd => {
  let i = at
  return () => {
    for (const until = Math.min(i + soughtAtOnce, bytes.length); i < until; i++) {
      if (endsScalar(bytes[i] ?? 0)) return i
    }
    return i < bytes.length ? undefined : i
  }
}

const endsScalar = (byte: number): boolean =>
  byte === comma ||
  byte === quote ||
  byte === openBrace ||
  byte === closeBrace ||
  byte === openBracket ||
  byte === closeBracket ||
  isBlank(byte)

/** After the string, object or array that opens at `at`. */
const closedEnd = (bytes: Buffer, at: number): FindEnd => {
  let i = at
  let levels = 0
  let inString = false
  return () => {
    for (const until = Math.min(i + soughtAtOnce, bytes.length); i < until; i++) {
      const byte = bytes[i]
      if (inString && byte === backslash) i++
      else if (byte === quote) inString = !inString
      else if (inString) continue
      else if (byte === openBrace || byte === openBracket) levels++
      else if (byte === closeBrace || byte === closeBracket) levels--
      if (levels === 0 && !inString) return i + 1
    }
    return i < bytes.length ? undefined : bytes.length
  }
}

const broken = (why: string): Fault =>
  new Fault('badParameter', `The body must be a JSON array of events or one event a line: ${why}`)
