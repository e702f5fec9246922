// Cuts a stream of lines into bodies: whole lines in their order, bounded in bytes and in number.
// Knows where in the file each body stands. Lines that cannot be sent at all are refused here.
import type { Buffer } from 'node:buffer'

/** How far a file has come, from its start: unpacked bytes, and lines with the blank ones. */
export interface Place {
  readonly bytes: number
  readonly lines: number
}

export interface RefusedLine {
  /** 1-based line of the file. */
  readonly line: number
  readonly message: string
}

/** Some lines of a file, to be sent as one body. */
export interface Piece {
  /** Within the buffer that was handed in; empty where every line was refused here. */
  readonly bytes: Buffer
  /** The file's number of the first line in it. */
  readonly firstLine: number
  /** Where the file goes on. */
  readonly end: Place
  /** Lines that are not sent, though those of arrays still stand in the body as blanks. */
  readonly unsent: readonly RefusedLine[]
}

/** The next piece, at most as long as the buffer; undefined at the end. Not to be called twice at once. */
export type Cut = (into: Buffer) => Promise<Piece | undefined>

const newline = 0x0a
const space = 0x20
const openBracket = 0x5b
const byteOrderMark = [0xef, 0xbb, 0xbf]

/** A chunk is used up before the next one is asked for, so it may be overwritten then. */
export const openCutter = (
  chunks: AsyncIterator<Uint8Array, unknown>,
  from: Place,
  linesMax: number,
): Cut => {
  let chunk: Uint8Array = new Uint8Array()
  let at = 0
  /** The beginning of a line that had no more room in the piece before. */
  let carried: Uint8Array = new Uint8Array()
  let end = from

  const hasMore = async (): Promise<boolean> => {
    while (at === chunk.length) {
      const next = await chunks.next()
      if (next.done) return false
      chunk = next.value
      at = 0
    }
    return true
  }

  /** To the end of a line longer than any body; the bytes that went by. */
  const skipLine = async (): Promise<number> => {
    let skipped = 0
    while (await hasMore()) {
      const found = chunk.indexOf(newline, at)
      const to = found === -1 ? chunk.length : found + 1
      skipped += to - at
      at = to
      if (found !== -1) break
    }
    return skipped
  }

  return async (into) => {
    const piece = { whole: 0, filled: carried.length, lines: 0 }
    into.set(carried)
    carried = new Uint8Array()
    const unsent: RefusedLine[] = []
    let { bytes, lines } = end
    while (piece.lines < linesMax && (await hasMore())) {
      at = fill(into, piece, chunk, at, linesMax)
      const isFull = at < chunk.length && piece.lines < linesMax
      if (!isFull) continue
      if (piece.whole > 0) {
        carried = into.slice(piece.whole, piece.filled)
        break
      }
      bytes += piece.filled + (await skipLine())
      lines += 1
      piece.filled = 0
      unsent.push({ line: lines, message: `the line is longer than ${into.length} bytes` })
    }
    if (piece.filled > piece.whole && carried.length === 0 && piece.lines < linesMax) {
      // The last line of the file, without a newline.
      piece.lines += 1
      piece.whole = piece.filled
    }
    if (piece.whole === 0 && unsent.length === 0) return undefined
    const firstLine = lines + 1
    end = { bytes: bytes + piece.whole, lines: lines + piece.lines }
    const body = into.subarray(0, piece.whole)
    return { bytes: body, firstLine, end, unsent: [...unsent, ...blankArrays(body, firstLine)] }
  }
}

interface Filling {
  /** Bytes of whole lines. */
  whole: number
  filled: number
  lines: number
}

/** Copies on to the end of the chunk or while there is room; the place in the chunk after it. */
const fill = (
  into: Buffer,
  piece: Filling,
  chunk: Uint8Array,
  at: number,
  linesMax: number,
): number => {
  const room = at + into.length - piece.filled
  let to = at
  while (to < chunk.length && piece.lines < linesMax) {
    const found = chunk.indexOf(newline, to)
    const end = found === -1 ? chunk.length : found + 1
    if (end > room) break
    to = end
    if (found === -1) break
    piece.lines += 1
    piece.whole = piece.filled + to - at
  }
  into.set(chunk.subarray(at, to), piece.filled)
  piece.filled += to - at
  return to
}

/**
 * A body that begins with a bracket would be taken for one JSON array, so the lines there are
 * overwritten with blanks, which keep their number.
 */
const blankArrays = (body: Buffer, firstLine: number): RefusedLine[] => {
  const refused: RefusedLine[] = []
  let at = byteOrderMark.every((byte, i) => body[i] === byte) ? byteOrderMark.length : 0
  let line = firstLine
  for (; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (byte === newline) line += 1
    else if (byte === openBracket) {
      const found = body.indexOf(newline, at)
      body.fill(space, at, found === -1 ? body.length : found)
      refused.push({ line, message: 'an array is no event: a file holds one object a line' })
    } else if (byte !== space && byte !== 0x0d && byte !== 0x09) break
  }
  return refused
}

/** The number, from 0, of the first line in which no time is told; undefined where all tell one. */
export const firstWithoutTime = (body: Buffer): number | undefined => {
  let time = body.indexOf('"time"')
  for (let at = 0, line = 0; at < body.length; line++) {
    const found = body.indexOf(newline, at)
    const end = found === -1 ? body.length : found
    if (time !== -1 && time < at) time = body.indexOf('"time"', at)
    const isTimed = time !== -1 && time < end
    if (!isTimed && /\S/.test(body.toString('latin1', at, end))) return line
    at = end + 1
  }
  return undefined
}
