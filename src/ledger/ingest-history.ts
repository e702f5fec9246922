// What became of what was told: how much of it was taken, how much was held already, and which lines
// were refused, so that whoever wrote the feed can mend it. Counted in hours of the ledger's own clock.
import type { Hour } from './day.ts'
import { REFUSALS, type RefusalCode } from './refusal.ts'

/** A refused line as it is remembered. */
export interface RefusedLine {
  /** When it was told. */
  readonly atMs: number
  /** 1-based line of its body, or the index from 1 in an array. */
  readonly line: number
  readonly code: RefusalCode
  readonly message: string
  /** How the line began; bytes that are no UTF-8 are replaced. */
  readonly text: string
}

/** What of one body was refused. */
export interface Refusals {
  readonly byCode: ReadonlyMap<RefusalCode, number>
  /** The last of them, in their order. */
  readonly lines: readonly RefusedLine[]
}

/** What was told in one hour. */
export interface FeedHour {
  readonly hour: Hour
  readonly bodies: number
  /** Facts of accepted lines: a device that is told twice of an event counts twice. */
  readonly accepted: number
  /** How many of those were held already; null where an engine cannot tell. */
  readonly repeated: number | null
  /** Lines, by the place of their code in REFUSALS. */
  readonly refused: readonly number[]
}

export interface Feed {
  /** Rising; only those in which something was told. */
  readonly hours: readonly FeedHour[]
  /** The last that were refused, the newest first. */
  readonly refusedLines: readonly RefusedLine[]
}

/** Hours of days before these are forgotten. */
export const feedDaysKept = 31
/** So many refused lines of an app are remembered. */
export const refusedLinesKept = 50

/** A body as the hour counts it. */
export interface ToldBody {
  readonly accepted: number
  readonly repeated: number
  readonly refusals: Refusals | undefined
}

export const emptyFeedHour = (hour: Hour): FeedHour => ({
  hour,
  bodies: 0,
  accepted: 0,
  repeated: 0,
  refused: REFUSALS.map(() => 0),
})

/** Whether a body tells anything at all: an empty one is none. */
export const tellsAnything = ({ accepted, refusals }: ToldBody): boolean =>
  accepted > 0 || refusals !== undefined

/** The hour with one more body. */
export const withBody = (feed: FeedHour, { accepted, repeated, refusals }: ToldBody): FeedHour => ({
  hour: feed.hour,
  bodies: feed.bodies + 1,
  accepted: feed.accepted + accepted,
  repeated: (feed.repeated ?? 0) + repeated,
  refused:
    refusals === undefined
      ? feed.refused
      : REFUSALS.map((code, i) => (feed.refused[i] ?? 0) + (refusals.byCode.get(code) ?? 0)),
})

/** The lines remembered, the newest first, after some more in the order told. */
export const withRefused = (
  kept: readonly RefusedLine[],
  more: readonly RefusedLine[],
): readonly RefusedLine[] => [...more.toReversed(), ...kept].slice(0, refusedLinesKept)
