// GET /v1/messages: the messages of an app, the newest first, a page at a time, each with how many devices
// it has brought to each stage.

import { KINDS, STAGES } from '../ledger/channel.ts'
import { type Day, firstHourOf, formatDay, formatHour, parseDay, type Zone } from '../ledger/day.ts'
import { Fault } from '../ledger/fault.ts'
import { FIELDS } from '../ledger/field.ts'
import { parseMsgId } from '../ledger/ids.ts'
import { type Counts, selectionOf } from '../ledger/selection.ts'
import type { App, Reader, RecentAsk, RecentMessage } from '../ledger/store.ts'
import { oneOf, type Query, wholeNumber } from './query.ts'

export const RECENT_LIMITS = { byDefault: 50, most: 200 } as const

const hourMax = 2 ** 31 - 1

/** The totals of a kind in the field table. */
const totals = KINDS.map((kind) => ({
  kind,
  stages: STAGES.flatMap((stage) => {
    const path = `details.${kind}.${stage}`
    const field = FIELDS.find((each) => each.path.join('.') === path)
    return field === undefined ? [] : [{ stage, selection: selectionOf(field) }]
  }),
}))

const parse = (query: Query): RecentAsk => {
  const limit = wholeNumber(query, 'limit', RECENT_LIMITS)
  const day = dayOf(oneOf(query, 'day'))
  const [from, to] = day === undefined ? [0, hourMax] : [firstHourOf(day), firstHourOf(day + 1) - 1]
  return { from, to, limit, behind: placeOf(oneOf(query, 'before')) }
}

const answer = async (
  store: Pick<Reader, 'recent' | 'counts'>,
  app: App,
  ask: RecentAsk,
  nowMs: number,
): Promise<string> => {
  const messages = await store.recent(app, ask, nowMs)
  const ids = messages.map(({ msgId }) => msgId)
  const counts = await store.counts(app, ids, nowMs)
  const items = messages.map((message, i) => itemOf(message, counts[i] ?? [], app.zone, nowMs))
  const last = messages.length === ask.limit ? messages.at(-1) : undefined
  return JSON.stringify({ items, next: last === undefined ? null : nameOf(last) })
}

export const recentMessages: { readonly parse: typeof parse; readonly answer: typeof answer } = {
  parse,
  answer,
}

const itemOf = (
  { msgId, firstHour, latestDay }: RecentMessage,
  counts: Counts,
  zone: Zone,
  nowMs: number,
) => ({
  msg_id: msgId,
  first_hour: formatHour(firstHour),
  latest_day: formatDay(latestDay),
  settled: latestDay < zone.dayOf(nowMs) - 1,
  ...Object.fromEntries(
    totals.flatMap(({ kind, stages }) => {
      const reached = stages.flatMap(({ stage, selection }) => {
        const devices = counts[selection] ?? 0
        return devices === 0 ? [] : [[stage, devices]]
      })
      return reached.length === 0 ? [] : [[kind, Object.fromEntries(reached)]]
    }),
  ),
})

const nameOf = ({ firstHour, msgId }: RecentMessage): string => `${firstHour}-${msgId}`

const placeOf = (text: string): RecentAsk['behind'] => {
  if (text === '') return undefined
  const [, hour = '', id = ''] = /^([0-9]{1,9})-([0-9]{1,19})$/.exec(text) ?? []
  const msgId = parseMsgId(id)
  if (msgId === undefined) throw new Fault('badParameter', 'before must be the next of a page')
  return { firstHour: Number(hour), msgId }
}

const dayOf = (text: string): Day | undefined => {
  if (text === '') return undefined
  const day = parseDay(text)
  // The days before 1970 have no hours here.
  if (day !== undefined && day >= 0) return day
  throw new Fault('badParameter', 'day must be a real day, written yyyy-mm-dd')
}
