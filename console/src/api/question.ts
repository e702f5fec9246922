// Every question that the console asks, with the type of its answer: the one list of endpoints.
import type {
  DaysBody,
  FeedBody,
  MessageHoursBody,
  MessagesDetailItem,
  ReceivedDetailItem,
  ReceivedItem,
  RecentMessagesBody,
  SessionsBody,
  StatusBody,
  UsersBody,
} from '../../../src/http/endpoint/wire.ts'

export interface Question<Body> {
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly json?: unknown
  /** Carries the type of the answer; never there. */
  readonly body?: Body
}

const get = <Body>(path: string, query: Readonly<Record<string, string>> = {}): Question<Body> => {
  const search = new URLSearchParams(query).toString()
  return { path: search === '' ? path : `${path}?${search}` }
}

const sessionsPath = '/v1/sessions'
export const sessions: Question<SessionsBody> = { path: sessionsPath }
export const logIn = (key: string, secret: string): Question<SessionsBody> => ({
  method: 'POST',
  path: sessionsPath,
  json: { key, secret },
})
export const logOut: Question<SessionsBody> = { method: 'DELETE', path: sessionsPath }

export const days = (count: number): Question<DaysBody> => get('/v1/days', { days: String(count) })

export const usersOfDays = (start: string, count: number): Question<UsersBody> =>
  get('/v3/users', { time_unit: 'DAY', start, duration: String(count) })

export interface MessagesQuery {
  readonly day?: string | undefined
  readonly before?: string | undefined
}

export const recentMessages = (
  limit: number,
  { day, before }: MessagesQuery,
): Question<RecentMessagesBody> =>
  get('/v1/messages', {
    limit: String(limit),
    ...(day !== undefined && { day }),
    ...(before !== undefined && { before }),
  })

export const messageHours = (msgId: string): Question<MessageHoursBody> =>
  get('/v1/messages/hours', { msg_id: msgId })

const ofMessage = (msgId: string) => ({ msg_ids: msgId })
export const messageDetail = (msgId: string): Question<readonly MessagesDetailItem[]> =>
  get('/v3/messages/detail', ofMessage(msgId))
export const receivedDetail = (msgId: string): Question<readonly ReceivedDetailItem[]> =>
  get('/v3/received/detail', ofMessage(msgId))
export const received = (msgId: string): Question<readonly ReceivedItem[]> =>
  get('/v3/received', ofMessage(msgId))

/** The id goes as text, so that none of its digits is lost. */
export const statuses = (
  msgId: string,
  registrationIds: readonly string[],
  date: string,
): Question<StatusBody> => ({
  method: 'POST',
  path: '/v3/status/message',
  json: { msg_id: msgId, registration_ids: registrationIds, ...(date !== '' && { date }) },
})

export const feed = (hours: number): Question<FeedBody> => get('/v1/feed', { hours: String(hours) })
