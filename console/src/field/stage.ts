// The stages of a push in the order in which a device reaches them, and sums of their counts.
import type { StageCounts, StageName } from '../../../src/http/endpoint/wire.ts'
import { shareOf } from '../../../src/ledger/share.ts'

/** Those that a funnel shows; a push while online is a part of what was sent. */
export const STAGES = ['target', 'sent', 'received', 'display', 'click'] as const
export type Stage = (typeof STAGES)[number]

export const ALL_STAGES: readonly StageName[] = [
  'target',
  'sent',
  'online_push',
  'received',
  'display',
  'click',
]

export type Counts = Readonly<Record<Stage, number>>

const noCounts: Counts = { target: 0, sent: 0, received: 0, display: 0, click: 0 }

export const countsOf = (given: StageCounts | undefined): Counts => ({
  ...noCounts,
  ...picked(given),
})

const picked = (given: StageCounts | undefined): Partial<Record<Stage, number>> =>
  Object.fromEntries(STAGES.flatMap((stage) => (given?.[stage] ? [[stage, given[stage]]] : [])))

export const sum = (all: readonly Counts[]): Counts => {
  const total: Record<Stage, number> = { ...noCounts }
  for (const counts of all) for (const stage of STAGES) total[stage] += counts[stage]
  return total
}

export const isEmpty = (counts: Counts): boolean => STAGES.every((stage) => counts[stage] === 0)

/** Devices that a push went to: those sent, or the targets where nobody tells what was sent. */
export const reachOf = ({ target, sent }: Counts): number => (sent > 0 ? sent : target)

/** The share of one stage in another; of a total, `rows` are what it is made of. */
export const stageShare = (
  counts: Counts,
  part: Stage,
  whole: Stage,
  rows: readonly Counts[] = [],
): number | undefined =>
  shareOf(
    counts[part],
    counts[whole],
    whole === 'target' ? [] : rows.map((row) => ({ part: row[part], whole: row[whole] })),
  )

/** The share in what was sent, or in the targets where that is not told of every row. */
export const rateOf = (
  counts: Counts,
  stage: Stage,
  rows: readonly Counts[] = [counts],
): number | undefined => {
  const isSentTold = rows.every(({ target, sent }) => sent > 0 || target === 0)
  return stageShare(counts, stage, isSentTold ? 'sent' : 'target', rows)
}
