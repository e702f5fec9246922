// What real clients need of an answer, or choke on: a row says who, how it is known, which question shows
// it, and what must hold of the raw answer.
import type { RawAnswer } from '../support/raw.ts'

export interface AnswerQuirk {
  readonly what: string
  readonly client: string
  readonly source: 'seen' | 'source read' | 'its own test' | 'an issue'
  readonly asks: readonly Asked[]
  readonly holds: (answer: RawAnswer) => boolean
}

export interface Asked {
  readonly path: string
  /** Posted. */
  readonly body?: string
  readonly as?: 'app' | 'group' | 'nobody'
  readonly status: number
}

const ids = '1613113584,18101211308815829,9007199254740991,5'
const got = (path: string): Asked => ({ path, status: 200 })
const posted = (body: string): Asked => ({ path: '/v3/status/message', body, status: 200 })

const received = got(`/v3/received?msg_ids=${ids}`)
const receivedDetail = got(`/v3/received/detail?msg_ids=${ids}`)
const messages = got(`/v3/messages?msg_ids=${ids}`)
const messagesDetail = got(`/v3/messages/detail?msg_ids=${ids}`)
const groupDetail: Asked = {
  path: '/v3/group/messages/detail?group_msgids=c4hm,unknown',
  as: 'group',
  status: 200,
}
const statuses = posted(
  '{"msg_id":1613113584,"registration_ids":["d0","stranger","error","__proto__","123"]}',
)
const manyStatuses = posted(
  JSON.stringify({
    msg_id: 1613113584,
    registration_ids: Array.from({ length: 1000 }, (_, i) => `1507bfd3a7c568d${4000 + i}`),
  }),
)
const noStatuses = posted('{"msg_id":1613113584,"registration_ids":[]}')
const users = ['HOUR&start=2014-06-12+11', 'day&start=2014-06-12', 'Month&start=2014-06'].map(
  (unit) => got(`/v3/users?time_unit=${unit}&duration=1`),
)
const groupUsers: Asked = {
  path: '/v3/group/users?time_unit=DAY&start=2014-06-11&duration=2',
  as: 'group',
  status: 200,
}
const successes = [
  received,
  receivedDetail,
  messages,
  messagesDetail,
  groupDetail,
  statuses,
  manyStatuses,
  noStatuses,
  ...users,
  groupUsers,
]

const badParameters: readonly Asked[] = [
  '/v3/received',
  '/v3/received?msg_ids=x',
  `/v3/messages?msg_ids=${Array.from({ length: 101 }, (_, i) => i + 1).join()}`,
  '/v3/users?time_unit=WEEK&start=2014-06-12&duration=1',
  '/v3/users?time_unit=HOUR&start=2014-06-12&duration=1',
  '/v3/users?time_unit=DAY&start=2013-06-12&duration=1',
].map((path) => ({ path, status: 400 }))
const faults: readonly Asked[] = [
  ...badParameters,
  { path: '/v3/status/message', body: 'msg_id=1&registration_ids=2', status: 400 },
  { path: '/v3/received?msg_ids=1', as: 'nobody', status: 401 },
  { path: '/v3/group/users', status: 401 },
  { path: '/v3/nothing', status: 404 },
  { path: '/', as: 'nobody', status: 404 },
  { path: '/v3/status/message', status: 405 },
  { path: '/v3/status/message', body: 'x'.repeat(700_000), status: 413 },
]

type Item = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const itemsOf = ({ body }: RawAnswer): readonly Item[] => JSON.parse(body) as Item[]
const every = (test: (item: Item) => boolean) => (answer: RawAnswer) => itemsOf(answer).every(test)
const areObjects =
  (...names: string[]) =>
  (item: Item) =>
    names.every((name) => isObject(item[name]))
/** Every value in there that is not an object, with its name. */
const leavesOf = (value: unknown, name = ''): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, key))
    : [[name, value]]
const areNoCounts = ['msg_id', 'group_msgid', 'group_msgids', 'time_unit', 'start', 'time']
const headerOf = ({ headers }: RawAnswer, name: string): string => headers[name] ?? ''
const isCount = (text: string): boolean => /^(0|[1-9][0-9]*)$/.test(text)

export const ANSWER_QUIRKS: readonly AnswerQuirk[] = [
  {
    what: 'success is exactly 200',
    client: 'PHP, Node, Go (DeanThompson)',
    source: 'source read',
    asks: successes,
    holds: ({ status }) => status === 200,
  },
  {
    what: 'the type is JSON, always there',
    client: 'Node 4.2 (ends without one), Java 5 (null objects)',
    source: 'seen',
    asks: [...successes, ...faults],
    holds: (answer) => /^application\/json\b/.test(headerOf(answer, 'content-type')),
  },
  {
    what: 'the body is never empty, and as long as it says',
    client: 'Node 4.2 (waits for ever), Ruby (raises), Java (null objects)',
    source: 'seen',
    asks: [...successes, ...faults],
    holds: (answer) =>
      answer.body.length > 1 &&
      headerOf(answer, 'content-length') === String(Buffer.byteLength(answer.body)),
  },
  {
    what: 'a fault is an error object of a number and a text',
    client: 'Python, PHP, Node 4.2, Java 5 (fail inside their own handling of it)',
    source: 'seen',
    asks: faults,
    holds: ({ body }) => {
      const { error } = JSON.parse(body) as Item
      return (
        isObject(error) && typeof error['code'] === 'number' && typeof error['message'] === 'string'
      )
    },
  },
  {
    what: 'a bad parameter is a 400',
    client: 'Java 3.7 (reads the bodies of 400, 401, 403, 404, 410 and 429 only)',
    source: 'source read',
    asks: badParameters,
    holds: ({ status }) => status === 400,
  },
  {
    what: 'the limits stand in headers of exactly this case, plain integers',
    client: 'PHP (of 2015 fails without them, of today reads them by case), Java (parses them)',
    source: 'an issue',
    asks: [...successes, ...badParameters],
    holds: ({ headers }) =>
      ['X-Rate-Limit-Limit', 'X-Rate-Limit-Remaining', 'X-Rate-Limit-Reset'].every((name) =>
        isCount(headers[name] ?? ''),
      ),
  },
  {
    what: 'msg_id is text',
    client: 'Go (cavlabs, reads only text); JavaScript (loses digits of numbers)',
    source: 'source read',
    asks: [received, receivedDetail, messages],
    holds: every(({ msg_id }) => typeof msg_id === 'string' && isCount(msg_id)),
  },
  {
    what: 'msg_id is a number up to 2^53 − 1, and text above',
    client: 'the page shows a number; JavaScript loses digits above',
    source: 'seen',
    asks: [messagesDetail],
    holds: (answer) =>
      /"msg_id":1613113584,.*"msg_id":"18101211308815829",.*"msg_id":9007199254740991,/.test(
        answer.body,
      ),
  },
  {
    what: 'android_pns and details are objects, never null',
    client: 'Java 3.7 (throws on null)',
    source: 'seen',
    asks: [messagesDetail, groupDetail],
    holds: every(areObjects('android_pns', 'details', 'jpush', 'ios', 'winphone')),
  },
  {
    what: 'android_pns is there for a group too',
    client: 'Java 3.7 (throws where it is absent, drops the item where it is null)',
    source: 'seen',
    asks: [groupDetail],
    holds: every(areObjects('android_pns')),
  },
  {
    what: 'the id of a group push stands under both names',
    client: 'Java 3.7 (group_msgids), Go (cavlabs, group_msgid)',
    source: 'source read',
    asks: [groupDetail],
    holds: every(({ group_msgid, group_msgids }) => group_msgid === group_msgids && !!group_msgid),
  },
  {
    what: 'an item has exactly four members, three of them objects',
    client: 'Ruby, PHP',
    source: 'its own test',
    asks: [messages],
    holds: every(
      (item) => Object.keys(item).length === 4 && areObjects('android', 'ios', 'winphone')(item),
    ),
  },
  {
    what: 'the members of the page are there without data too',
    client: 'Ruby, Python (an issue: only msg_id came)',
    source: 'an issue',
    asks: [received],
    holds: every((item) => Object.keys(item).length === 6),
  },
  {
    what: 'no newer member comes without data',
    client: 'Java 5 before 5.0.8 (throws on each that it does not know)',
    source: 'an issue',
    asks: [receivedDetail],
    holds: every((item) => Object.keys(item).length === 7),
  },
  {
    what: 'a count is a bare integer, or null',
    client: 'Java 3.7 and 5, Go (cannot be read into their integers)',
    source: 'source read',
    asks: successes,
    holds: ({ body }) =>
      leavesOf(JSON.parse(body))
        .filter(([name]) => !areNoCounts.includes(name))
        .every(([, count]) => count === null || isCount(JSON.stringify(count))),
  },
  {
    what: 'an item per id, in an array, for one id too',
    client: 'Ruby, PHP',
    source: 'its own test',
    asks: [got('/v3/received?msg_ids=5'), got('/v3/messages/detail?msg_ids=5')],
    holds: (answer) => itemsOf(answer).length === 1,
  },
  {
    what: 'an array begins and ends with its brackets, no line end behind',
    client: 'Go (cavlabs, looks at the first and the last byte)',
    source: 'source read',
    asks: [receivedDetail, messagesDetail, groupDetail],
    holds: ({ body }) => body.startsWith('[') && body.endsWith(']'),
  },
  {
    what: 'a status has one member, and every id asked has a status',
    client: 'Java 5 (throws on any other), Ruby',
    source: 'seen',
    asks: [statuses],
    holds: ({ body }) =>
      /^\{("[^"]+":\{"status":[0-4]\},?){5}\}$/.test(body) && body.includes('"__proto__":'),
  },
  {
    what: 'no statuses are an empty object, never an array',
    client: 'Java 5 (throws)',
    source: 'seen',
    asks: [noStatuses],
    holds: ({ body }) => body === '{}',
  },
  {
    what: 'exactly four members, duration a number, the unit in upper case, start as asked',
    client:
      'Ruby (counts them), Go (cavlabs, fails on a quoted one), Java 5 (parses unit and start)',
    source: 'its own test',
    asks: [...users, groupUsers],
    holds: ({ body }) => {
      const { time_unit, start, duration, items, ...more } = JSON.parse(body) as Item
      return (
        /^(HOUR|DAY|MONTH)$/.test(String(time_unit)) &&
        /^2014-06(-1[12]( 11)?)?$/.test(String(start)) &&
        typeof duration === 'number' &&
        Array.isArray(items) &&
        Object.keys(more).length === 0
      )
    },
  },
  {
    what: 'an item of users has its time, in the shape of start, without data too',
    client: 'Ruby, Java 5 and Go (cavlabs; both parse it)',
    source: 'its own test',
    asks: [...users, groupUsers],
    holds: ({ body }) => {
      const { start, items } = JSON.parse(body) as { start: string; items: Item[] }
      const shape = start.replaceAll(/\d/g, '0')
      return items.every(({ time }) => String(time).replaceAll(/\d/g, '0') === shape)
    },
  },
]
