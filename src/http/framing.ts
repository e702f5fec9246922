// Where each request of a connection begins and ends, so that the bytes come to Node's parser in pieces that
// end where a request does. What a request is, the parser alone says: here is only looked for the empty
// line that ends a head, and a body in chunks, and counted how much of a body is still to come.
import type { IncomingMessage } from 'node:http'
import { openRequestLine } from './raw-space.ts'

export interface Framing {
  /** Gives the parser a piece of the bytes, and says how many of them it was. */
  pass(bytes: Buffer): number
  /** To be called for each request, at the moment at which the parser has read its head. */
  begun(request: IncomingMessage): void
  /** Whether the next so many bytes all belong to a body whose length is known. */
  isBody(bytes: number): boolean
}

const cr = 0x0d
const emptyLine = Buffer.from('\r\n\r\n')
// Of a head, or a body in chunks. What is all of one body costs next to nothing, and is not cut.
const pieceBytesMax = 4096

/** `unknown`: the parser said what was not expected. Nothing is looked at any more on this connection. */
type Part = 'line' | 'head' | 'body' | 'chunks' | 'unknown'

export const openFraming = (parse: (bytes: Buffer) => void): Framing => {
  let part: Part = 'line'
  const line = openRequestLine()
  const findEmptyLine = openEmptyLines()
  let waiting: Buffer = Buffer.alloc(0)
  let bodyBytes = 0
  let request: IncomingMessage | undefined
  /** Requests whose heads ended in this piece. */
  let heads = 0

  const beginLine = (): Part => {
    line.begin()
    request = undefined
    return 'line'
  }
  /** What comes after a piece at whose end a head, or chunks, may have ended. */
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

/** Finds where an empty line ends, at or after a place, however it was cut; -1 for nowhere yet. */
const openEmptyLines = (): ((bytes: Buffer, from: number) => number) => {
  /** So much of one ended the bytes before. */
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
