// Turns a JSON text that is not one event a line into lines: an array, several arrays, or objects that
// are printed over several lines. Each element becomes one line. Bytes go through as they come, so the
// memory does not depend on the text. Elements are not checked here: the server does that.

/** How a file holds its events. */
export type Form = 'lines' | 'elements'

/** What a file is counted in. */
export const nounOf = (form: Form): string => (form === 'lines' ? 'line' : 'element')

/** Names one event of a file; the first is number 1. */
export const placeText = (name: string, form: Form, number: number): string =>
  form === 'lines' ? `${name}:${number}` : `${name}, element ${number}`

const space = 0x20
const newline = 0x0a
const carriageReturn = 0x0d
const tab = 0x09
const byteOrderMark = [0xef, 0xbb, 0xbf]
const quote = 0x22
const comma = 0x2c
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
/** Stands for a line break inside a string, where JSON allows neither. */
const forbidden = 0x01

const isBlank = (byte: number | undefined): boolean =>
  byte === space || byte === newline || byte === carriageReturn || byte === tab

/** Whether the text begins with an array, or with an object whose first line is its brace alone. */
export const formOf = (start: Uint8Array): Form => {
  const at = skipBlanks(start, afterMark(start))
  if (start[at] === openBracket) return 'elements'
  if (start[at] !== openBrace) return 'lines'
  const lineEnd = start.indexOf(newline, at)
  const next = skipBlanks(start, at + 1)
  return lineEnd !== -1 && next > lineEnd ? 'elements' : 'lines'
}

/** Whether these bytes are enough for `formOf`. */
export const showsForm = (start: Uint8Array): boolean => {
  const at = skipBlanks(start, afterMark(start))
  return at < start.length && (start[at] !== openBrace || skipBlanks(start, at + 1) < start.length)
}

const afterMark = (bytes: Uint8Array): number =>
  byteOrderMark.every((byte, i) => bytes[i] === byte) ? byteOrderMark.length : 0

const skipBlanks = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (isBlank(bytes[at])) at += 1
  return at
}

/** Where the scan stands between elements. */
type Expected = 'array or object' | 'first element' | 'element' | 'comma or end'

const expectedText: Readonly<Record<Expected, string>> = {
  'array or object': 'an array or an object',
  'first element': 'an element or ]',
  element: 'an element',
  'comma or end': 'a comma or ]',
}

/** One line for each element. Each chunk is overwritten by the next. Throws where the text is broken. */
export async function* linesOfElements(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const scan = new Scan()
  let into = Buffer.alloc(0)
  for await (const chunk of chunks) {
    // At most a line break for each byte besides.
    if (into.length < chunk.length * 2) into = Buffer.allocUnsafeSlow(chunk.length * 2)
    const length = scan.write(chunk, into)
    if (length > 0) yield into.subarray(0, length)
  }
  scan.end()
}

const between = -1

class Scan {
  #expected: Expected = 'array or object'
  /** The brackets that are open inside an element, or `between` elements. */
  #depth = between
  #isInArray = false
  #isInString = false
  #isEscaped = false
  #isAfterBlank = false
  #elements = 0
  #bytes = 0

  /** The number of bytes written. */
  write(chunk: Uint8Array, into: Uint8Array): number {
    let to = 0
    for (const byte of chunk) {
      if (this.#depth === between && this.#begins(byte)) {
        this.#depth = 0
        this.#isAfterBlank = false
      }
      if (this.#isInString) into[to++] = this.#inString(byte)
      else if (this.#depth !== between) to = this.#inElement(byte, into, to)
      this.#bytes += 1
    }
    return to
  }

  end(): void {
    if (this.#depth !== between) {
      throw new Error(`it ends inside of element ${this.#elements + 1}`)
    }
    if (this.#isInArray) throw new Error(`its array is not closed after element ${this.#elements}`)
  }

  /** Takes a byte between elements; whether an element begins with it. */
  #begins(byte: number): boolean {
    if (isBlank(byte) || byte === byteOrderMark[this.#bytes]) return false
    const expected = this.#expected
    if (expected === 'element' || expected === 'first element') {
      if (byte !== comma && byte !== closeBracket) return true
      if (byte === closeBracket && expected === 'first element') return this.#close()
    } else if (expected === 'comma or end') {
      if (byte === closeBracket) return this.#close()
      if (byte === comma) {
        this.#expected = 'element'
        return false
      }
    } else if (byte === openBracket) {
      this.#isInArray = true
      this.#expected = 'first element'
      return false
    } else if (byte === openBrace) return true
    throw new Error(
      `after element ${this.#elements}, at byte ${this.#bytes + 1}, stands ` +
        `${characterOf(byte)}, not ${expectedText[expected]}`,
    )
  }

  #close(): false {
    this.#isInArray = false
    this.#expected = 'array or object'
    return false
  }

  #inString(byte: number): number {
    if (this.#isEscaped) this.#isEscaped = false
    else if (byte === backslash) this.#isEscaped = true
    else if (byte === quote) this.#isInString = false
    return byte === newline ? forbidden : byte
  }

  /** The place after what was written. */
  #inElement(byte: number, into: Uint8Array, to: number): number {
    const isSpace = isBlank(byte)
    if (this.#depth === 0 && (isSpace || byte === comma || byte === closeBracket)) {
      const end = this.#finish(into, to)
      this.#begins(byte)
      return end
    }
    const isOneMore = isSpace && this.#isAfterBlank
    this.#isAfterBlank = isSpace
    if (isOneMore) return to
    into[to] = isSpace ? space : byte
    if (byte === quote) this.#isInString = true
    else if (byte === openBrace || byte === openBracket) this.#depth += 1
    else if (byte === closeBrace || byte === closeBracket) {
      this.#depth -= 1
      if (this.#depth <= 0) return this.#finish(into, to + 1)
    }
    return to + 1
  }

  #finish(into: Uint8Array, at: number): number {
    into[at] = newline
    this.#elements += 1
    this.#depth = between
    this.#expected = this.#isInArray ? 'comma or end' : 'array or object'
    return at + 1
  }
}

const characterOf = (byte: number): string =>
  byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `the byte 0x${byte.toString(16)}`
