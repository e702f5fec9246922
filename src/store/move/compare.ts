// Whether two ledgers answer alike about an app: every message by its sizes, users of each day that is kept,
// and the totals of days.

import { type Day, firstDayOf, monthOf } from '../../ledger/day.ts'
import { SELECTIONS } from '../../ledger/selection.ts'
import {
  type App,
  type Reader,
  type RecentMessage,
  type Slot,
  userDaysKept,
} from '../../ledger/store.ts'
import type { GoneOfDay } from '../clickhouse/bulk-load.ts'

const messagesOfPage = 500
const countsOfPage = 100
const hourMax = 2 ** 31 - 1

/** All that are not gone, the newest first. */
export const messagesOf = async (
  reader: Pick<Reader, 'recent'>,
  app: App,
  nowMs: number,
): Promise<readonly RecentMessage[]> => {
  const found: RecentMessage[] = []
  for (;;) {
    const behind = found.at(-1)
    const ask = { from: 0, to: hourMax, behind, limit: messagesOfPage }
    const page = await reader.recent(app, ask, nowMs)
    found.push(...page)
    if (page.length < messagesOfPage) return found
  }
}

const daysOf = (app: App, nowMs: number): readonly Day[] => {
  const today = app.zone.dayOf(nowMs)
  return Array.from({ length: userDaysKept }, (_, i) => today - userDaysKept + 1 + i)
}

const dense = (counts: ArrayLike<number> | undefined): readonly number[] =>
  SELECTIONS.map((_, i) => counts?.[i] ?? 0)

const sizesOf = async (
  reader: Pick<Reader, 'counts'>,
  app: App,
  messages: readonly RecentMessage[],
  nowMs: number,
): Promise<readonly (readonly number[])[]> => {
  const ids = messages.map(({ msgId }) => msgId)
  const found: (readonly number[])[] = []
  for (let from = 0; from < ids.length; from += countsOfPage) {
    const counts = await reader.counts(app, ids.slice(from, from + countsOfPage), nowMs)
    found.push(...counts.map(dense))
  }
  return found
}

/** What a day's totals have beyond the messages that are there: of those that are gone. */
export const goneOf = async (
  reader: Reader,
  app: App,
  nowMs: number,
): Promise<readonly GoneOfDay[]> => {
  const days = daysOf(app, nowMs)
  const totals = await reader.totals(app, days)
  const left = new Map(
    days.map((day, i) => [
      day,
      { messages: totals[i]?.messages ?? 0, counts: [...dense(totals[i]?.counts)] },
    ]),
  )
  const messages = await messagesOf(reader, app, nowMs)
  const sizes = await sizesOf(reader, app, messages, nowMs)
  for (const [i, { firstHour }] of messages.entries()) {
    const own = left.get(Math.floor(firstHour / 24))
    if (own === undefined) continue
    own.messages -= 1
    for (const [n, size] of (sizes[i] ?? []).entries()) own.counts[n] = (own.counts[n] ?? 0) - size
  }
  return [...left].flatMap(([day, gone]) => (gone.messages > 0 ? [{ day, ...gone }] : []))
}

/** Where they part, as the end of a sentence; undefined where they do not. */
export const differenceOf = async (
  one: Reader,
  app: App,
  other: Reader,
  itsApp: App,
  nowMs: number,
): Promise<string | undefined> => {
  const [messages, its] = [
    await messagesOf(one, app, nowMs),
    await messagesOf(other, itsApp, nowMs),
  ]
  if (JSON.stringify(messages) !== JSON.stringify(its)) {
    return `${messages.length} messages here, ${its.length} there, or not of the same hours`
  }
  const [sizes, itsSizes] = [
    await sizesOf(one, app, messages, nowMs),
    await sizesOf(other, itsApp, messages, nowMs),
  ]
  const place = sizes.findIndex((size, i) => size.join() !== itsSizes[i]?.join())
  if (place >= 0) return `the sizes of message ${messages[place]?.msgId}`
  const days = daysOf(app, nowMs)
  const months = [...new Set(days.map(monthOf))].filter(
    (month) => firstDayOf(month) >= (days[0] ?? 0),
  )
  const slots: Slot[] = [
    ...days.map((day) => ({ unit: 'DAY', day }) as const),
    ...months.map((month) => ({ unit: 'MONTH', month }) as const),
  ]
  const [users, itsUsers] = [await one.users(app, slots), await other.users(itsApp, slots)]
  if (JSON.stringify(users) !== JSON.stringify(itsUsers)) return 'the users of its days'
  const [totals, itsTotals] = [await one.totals(app, days), await other.totals(itsApp, days)]
  const textOf = (all: typeof totals) =>
    all.map((day) => `${day.messages} ${dense(day.counts)}`).join('|')
  return textOf(totals) === textOf(itsTotals) ? undefined : 'the totals of its days'
}
