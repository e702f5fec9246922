// Lines into bodies: for all lines and however they arrive, nothing is lost, split or moved; and what
// cannot be sent is told by its line.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstWithoutTime, openCutter, type Piece, type Place } from './split-bodies.ts'

const start: Place = { bytes: 0, lines: 0 }

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  // One buffer for all chunks, as a file is read.
  const shared = Buffer.alloc(size)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) {
    yield shared.subarray(0, bytes.copy(shared, 0, at, at + size))
  }
}

interface Cutting {
  readonly bytesMax?: number
  readonly linesMax?: number
  readonly chunkBytes?: number
  readonly from?: Place
}

type Shown = Omit<Piece, 'bytes'> & { readonly text: string }

const cutAll = async (
  text: string,
  { bytesMax = 64, linesMax = 10, chunkBytes = 7, from = start }: Cutting = {},
): Promise<Shown[]> => {
  const rest = Buffer.from(text).subarray(from.bytes).toString()
  const cut = openCutter(chunked(rest, chunkBytes), from, linesMax)
  const buffer = Buffer.alloc(bytesMax)
  const pieces: Shown[] = []
  for (let piece = await cut(buffer); piece !== undefined; piece = await cut(buffer)) {
    const { bytes, ...others } = piece
    pieces.push({ ...others, text: bytes.toString() })
  }
  return pieces
}

const textsOf = (pieces: readonly Shown[]): string[] => pieces.map(({ text }) => text)

describe('cutting', () => {
  it.each([
    ['nothing', '', []],
    ['one line', 'a\n', ['a\n']],
    ['a last line without an end', 'a\nb', ['a\nb']],
    ['no more lines than allowed', 'a\nb\nc\n', ['a\nb\n', 'c\n']],
    ['no more bytes than allowed', 'aaaaa\nbbbbb\n', ['aaaaa\n', 'bbbbb\n']],
    ['blank lines are lines', '\n\n\n', ['\n\n', '\n']],
    ['a line just as long as a body', '1234567\n2', ['1234567\n', '2']],
  ])('%s', async (_, text, expected) => {
    expect(textsOf(await cutAll(text, { bytesMax: 8, linesMax: 2, chunkBytes: 3 }))).toEqual(
      expected,
    )
  })

  const someLine = fc.oneof(
    fc.constantFrom('', 'a', '{"x":1}', 'é中'),
    fc.string({ maxLength: 40, unit: fc.constantFrom('x', 'y', '中', ' ') }),
  )
  const someCutting = fc.record({
    bytesMax: fc.integer({ min: 1, max: 50 }),
    linesMax: fc.integer({ min: 1, max: 5 }),
    chunkBytes: fc.integer({ min: 1, max: 80 }),
  })

  it('keeps all lines that fit, in order, with their numbers and their places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someLine), fc.boolean(), someCutting, async (lines, ends, how) => {
        const text = lines.join('\n') + (ends && lines.length > 0 ? '\n' : '')
        const whole = text.split(/(?<=\n)/).filter((line) => line !== '')
        const fits = (line: string) => Buffer.byteLength(line) <= how.bytesMax
        const pieces = await cutAll(text, how)
        expect(textsOf(pieces).join('')).toBe(whole.filter(fits).join(''))
        const unsent = pieces.flatMap((piece) => piece.unsent.map(({ line }) => line))
        expect(unsent).toEqual(whole.flatMap((line, i) => (fits(line) ? [] : [i + 1])))
        for (const { text: body, firstLine } of pieces) {
          const inBody = body.split(/(?<=\n)/).filter((line) => line !== '')
          expect(inBody.length).toBeLessThanOrEqual(how.linesMax)
          expect(inBody).toEqual(whole.slice(firstLine - 1, firstLine - 1 + inBody.length))
        }
        const end = { bytes: Buffer.byteLength(text), lines: whole.length }
        if (whole.length > 0) expect(pieces.at(-1)?.end).toEqual(end)
      }),
    )
  })

  it('goes on from the end of any piece as if it had never stopped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someLine), someCutting, async (lines, how) => {
        const text = lines.join('\n')
        const pieces = await cutAll(text, how)
        for (const [i, { end }] of pieces.entries()) {
          expect(await cutAll(text, { ...how, from: end })).toEqual(pieces.slice(i + 1))
        }
      }),
    )
  })
})

describe('lines that are not sent', () => {
  it('are those longer than a body, by their number', async () => {
    const long = 'x'.repeat(100)
    const pieces = await cutAll(`a\n${long}\nb\n${long}`, { bytesMax: 20 })
    expect(textsOf(pieces)).toEqual(['a\n', 'b\n', ''])
    const message = 'the line is longer than 20 bytes'
    expect(pieces.flatMap(({ unsent }) => unsent)).toEqual([
      { line: 2, message },
      { line: 4, message },
    ])
  })

  it('are arrays where a body begins, which it would make one', async () => {
    const [piece] = await cutAll('\n [1]\n[{"a":1}]\n{"b":2}\n[3]\n')
    expect(piece?.text).toBe('\n    \n         \n{"b":2}\n[3]\n')
    expect(piece?.unsent.map(({ line }) => line)).toEqual([2, 3])
    const [marked] = await cutAll('\u{feff}[1]')
    expect([marked?.text, marked?.unsent.length]).toEqual(['\u{feff}   ', 1])
  })
})

describe('the first line without a time', () => {
  it.each([
    ['', undefined],
    ['{"time":1}\n{"time":2}', undefined],
    ['{"time":1}\n\n  \n{"time":2}\n', undefined],
    ['{"time":1,"time":3}\n{}\n{"time":2}', 1],
    ['{}\n{"time":2}', 0],
    ['{"time":2}\n{}', 1],
  ])('%j', (text, expected) => {
    expect(firstWithoutTime(Buffer.from(text))).toBe(expected)
  })
})
