// What became of what was told, hour by hour. How many facts were held before nobody knows here.
import type { Hour } from '../../ledger/day.ts'
import { firstHourOf } from '../../ledger/day.ts'
import {
  type FeedHour,
  feedDaysKept,
  type RefusedLine,
  refusedLinesKept,
} from '../../ledger/ingest-history.ts'
import { REFUSALS } from '../../ledger/refusal.ts'
import type { Reader } from '../../ledger/store.ts'
import type { Connection } from './connection.ts'

interface HourRow {
  readonly at: Hour
  readonly told: string
  readonly facts: string
  readonly lines: readonly string[]
}

export const openFeed = (connection: Connection): Pick<Reader, 'feed'> => ({
  feed: async (app, from, to, nowMs) => {
    const first = Math.max(from, firstHourOf(app.zone.dayOf(nowMs) - feedDaysKept))
    const [hours, lines] = await Promise.all([
      connection.ask<HourRow>(
        `SELECT hour AS at, sum(bodies) AS told, sum(accepted) AS facts, sumForEach(refused) AS lines
        FROM feed FINAL WHERE app = {app:UInt32} AND hour BETWEEN {first:Int32} AND {to:Int32}
        GROUP BY hour ORDER BY hour`,
        { app: app.id, first, to },
      ),
      connection.ask<{ lines: string }>(
        `SELECT lines FROM refusals FINAL WHERE app = {app:UInt32}
        ORDER BY commit DESC, server DESC LIMIT ${refusedLinesKept}`,
        { app: app.id },
      ),
    ])
    return {
      hours: hours.map(feedHourOf),
      refusedLines: lines
        .flatMap((row) => (JSON.parse(row.lines) as readonly RefusedLine[]).toReversed())
        .slice(0, refusedLinesKept),
    }
  },
})

const feedHourOf = ({ at, told, facts, lines }: HourRow): FeedHour => ({
  hour: at,
  bodies: Number(told),
  accepted: Number(facts),
  repeated: null,
  refused: REFUSALS.map((_, i) => Number(lines[i] ?? 0)),
})
