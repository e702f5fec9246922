// Requests that break an ordinary server, byte by byte: who sends each, how it is known, and what must
// come back. The server has told 62 devices of one message, one of another, and an active device.
import { request } from '../support/raw.ts'
import { basic } from '../support/server.ts'

export interface RequestQuirk {
  readonly what: string
  readonly client: string
  readonly source: 'bytes seen' | 'source read' | 'documented' | 'by hand'
  readonly bytes: string
  /** The whole body of the answer, whose status is 200. */
  readonly answer: string
}

const host = 'Host: report.jpush.cn'
const auth = `Authorization: ${basic}`
const get = (target: string, ...headers: string[]) =>
  request(`GET ${target} HTTP/1.1`, host, auth, ...headers)
const post = (body: string, ...headers: string[]) => {
  const length = `Content-Length: ${Buffer.byteLength(body)}`
  return request('POST /v3/status/message HTTP/1.1', host, auth, ...headers, length) + body
}
const chunked = (body: string) =>
  [...(body.match(/[\s\S]{1,20}/g) ?? []), '']
    .map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
    .join('')

const item = (id: string, count: number | null) =>
  `{"msg_id":"${id}","android_received":${count},"ios_apns_sent":null,"ios_apns_received":null,` +
  '"ios_msg_received":null,"wp_mpns_sent":null}'
const one = `[${item('1613113584', 62)}]`
const both = `[${item('1613113584', 62)},${item('1229760629', null)}]`
const delivered = '{"02078f0f1b8":{"status":0}}'
// As of the day before: shows that the date was read.
const notYet = '{"02078f0f1b8":{"status":3}}'
const usersOf = (unit: string, time: string) =>
  `{"time_unit":"${unit}","start":"${time}","duration":1,` +
  `"items":[{"time":"${time}","android":{"active":1}}]}`
const day = usersOf('DAY', '2014-06-12')
const hour = usersOf('HOUR', '2014-06-12 12')

const ask = '{"msg_id":18101211308815829,"registration_ids":["02078f0f1b8"]}'
const askText = '{"msg_id":"18101211308815829","registration_ids":["02078f0f1b8"]}'
const indented =
  '{\r\n  "msg_id": 18101211308815829,\r\n  "registration_ids": [\r\n    "02078f0f1b8"\r\n  ],\r\n' +
  '  "data": "2014-06-11"\r\n}'
const list = '/v3/received?msg_ids='
const users = '/v3/users?time_unit='

type Row = readonly [
  what: string,
  client: string,
  source: RequestQuirk['source'],
  bytes: string,
  answer: string,
]

const rows: readonly Row[] = [
  ['raw blanks', 'Java 3.7', 'bytes seen', get(`${list}1613113584, 1229760629`), both],
  [
    'raw blanks and empties',
    'Java 3.7',
    'source read',
    get(`${list}1613113584,   ,1229760629,  `),
    both,
  ],
  [
    'a raw blank in the hour',
    'PHP',
    'by hand',
    get(`${users}HOUR&start=2014-06-12 12&duration=1`),
    hour,
  ],
  [
    'a blank as +',
    'Java 3.7',
    'bytes seen',
    get(`${users}HOUR&start=2014-06-12+12&duration=1`),
    hour,
  ],
  [
    'a blank as %20',
    'Node',
    'bytes seen',
    get(`${users}HOUR&start=2014-06-12%2012&duration=1`),
    hour,
  ],
  [
    'a unit in lower case',
    'Python',
    'bytes seen',
    get(`${users}day&start=2014-06-12&duration=1`),
    day,
  ],
  ['commas as %2C', 'Ruby', 'bytes seen', get(`${list}1613113584%2C1229760629`), both],
  ['commas as %2C+', 'Python', 'bytes seen', get(`${list}1613113584%2C+1229760629`), both],
  ['repeated msg_ids', 'Python', 'bytes seen', get(`${list}1613113584&msg_ids=1229760629`), both],
  ['a trailing comma', 'Node 4.1', 'bytes seen', get(`${list}1613113584,1229760629,`), both],
  ['a doubled slash', 'Ruby', 'bytes seen', get('/v3//received?msg_ids=1613113584'), one],
  [
    'a slash before the query',
    'PHP',
    'bytes seen',
    get('/v3/users/?time_unit=DAY&start=2014-06-12&duration=1'),
    day,
  ],
  [
    'a slash before the query',
    'PHP before 2018',
    'source read',
    get('/v3/received/?msg_ids=1613113584'),
    one,
  ],
  ['the base of Beijing', 'any', 'documented', get('/v3/report/received?msg_ids=1613113584'), one],
  [
    'the base of Beijing, posted to',
    'Java 3.7',
    'documented',
    post(ask).replace('/v3/', '/v3/report/'),
    delivered,
  ],
  [
    'all slashes at once',
    'any',
    'by hand',
    get('//v3//report///received//?msg_ids=1613113584'),
    one,
  ],
  ['a whole URL', 'a proxy', 'by hand', get(`http://report.jpush.cn${list}1613113584`), one],
  [
    'HTTP/1.0 without Host',
    'a proxy',
    'by hand',
    request(`GET ${list}1613113584 HTTP/1.0`, auth),
    one,
  ],
  [
    'h2c and two Connection headers',
    'PHP',
    'bytes seen',
    get(
      `${list}1613113584`,
      'Connection: Keep-Alive',
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    ),
    one,
  ],
  ['Connection: close', 'Ruby', 'bytes seen', get(`${list}1613113584`, 'connection: close'), one],
  [
    'a GET with the body null',
    'Node 4.1',
    'bytes seen',
    `${get(`${list}1613113584`, 'content-type: application/json', 'content-length: 4')}null`,
    one,
  ],
  ['a bare number above 2^53', 'Java 3.7', 'bytes seen', post(ask), delivered],
  ['an id as text', 'Node 4.1', 'bytes seen', post(askText), delivered],
  [
    'a malformed type',
    'Python',
    'bytes seen',
    post(ask, 'content-type: application/json;charset:utf-8'),
    delivered,
  ],
  ['no type', 'any', 'by hand', post(ask), delivered],
  ['an empty type', 'any', 'by hand', post(ask, 'Content-Type:'), delivered],
  ['a type of another kind', 'any', 'by hand', post(ask, 'Content-Type: image/png'), delivered],
  [
    'indented JSON as text/plain, data for date, Expect',
    'C#',
    'source read',
    post(indented, 'Content-Type: text/plain; charset=utf-8', 'Expect: 100-continue'),
    notYet,
  ],
  ['JSON in JSON', 'Node 4.0.3', 'bytes seen', post(JSON.stringify(askText)), delivered],
  [
    'a body in chunks',
    'Node 4.2',
    'bytes seen',
    request('POST /v3/status/message HTTP/1.1', host, auth, 'Transfer-Encoding: chunked') +
      chunked(askText),
    delivered,
  ],
]

export const REQUEST_QUIRKS: readonly RequestQuirk[] = rows.map(
  ([what, client, source, bytes, answer]) => ({ what, client, source, bytes, answer }),
)
