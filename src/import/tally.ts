// What became of the lines of a file so far, as it is shown at the end and kept between runs: counts,
// and of the refusals their number by code with the first lines of each.
import type { EventsBody } from '../http/endpoint/wire.ts'
import type { Piece, RefusedLine } from './split-bodies.ts'

export interface Refusals {
  /** A code of the server, or one of the two below. */
  readonly code: string
  readonly count: number
  readonly first: readonly RefusedLine[]
}

export interface Tally {
  /** With the blank ones. */
  readonly lines: number
  /** Facts. */
  readonly accepted: number
  /** How many of them the server held already; null where it cannot tell. */
  readonly repeated: number | null
  /** Lines. */
  readonly refused: number
  readonly refusals: readonly Refusals[]
}

export const emptyTally: Tally = { lines: 0, accepted: 0, repeated: 0, refused: 0, refusals: [] }

/** Refused before they were sent. */
const hereCode = '(not sent)'
/** Of more than a hundred refusals in a body the server tells the first hundred. */
const untoldCode = '(code not told)'
const firstMax = 3

/** `summary` is undefined where there was nothing to send. */
export const withPiece = (
  tally: Tally,
  { firstLine, end, unsent }: Piece,
  summary: EventsBody | undefined,
): Tally => {
  const { accepted = 0, repeated = 0, refused = 0, errors = [] } = summary ?? {}
  const byCode = new Map(tally.refusals.map((each) => [each.code, each]))
  const add = (code: string, count: number, ...lines: readonly RefusedLine[]): void => {
    const { count: before, first } = byCode.get(code) ?? { count: 0, first: [] }
    if (count === 0) return
    const firsts = [...first, ...lines].slice(0, firstMax)
    byCode.set(code, { code, count: before + count, first: firsts })
  }
  for (const { line, code, message } of errors) {
    add(code, 1, { line: firstLine + line - 1, message })
  }
  for (const refusal of unsent) add(hereCode, 1, refusal)
  add(untoldCode, refused - errors.length)
  return {
    lines: end.lines,
    accepted: tally.accepted + accepted,
    repeated: sumOf(tally.repeated, repeated),
    refused: tally.refused + refused + unsent.length,
    refusals: [...byCode.values()],
  }
}

/** Null where one of them is. */
export const sumOf = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : one + other
