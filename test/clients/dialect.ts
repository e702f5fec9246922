// How each client asks each report, byte by byte: its paths, encodings, headers and bodies. Seen on the
// wire where the client could be run against a stub, else read in its source; `source` says which.
import { request } from '../support/raw.ts'

export const REPORTS = [
  'received',
  'received/detail',
  'status/message',
  'messages',
  'messages/detail',
  'users',
  'group/messages/detail',
  'group/users',
] as const
export type Report = (typeof REPORTS)[number]

/** What is asked, before a client writes it down. */
export interface Question {
  /** Of messages, or of group pushes. */
  readonly ids: readonly string[]
  readonly devices: readonly string[]
  readonly date: string
  readonly users: { readonly unit: string; readonly start: string; readonly duration: number }
}

export interface Dialect {
  readonly client: string
  readonly source: 'bytes seen' | 'source read'
  readonly reports: readonly Report[]
  /** Those whose answer, as the page shows it, the client cannot read. */
  readonly cannotRead?: readonly Report[]
  readonly headers: readonly string[]
  /** Joins ids in a query. */
  readonly comma: string
  /** Stands for a blank in `start`. */
  readonly blank: string
  readonly path?: (report: Report) => string
  readonly status?: {
    readonly headers: readonly string[]
    readonly body: (question: Question) => string
  }
  readonly groupUser?: (key: string) => string
}

const everyReport = REPORTS.filter((report) => !report.startsWith('group/'))
const compact = (name: 'date' | 'data') => (ask: Question) =>
  `{"msg_id":${ask.ids[0]},"registration_ids":${JSON.stringify(ask.devices)},"${name}":"${ask.date}"}`
const withText = (ask: Question) =>
  JSON.stringify({ msg_id: ask.ids[0], registration_ids: ask.devices, date: ask.date })

export const DIALECTS: readonly Dialect[] = [
  {
    client: 'jpush-api-java-client 3.7.8',
    source: 'bytes seen',
    reports: REPORTS,
    headers: [
      'Content-Type: application/json',
      'Charset: UTF-8',
      'Accept-Charset: UTF-8',
      'Cache-Control: no-cache',
      'Pragma: no-cache',
      'User-Agent: JPush-API-Java-Client',
      'Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
      'Connection: keep-alive',
    ],
    comma: ', ',
    blank: '+',
    status: { headers: [], body: compact('date') },
    groupUser: (key) => key,
  },
  {
    client: 'jiguang-sdk-java 5.3.0',
    source: 'bytes seen',
    reports: ['received/detail', 'status/message', 'messages/detail', 'users'],
    headers: [
      'Content-Type: application/json; charset=utf-8',
      'Connection: Keep-Alive',
      'Accept-Encoding: gzip',
      'User-Agent: okhttp/4.12.0',
    ],
    comma: '%2C',
    blank: '+',
    status: { headers: [], body: compact('date') },
  },
  {
    client: 'jpush-api-python-client',
    source: 'bytes seen',
    reports: everyReport,
    headers: [
      'user-agent: jpush-api-python-client',
      'Accept-Encoding: gzip, deflate',
      'Accept: */*',
      'Connection: keep-alive',
      'content-type: application/json;charset:utf-8',
    ],
    comma: '%2C+',
    blank: '+',
    status: {
      headers: [],
      body: (ask) =>
        `{"msg_id": ${ask.ids[0]}, "registration_ids": ["${ask.devices.join('", "')}"], "date": "${ask.date}"}`,
    },
  },
  {
    client: 'jpush-api-php-client',
    source: 'bytes seen',
    reports: everyReport,
    headers: [
      'User-Agent: JPush-API-PHP-Client',
      'Accept: */*',
      'Connection: Keep-Alive',
      'Content-Type: application/json',
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    ],
    comma: ',',
    blank: '%20',
    path: (report) => `/v3/${report}${report === 'messages' || report === 'users' ? '/' : ''}`,
    status: { headers: [], body: compact('data') },
  },
  {
    client: 'jpush-api-ruby-client 4.0.13',
    source: 'bytes seen',
    reports: everyReport,
    headers: [
      'accept-encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3',
      'accept: application/json',
      'user-agent: jpush-api-ruby-client/4.0.13',
      'content-type: application/json',
      'connection: close',
    ],
    comma: '%2C',
    blank: '+',
    path: (report) => `/v3/${report === 'status/message' ? '' : '/'}${report}`,
    status: { headers: [], body: compact('date') },
  },
  {
    client: 'jpush-api-csharp-client',
    source: 'source read',
    reports: everyReport,
    headers: ['Accept: application/json'],
    comma: ',',
    blank: '%20',
    status: {
      headers: ['Content-Type: text/plain; charset=utf-8', 'Expect: 100-continue'],
      body: (ask) =>
        [
          '{',
          `  "msg_id": ${ask.ids[0]},`,
          '  "registration_ids": [',
          ask.devices.map((device) => `    "${device}"`).join(',\r\n'),
          '  ],',
          `  "data": "${ask.date}"`,
          '}',
        ].join('\r\n'),
    },
  },
  {
    client: 'cavlabs/jiguang-sdk-go',
    source: 'source read',
    reports: REPORTS.filter((report) => report !== 'received' && report !== 'messages'),
    cannotRead: ['messages/detail'],
    headers: ['User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'],
    comma: ',',
    blank: '+',
    status: { headers: ['Content-Type: application/json; charset=UTF-8'], body: withText },
    groupUser: (key) => `group-${key}`,
  },
  {
    client: 'DeanThompson/jpush-api-go-client',
    source: 'source read',
    reports: ['received'],
    cannotRead: ['received'],
    headers: ['User-Agent: jpush-api-go-client', 'Accept-Encoding: gzip'],
    comma: '%2C',
    blank: '+',
  },
  {
    client: 'Scorpio69t/jpush-api-golang-client',
    source: 'source read',
    reports: ['received'],
    headers: ['Charset: UTF-8', 'Content-Type: application/json', 'Accept-Encoding: gzip'],
    comma: '%2C',
    blank: '+',
  },
]

const queryOf = (dialect: Dialect, report: Report, { ids, users }: Question): string => {
  if (report.endsWith('users')) {
    const start = users.start.replace(' ', dialect.blank)
    return `time_unit=${users.unit}&start=${start}&duration=${users.duration}`
  }
  const name = report.startsWith('group/') ? 'group_msgids' : 'msg_ids'
  return `${name}=${ids.join(dialect.comma)}`
}

/** The request as the client sends it, authorised so. */
export const requestOf = (
  dialect: Dialect,
  report: Report,
  question: Question,
  authorization: string,
): string => {
  const path = dialect.path?.(report) ?? `/v3/${report}`
  const own = ['Host: report.jpush.cn', `Authorization: ${authorization}`, ...dialect.headers]
  if (report !== 'status/message' || dialect.status === undefined) {
    return request(`GET ${path}?${queryOf(dialect, report, question)} HTTP/1.1`, ...own)
  }
  const body = dialect.status.body(question)
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  return request(`POST ${path} HTTP/1.1`, ...own, ...dialect.status.headers, length) + body
}
