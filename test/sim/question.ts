// Questions in the words of the report API, asked of an engine through the report room and answered
// in its JSON text, so that engines are compared byte for byte in what a caller would read.
import { formatDay, formatHour, formatMonth, monthOf, type Zone } from '../../src/ledger/day.ts'
import { Fault } from '../../src/ledger/fault.ts'
import type { MsgId, RegistrationId } from '../../src/ledger/ids.ts'
import type { App, Store } from '../../src/ledger/store.ts'
import { days } from '../../src/report/days.ts'
import { feed } from '../../src/report/feed.ts'
import { messageHours } from '../../src/report/message-hours.ts'
import { messages } from '../../src/report/messages.ts'
import { messagesDetail } from '../../src/report/messages-detail.ts'
import { parseQuery, type Query } from '../../src/report/query.ts'
import { received } from '../../src/report/received.ts'
import { receivedDetail } from '../../src/report/received-detail.ts'
import { recentMessages } from '../../src/report/recent-messages.ts'
import { status } from '../../src/report/status.ts'
import { users } from '../../src/report/users.ts'
import type { Random } from '../support/random.ts'
import type { CastApp } from './cast.ts'

export interface Question {
  readonly report: keyof typeof reports
  /** The query, or the body of `/status/message`. */
  readonly text: string
}

type Ask = (store: Store, app: App, text: string, nowMs: number) => Promise<string>

const byMessage =
  (report: typeof received): Ask =>
  (store, app, text, nowMs) =>
    report.answer(store, app, report.parse(parseQuery(text)), nowMs)

interface Paged<T> {
  readonly parse: (query: Query) => T
  readonly answer: (store: Store, app: App, ask: T, nowMs: number) => Promise<string>
}

const asked =
  <T>(report: Paged<T>): Ask =>
  (store, app, text, nowMs) =>
    report.answer(store, app, report.parse(parseQuery(text)), nowMs)

const reports = {
  '/received': byMessage(received),
  '/received/detail': byMessage(receivedDetail),
  '/messages': byMessage(messages),
  '/messages/detail': byMessage(messagesDetail),
  '/status/message': (store, app, text, nowMs) =>
    status.answer(store, app, status.parse(new TextEncoder().encode(text), app, nowMs), nowMs),
  '/users': (store, app, text, nowMs) =>
    users.answer(store, [app], users.parse(parseQuery(text), app.zone, nowMs), nowMs),
  '/v1/messages': asked(recentMessages),
  '/v1/messages/hours': asked(messageHours),
  '/v1/days': asked(days),
  '/v1/feed': asked(feed),
} as const satisfies Record<string, Ask>

/** The answer as JSON text; a fault is an answer too. */
export const answerTo = async (
  question: Question,
  store: Store,
  app: App,
  nowMs: number,
): Promise<string> => {
  try {
    return await reports[question.report](store, app, question.text, nowMs)
  } catch (error) {
    if (error instanceof Fault) return `${error.fault}: ${error.message}`
    throw error
  }
}

const reportsByMessage = ['/received', '/received/detail', '/messages', '/messages/detail'] as const

/** Every report, about some of the app's pushes and a stranger. */
export const questionsAbout = (
  random: Random,
  app: CastApp,
  zone: Zone,
  nowMs: number,
  stranger: MsgId,
): readonly Question[] => {
  const asked = random.shuffle(app.pushes.map((push) => push.msgId)).slice(0, 12)
  const ids = [...asked, stranger].join(',')
  return [
    ...reportsByMessage.map((report): Question => ({ report, text: `msg_ids=${ids}` })),
    ...asked.slice(0, 5).map((msgId) => statusQuestion(random, app, zone, nowMs, msgId)),
    ...usersQuestions(random, zone, nowMs),
    ...pageQuestions(random, zone, nowMs, asked),
  ]
}

/** What a page for people asks. */
const pageQuestions = (
  random: Random,
  zone: Zone,
  nowMs: number,
  asked: readonly MsgId[],
): readonly Question[] => {
  const today = zone.dayOf(nowMs)
  const hour = (today - random.int(0, 40)) * 24 + random.int(0, 23)
  return [
    { report: '/v1/messages', text: `limit=${random.int(1, 200)}` },
    {
      report: '/v1/messages',
      text: `limit=${random.int(1, 9)}&before=${hour}-${random.pick([1, 5000])}`,
    },
    { report: '/v1/messages', text: `day=${formatDay(today - random.int(0, 3))}` },
    ...asked.slice(0, 4).map((msgId): Question => {
      return { report: '/v1/messages/hours', text: `msg_id=${msgId}` }
    }),
    { report: '/v1/days', text: `days=${random.int(1, 93)}` },
    { report: '/v1/feed', text: `hours=${random.int(1, 744)}` },
  ]
}

const statusQuestion = (
  random: Random,
  app: CastApp,
  zone: Zone,
  nowMs: number,
  msgId: MsgId,
): Question => {
  const daysBack = random.pick([0, 0, 1, 2, random.int(0, 35), random.int(0, 65), 61, 62])
  const push = app.pushes.find((each) => each.msgId === msgId)
  const devices: readonly RegistrationId[] = [
    ...random.shuffle(push?.audience ?? []).slice(0, 40),
    ...random.shuffle(app.devices).slice(0, 10),
  ]
  const body = {
    msg_id: msgId,
    registration_ids: [...devices, 'a stranger'],
    date: formatDay(zone.dayOf(nowMs) - daysBack),
  }
  return { report: '/status/message', text: JSON.stringify(body) }
}

const usersQuestions = (random: Random, zone: Zone, nowMs: number): readonly Question[] => {
  const today = zone.dayOf(nowMs)
  const hour = random.pick([today, today - 1, today - 60, today - random.int(0, 60)]) * 24
  const month = monthOf(today) - random.int(0, 2)
  const asked = [
    ['HOUR', formatHour(hour), 24],
    ['DAY', formatDay(today - 60), 60],
    ['DAY', formatDay(today - random.int(0, 3)), 5],
    ['MONTH', formatMonth(month), random.int(1, 2)],
  ] as const
  return asked.map(([unit, start, duration]): Question => {
    const text = `time_unit=${unit}&start=${start.replace(' ', '+')}&duration=${duration}`
    return { report: '/users', text }
  })
}
