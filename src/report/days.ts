// GET /v1/days: the messages of each day added up. A message is of the day of its earliest fact, so that
// what became of a day's pushes stands together, however late the receipts come.

import { type Day, formatDay } from '../ledger/day.ts'
import type { Counts } from '../ledger/selection.ts'
import type { App, DayTotals, Reader } from '../ledger/store.ts'
import { type Query, wholeNumber } from './query.ts'
import { openCountsShape } from './shape.ts'

export const DAYS_LIMITS = { byDefault: 31, most: 93 } as const

/** How many days, today the last of them. */
const parse = (query: Query): number => wholeNumber(query, 'days', DAYS_LIMITS)

const answer = async (
  store: Pick<Reader, 'totals'>,
  app: App,
  count: number,
  nowMs: number,
): Promise<string> => {
  const first = app.zone.dayOf(nowMs) - count + 1
  const days = Array.from({ length: count }, (_, i) => first + i)
  const totals = await store.totals(app, days)
  return `{"days":[${days.map((day, i) => itemOf(day, totals[i])).join(',')}]}`
}

export const days: { readonly parse: typeof parse; readonly answer: typeof answer } = {
  parse,
  answer,
}

const shape = openCountsShape('/messages/detail')
const nothing: Counts = []

const itemOf = (day: Day, { messages, counts }: DayTotals = { messages: 0, counts: nothing }) =>
  `{"day":"${formatDay(day)}","messages":${messages},"counts":{${shape(counts)}}}`
