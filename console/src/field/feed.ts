// Sums over the hours of /v1/feed, and its refusals by code.
import type { FeedHour } from '../../../src/http/endpoint/wire.ts'

export interface FeedSums {
  readonly bodies: number
  readonly accepted: number
  /** Null where the server cannot tell. */
  readonly repeated: number | null
  /** Lines. */
  readonly refused: number
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

export const sumsOf = (hours: readonly FeedHour[]): FeedSums => ({
  bodies: total(hours.map(({ bodies }) => bodies)),
  accepted: total(hours.map(({ accepted }) => accepted)),
  repeated: hours.some(({ repeated }) => repeated === null)
    ? null
    : total(hours.map(({ repeated }) => repeated ?? 0)),
  refused: total(hours.flatMap(({ refused }) => Object.values(refused))),
})

export const refusedOf = (hour: FeedHour | undefined, code: string): number =>
  hour?.refused[code] ?? 0

/** The codes that there are, the most frequent first. */
export const refusedCodes = (hours: readonly FeedHour[]): readonly string[] => {
  const sums = new Map<string, number>()
  for (const { refused } of hours) {
    for (const [code, lines] of Object.entries(refused)) {
      sums.set(code, (sums.get(code) ?? 0) + lines)
    }
  }
  return [...sums]
    .filter(([, lines]) => lines > 0)
    .sort((a, b) => b[1] - a[1])
    .map(([code]) => code)
}
