// Counting what became of the lines: body by body, with the lines of the file.
import { expect, it } from 'vitest'
import { emptyTally, type Tally, withPiece } from './tally.ts'

const pieceOf = (firstLine: number, lines: number, unsent: number[] = []) => ({
  bytes: Buffer.alloc(0),
  firstLine,
  end: { bytes: 0, lines },
  unsent: unsent.map((line) => ({ line, message: 'long' })),
})
const error = (line: number, code: string) => ({ line, code, message: `m${line}` })

it('adds up bodies and tells the first three lines of each code', () => {
  const first = withPiece(emptyTally, pieceOf(1, 10), {
    accepted: 7,
    repeated: 1,
    refused: 3,
    errors: [error(2, 'bad_type'), error(4, 'bad_time'), error(9, 'bad_type')],
  })
  const second = withPiece(first, pieceOf(11, 20, [15]), {
    accepted: 4,
    repeated: 0,
    refused: 5,
    errors: [error(1, 'bad_type'), error(2, 'bad_type')],
  })
  expect(second).toEqual({
    lines: 20,
    accepted: 11,
    repeated: 1,
    refused: 9,
    refusals: [
      {
        code: 'bad_type',
        count: 4,
        first: [
          { line: 2, message: 'm2' },
          { line: 9, message: 'm9' },
          { line: 11, message: 'm1' },
        ],
      },
      { code: 'bad_time', count: 1, first: [{ line: 4, message: 'm4' }] },
      { code: '(not sent)', count: 1, first: [{ line: 15, message: 'long' }] },
      { code: '(code not told)', count: 3, first: [] },
    ],
  } satisfies Tally)
})

it('counts lines that were not sent at all, and no repeats where the server cannot tell', () => {
  const unsent = withPiece(emptyTally, pieceOf(2, 1, [1]), undefined)
  expect(unsent).toMatchObject({ lines: 1, accepted: 0, repeated: 0, refused: 1 })
  const answer = { accepted: 1, repeated: null, refused: 0, errors: [] }
  const untold = withPiece(unsent, pieceOf(2, 2), answer)
  expect(withPiece(untold, pieceOf(3, 3), { ...answer, repeated: 1 }).repeated).toBeNull()
})
