// GET /v1/feed: what became of what was told, hour by hour, and the last lines that were refused.
import { formatHour } from '../ledger/day.ts'
import type { FeedHour, RefusedLine } from '../ledger/ingest-history.ts'
import { REFUSALS } from '../ledger/refusal.ts'
import type { App, Reader } from '../ledger/store.ts'
import { type Query, wholeNumber } from './query.ts'

export const FEED_LIMITS = { byDefault: 24, most: 744 } as const

/** How many hours, the current one the last of them. */
const parse = (query: Query): number => wholeNumber(query, 'hours', FEED_LIMITS)

const answer = async (
  store: Pick<Reader, 'feed'>,
  app: App,
  count: number,
  nowMs: number,
): Promise<string> => {
  const to = app.zone.hourOf(nowMs)
  const { hours, refusedLines } = await store.feed(app, to - count + 1, to, nowMs)
  return JSON.stringify({ hours: hours.map(hourItem), refused_lines: refusedLines.map(lineItem) })
}

export const feed: { readonly parse: typeof parse; readonly answer: typeof answer } = {
  parse,
  answer,
}

const hourItem = ({ hour, bodies, accepted, repeated, refused }: FeedHour) => ({
  hour: formatHour(hour),
  bodies,
  accepted,
  repeated,
  refused: Object.fromEntries(
    REFUSALS.map((code, i) => [code, refused[i] ?? 0]).filter(([, lines]) => lines !== 0),
  ),
})

const lineItem = ({ atMs, line, code, message, text }: RefusedLine) => ({
  at: new Date(atMs).toISOString(),
  line,
  code,
  message,
  text,
})
