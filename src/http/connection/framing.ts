// Cuts the bytes of a connection for Node's parser into pieces that end where a request ends, so that it is
// known where each request line begins. The parser alone says what a request is. This only searches for the
// empty line that ends a head, or a body in chunks, and counts the bytes of a body whose length is known.
import type { IncomingMessage } from 'node:http'
import { openRequestLine } from './raw-space.ts'

export interface Framing {
  /** Gives the parser a piece of the bytes, and returns its length. */
  pass(bytes: Buffer): number
  /** To be called for each request, at the moment at which the parser has read its head. */
  begun(request: IncomingMessage): void
  /** Tells whether that many bytes would all belong to a body of known length. */
  isBody(bytes: number): boolean
}

const cr = 0x0d
const emptyLine = Buffer.from('\r\n\r\n')
// A head and a body in chunks are cut to this; a body of known length costs next to nothing, and is not.
const pieceBytesMax = 4096

/** `unknown`: the parser reported something unexpected. Nothing more on this connection is repaired. */
type Part = 'line' | 'head' | 'body' | 'chunks' | 'unknown'

export const openFraming = (parse: (bytes: Buffer) => void): Framing => {
  let part: Part = 'line'
  const line = openRequestLine()
  const findEmptyLine = openEmptyLines()
  let waiting: Buffer = Buffer.alloc(0)
  let bodyBytes = 0
  let request: IncomingMessage | undefined
  /** The number of heads that the parser reported during this piece. */
  let heads = 0

  const beginLine = (): Part => {
    line.begin()
    request = undefined
    return 'line'
  }
  /** The part after a piece of a head or of chunks, which end at an empty line. */
  const partAfter = (isEmptyLine: boolean): Part => {
    if (heads !== (part === 'head' && isEmptyLine ? 1 : 0)) return 'unknown'
    if (request?.complete === true) return isEmptyLine ? beginLine() : 'unknown'
    if (part === 'chunks' || !isEmptyLine) return part
    if (request?.headers['transfer-encoding'] !== undefined) return 'chunks'
    bodyBytes = Number(request?.headers['content-length'])
    return bodyBytes > 0 ? 'body' : 'unknown'
  }
  const passLines = (bytes: Buffer, from: number): number => {
    const end = findEmptyLine(bytes, from)
    parse(end < 0 ? bytes : bytes.subarray(0, end))
    part = partAfter(end >= 0)
    return end < 0 ? bytes.length : end
  }
  const passLine = (bytes: Buffer): number => {
    const { changed, from, to, isOver } = line.read(bytes)
    if (changed !== undefined) parse(changed)
    if (!isOver) {
      parse(bytes.subarray(from, to))
      waiting = Buffer.from(bytes.subarray(to))
      return bytes.length
    }
    part = 'head'
    return from + passLines(bytes.subarray(from), to - from)
  }
  const passBody = (bytes: Buffer): number => {
    const piece = bytes.subarray(0, bodyBytes)
    bodyBytes -= piece.length
    parse(piece)
    if (bodyBytes === 0) part = heads === 0 && request?.complete === true ? beginLine() : 'unknown'
    return piece.length
  }

  return {
    pass: (bytes) => {
      heads = 0
      if (part === 'body') return passBody(bytes)
      const piece = bytes.length > pieceBytesMax ? bytes.subarray(0, pieceBytesMax) : bytes
      if (part === 'unknown') parse(piece)
      else if (part !== 'line') return passLines(piece, 0)
      else {
        const before = waiting
        waiting = Buffer.alloc(0)
        const all = before.length === 0 ? piece : Buffer.concat([before, piece])
        return passLine(all) - before.length
      }
      return piece.length
    },
    begun: (begun) => {
      request = begun
      heads += 1
    },
    isBody: (bytes) => part === 'body' && bytes <= bodyBytes,
  }
}

/** Finds the end of the next empty line, however it was cut into packets; -1 if it has not come yet. */
const openEmptyLines = (): ((bytes: Buffer, from: number) => number) => {
  /** The number of its bytes that the bytes before ended with. */
  let matched = 0
  const step = (byte: number): void => {
    if (byte === emptyLine[matched]) matched += 1
    else matched = byte === cr ? 1 : 0
  }
  return (bytes, from) => {
    let at = from
    while (matched > 0 && at < bytes.length) {
      step(bytes[at++] as number)
      if (matched === emptyLine.length) {
        matched = 0
        return at
      }
    }
    const found = bytes.indexOf(emptyLine, at)
    if (found >= 0) return found + emptyLine.length
    for (at = Math.max(at, bytes.length - emptyLine.length + 1); at < bytes.length; at++) {
      step(bytes[at] as number)
    }
    return -1
  }
}
