// The transport: connections that go on whatever was sent, malformed requests answered as JSON, and every
// answer in one piece. The odd requests of real clients are in test/clients/request-quirk.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultBody } from '../../src/http/endpoint/wire.ts'
import { request, talk, talkAndEnd } from '../support/raw.ts'
import { basic, key, secret, startServer, type TestServer } from '../support/server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  const received = { msgId: '1613113584', platform: 'android', channel: 'jpush' } as const
  await server.told({ ...received, stage: 'received', devices: 62 })
  const above = { msgId: '18101211308815829', platform: 'android', channel: 'jpush' } as const
  await server.told({ ...above, stage: 'received', devices: ['02078f0f1b8'] })
})
afterAll(() => server.close())

const host = 'Host: report.jpush.cn'
const auth = `Authorization: ${basic}`
const item = (id: string, count: number | null) =>
  `{"msg_id":"${id}","android_received":${count},"ios_apns_sent":null,"ios_apns_received":null,` +
  '"ios_msg_received":null,"wp_mpns_sent":null}'
const both = `[${item('1613113584', 62)},${item('1229760629', null)}]`
const one = `[${item('1613113584', 62)}]`
const delivered = '{"02078f0f1b8":{"status":0}}'
const javaHeaders = [
  host,
  auth,
  'Content-Type: application/json',
  'Charset: UTF-8',
  'Accept-Charset: UTF-8',
  'Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
  'User-Agent: JPush-API-Java-Client',
  'Connection: keep-alive',
]
const post = (body: string, ...headers: string[]) =>
  request(
    'POST /v3/status/message HTTP/1.1',
    host,
    auth,
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ) + body
const get = (target: string, ...headers: string[]) =>
  request(`GET ${target} HTTP/1.1`, host, auth, ...headers)
const chunked = (body: string) =>
  [...(body.match(/[\s\S]{1,20}/g) ?? []), '']
    .map((part) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`)
    .join('')
const ask = '{"msg_id":18101211308815829,"registration_ids":["02078f0f1b8"]}'
const askText = '{"msg_id":"18101211308815829","registration_ids":["02078f0f1b8"]}'

describe('a connection goes on', () => {
  it('after a GET with a body', async () => {
    const withBody = `${get('/v3/received?msg_ids=1613113584', 'content-length: 4')}null`
    const { answers } = await talk(server.port, [withBody, 1, withBody, 2, withBody + withBody, 4])
    expect(answers.map(({ body }) => body)).toEqual([one, one, one, one])
  })

  it('after raw blanks, many times over', async () => {
    const java = request('GET /v3/received?msg_ids=1613113584, 1229760629 HTTP/1.1', ...javaHeaders)
    const plain = get('/v3/received?msg_ids=1613113584')
    const script = Array.from({ length: 40 }, (_, i) => [i % 3 === 2 ? plain : java, i + 1]).flat()
    const { answers } = await talk(server.port, script)
    expect(answers).toHaveLength(40)
    expect(answers.map(({ body }) => body)).toEqual(
      Array.from({ length: 40 }, (_, i) => (i % 3 === 2 ? one : both)),
    )
  })

  it('where headers follow a raw blank in packets of their own', async () => {
    const [line, ...rest] = javaHeaders
    const first = `GET /v3/received?msg_ids=1613113584, 1229760629 HTTP/1.1\r\n${line}\r\n`
    const { answers } = await talk(server.port, [
      first,
      0,
      `${rest.join('\r\n')}\r\n`,
      0,
      '\r\n',
      1,
    ])
    expect(answers.map(({ body }) => body)).toEqual([both])
  })

  it('where a raw blank comes in packets cut anywhere', async () => {
    const target = '/v3/received?msg_ids=1613113584, 1229760629'
    const java = request(`GET ${target} HTTP/1.1`, ...javaHeaders)
    const plain = get('/v3/received?msg_ids=1613113584')
    const cuts = Array.from({ length: target.length + 20 }, (_, i) => i + 1)
    const talks = cuts.map((cut) =>
      talk(server.port, [plain, 1, java.slice(0, cut), 0, java.slice(cut), 2, plain, 3]),
    )
    for (const { answers } of await Promise.all(talks)) {
      expect(answers.map(({ body }) => body)).toEqual([one, both, one])
    }
  })

  it('where a raw blank comes byte by byte', async () => {
    const java = request('GET /v3/received?msg_ids=1613113584, 1229760629 HTTP/1.1', host, auth)
    const { answers } = await talk(server.port, [...[...java].flatMap((byte) => [byte, 0]), 1])
    expect(answers.map(({ body }) => body)).toEqual([both])
  })

  it('where raw blanks come behind other requests in one packet', async () => {
    const java = request('GET /v3/received?msg_ids=1613113584, 1229760629 HTTP/1.1', ...javaHeaders)
    const plain = get('/v3/received?msg_ids=1613113584')
    const before = plain + post(ask) + plain
    const { answers } = await talk(server.port, [before + java + java + plain, 6])
    expect(answers.map(({ body }) => body)).toEqual([one, delivered, one, both, both, one])
  })

  it('where raw blanks come behind bodies in chunks', async () => {
    const inChunks =
      request('POST /v3/status/message HTTP/1.1', host, auth, 'Transfer-Encoding: chunked') +
      chunked(askText)
    const java = get('/v3/received?msg_ids=1613113584, 1229760629')
    const { answers } = await talk(server.port, [inChunks + java + inChunks + java, 4])
    expect(answers.map(({ body }) => body)).toEqual([delivered, both, delivered, both])
  })

  it('after a fault', async () => {
    const script = [get('/v3/nothing'), 1, post('{'), 2, get('/v3/received?msg_ids=1613113584'), 3]
    const { answers } = await talk(server.port, script)
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 200])
  })
})

const linesOf = (count: number) => Array.from({ length: count }, (_, i) => `x${i}:`)

const malformed: readonly (readonly [string, string, number])[] = [
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['a raw blank in the path', get('/v3/rec eived?msg_ids=1'), 400],
  ['a raw blank in a POST', request('POST /v3/status/message?a=1, 2 HTTP/1.1', host, auth), 400],
  [
    'a raw blank and another version',
    request('GET /v3/received?msg_ids=1, 2 HTTP/2.0', host, auth),
    400,
  ],
  [
    'a raw blank and a control character',
    request('GET /v3/received?msg_ids=1, \u00012 HTTP/1.1', host),
    400,
  ],
  [
    'a raw blank and two versions',
    request('GET /v3/received?msg_ids=1 HTTP/1.1 HTTP/1.1', host, auth),
    400,
  ],
  ['a raw blank and no version', request('GET /v3/received?msg_ids=1, 2', host), 400],
  ['a header without a colon', request('GET /healthz HTTP/1.1', host, 'nonsense'), 400],
  ['no Host', request('GET /healthz HTTP/1.1', auth), 400],
  ['two Hosts', request('GET /healthz HTTP/1.1', host, auth, 'HOST: report.jpush.cn'), 400],
  ...['gzip, chunked', 'chunked, chunked', 'identity', 'gzip', 'xchunked', ''].map(
    (coding) =>
      [
        `the Transfer-Encoding ${JSON.stringify(coding)}`,
        request('POST /v1/events HTTP/1.1', host, auth, `Transfer-Encoding: ${coding}`),
        400,
      ] as const,
  ),
  [
    'chunks in HTTP/1.0',
    request('POST /v1/events HTTP/1.0', host, auth, 'Transfer-Encoding: chunked'),
    400,
  ],
  [
    'both lengths, the other way round',
    request(
      'POST /v1/events HTTP/1.1',
      host,
      auth,
      'Transfer-Encoding: chunked',
      'Content-Length: 2',
    ),
    400,
  ],
  [
    'a length that is none',
    `${request('POST /v1/events HTTP/1.1', host, auth, 'Content-Length: x')}`,
    400,
  ],
  [
    'both lengths',
    request(
      'POST /v1/events HTTP/1.1',
      host,
      auth,
      'Content-Length: 2',
      'Transfer-Encoding: chunked',
    ),
    400,
  ],
  [
    'a broken chunk',
    `${request('POST /v1/events HTTP/1.1', host, auth, 'Transfer-Encoding: chunked')}zz\r\n`,
    400,
  ],
  ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  [
    'headers too large',
    request('GET /healthz HTTP/1.1', host, `X-Long: ${'x'.repeat(70_000)}`),
    431,
  ],
  ['too many headers', request('GET /healthz HTTP/1.1', host, ...linesOf(100)), 431],
  [
    'too many headers and another expectation',
    request('GET /healthz HTTP/1.1', host, 'Expect: a miracle', ...linesOf(100)),
    431,
  ],
  ['another expectation', request('GET /healthz HTTP/1.1', host, 'Expect: a miracle'), 417],
  ['CONNECT', request('CONNECT report.jpush.cn:443 HTTP/1.1', host), 405],
]

describe('what Node would refuse with an empty body is told as JSON', () => {
  it.each(malformed)('%s', async (_, bytes, status) => {
    const { answers, packets } = await talk(server.port, [bytes, 1])
    expect(answers).toHaveLength(1)
    expect(answers[0]?.status).toBe(status)
    expect(answers[0]?.headers['content-type']).toMatch(/^application\/json/)
    const { error } = JSON.parse(answers[0]?.body ?? '') as FaultBody
    expect(error.code).toBe(status)
    expect(error.message).not.toBe('')
    expect(packets).toHaveLength(1)
  })

  it('a raw blank is no way to another request', async () => {
    const hidden = 'GET /v3/received?msg_ids=1613113584, 1229760629 HTTP/1.1'
    const body = `GET /healthz?${hidden}`
    const inBody = post(body.slice(0, 13)) + body.slice(13)
    const cut = ['GET /v3/received?msg_ids=', 0, `${hidden}\r\n${host}\r\n${auth}\r\n\r\n`]
    const first = await talk(server.port, [`${inBody}\r\n${host}\r\n${auth}\r\n\r\n`, 2])
    expect(first.answers.map(({ status }) => status)).toEqual([400, 200])
    expect(first.answers[1]?.body).toBe(both)
    const second = await talk(server.port, [get('/healthz'), 1, ...cut, 2])
    expect(second.answers.map(({ status }) => status)).toEqual([200, 400])
    expect(second.answers[1]?.body).toContain('msg_ids may hold only integers')
  })

  it('more header lines than are read, and what is hidden behind them', async () => {
    const plain = get('/v3/received?msg_ids=1613113584')
    const hidden = get('/v3/received?msg_ids=1, 2')
    for (const line of [`Content-Length: ${hidden.length}`, 'Transfer-Encoding: chunked', auth]) {
      for (const before of [99, 999, 1000, 1001, 3000]) {
        const many = request(
          'POST /v3/status/message HTTP/1.1',
          host,
          ...linesOf(before).map((short) => short.slice(-2)),
          line,
        )
        const { answers, hungUp } = await talk(server.port, [plain + many + hidden, ''])
        expect(answers.map(({ status }) => status)).toEqual([200, 431])
        expect(hungUp).toBe(true)
      }
    }
  })

  it('but serves a request with a hundred header lines', async () => {
    const many = request('GET /healthz HTTP/1.1', host, ...linesOf(99))
    const { answers } = await talk(server.port, [many, 1, many, 2])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
  })

  it('the rest of a raw blank that does not come', async () => {
    const slow = await startServer({ requestTimeoutMs: 30 })
    const begun = 'GET /v3/received?msg_ids=1, 2'
    const { answers } = await talk(slow.port, [begun, 1])
    expect(answers.map(({ status }) => status)).toEqual([408])
    await slow.close()
  })

  it('lets answers that are under way leave first', async () => {
    const chunks = request('POST /v1/events HTTP/1.1', host, auth, 'Transfer-Encoding: chunked')
    const last = [
      ['garbage\r\n\r\n', 400],
      [`${chunks}zz\r\n`, 400],
      [get('/healthz', host), 400],
      [get('/healthz', ...linesOf(100)), 431],
      [get('/healthz', 'Expect: a miracle'), 417],
      [request('CONNECT report.jpush.cn:443 HTTP/1.1', host), 405],
    ] as const
    // Failures wait before they are answered.
    const wrong = get('/v3/received?msg_ids=1').replace(basic, 'Basic eDp5').repeat(9)
    const talks = last.map(([bytes]) => talk(server.port, [wrong + bytes, 10]))
    for (const [i, { answers }] of (await Promise.all(talks)).entries()) {
      expect(answers.map(({ status }) => status)).toEqual([...Array(9).fill(401), last[i]?.[1]])
    }
  })

  it('and what comes too slowly too', async () => {
    const slow = await startServer({ requestTimeoutMs: 30 })
    const started = [
      'GET /healthz HTTP/1.1\r\nHost:',
      request('POST /v1/events HTTP/1.1', host, auth, 'Content-Length: 9'),
    ]
    for (const bytes of started) {
      const { answers } = await talk(slow.port, [bytes, 1])
      expect(answers.map(({ status }) => status)).toEqual([408])
      expect(answers[0]?.body).toContain('{"error":{"code":408,')
    }
    await slow.close()
  })
})

it('knows a path whose letters are percent-encoded, and decodes nothing else', async () => {
  const statusOf = async (path: string) => (await server.ask(path)).status
  expect(await statusOf('/v3/%72eceived?msg_ids=1')).toBe(200)
  expect(await statusOf('/v3/%72eport/%72eceived/?msg_ids=1')).toBe(200)
  expect(await statusOf('/v3/%2572eceived?msg_ids=1')).toBe(404)
  expect(await statusOf('/v3%2Freceived?msg_ids=1')).toBe(404)
})

describe('a connection on which raw blanks came is timed out like any other', () => {
  const java = get('/v3/received?msg_ids=1613113584, 1229760629')
  const plain = get('/v3/received?msg_ids=1613113584')
  let quick: TestServer
  beforeAll(async () => {
    quick = await startServer({ requestTimeoutMs: 200, keepAliveSeconds: 0.1 })
  })
  afterAll(() => quick.close())

  it.each([
    ['while nothing comes', []],
    ['while the rest of a line does not come', ['GET /v3/received?msg_ids=1, ']],
    ['while the rest of the headers does not come', [java.slice(0, -10)]],
    ['while the rest of a body does not come', [post(ask).slice(0, -10)]],
  ])('%s', async (_, begun) => {
    const [repaired, ordinary] = await Promise.all(
      [java, plain].map((first) => talk(quick.port, [first, 1, ...begun, ''])),
    )
    expect(repaired?.hungUp).toBe(true)
    const statuses = (talked: typeof ordinary) => talked?.answers.map(({ status }) => status)
    expect(statuses(repaired)).toEqual(begun.length === 0 ? [200] : [200, 408])
    expect(statuses(repaired)).toEqual(statuses(ordinary))
  })
})

describe('answers those who have ended their own side of the connection', () => {
  const statusesOf = async (bytes: string) =>
    (await talkAndEnd(server.port, bytes)).map(({ status }) => status)
  const line = '{"type":"online","platform":"android","registration_id":"half-closed"}'
  const events = request(
    'POST /v1/events HTTP/1.1',
    host,
    auth,
    `Content-Length: ${Buffer.byteLength(line)}`,
  )
  const logIn = JSON.stringify({ key, secret })
  const wrong = get('/v3/received?msg_ids=1').replace(basic, 'Basic eDp5')
  const session = request('POST /v1/sessions HTTP/1.1', host, `Content-Length: ${logIn.length}`)

  it.each([
    ['events', events + line, [200]],
    ['a report', get('/v3/received?msg_ids=1613113584'), [200]],
    ['a report asked with raw blanks', get('/v3/received?msg_ids=1613113584, 1229760629'), [200]],
    ['a status', post(ask), [200]],
    ['a log-in', session + logIn, [200]],
    ['wrong credentials', wrong, [401]],
    [
      'many requests',
      (get('/healthz') + events + line + post(ask)).repeat(30),
      Array(90).fill(200),
    ],
    ['half a head', get('/healthz').slice(0, -9), [400]],
    ['half a body', get('/healthz') + events + line.slice(0, -9), [200, 400]],
    [
      'half a body behind answers that wait',
      wrong.repeat(9) + events + line.slice(0, -9),
      [...Array(9).fill(401), 400],
    ],
    ['nothing', '', []],
  ])('%s', async (_, bytes, statuses) => {
    expect(await statusesOf(bytes)).toEqual(statuses)
  })

  it('and has no connection left of them', async () => {
    const closing = await startServer()
    await talkAndEnd(closing.port, get('/healthz'))
    await closing.close()
  })
})

it('sends header and body in one piece, with their length', async () => {
  const ids = Array.from({ length: 100 }, (_, i) => 1000 + i).join()
  for (const target of ['/v3/messages/detail?msg_ids=1', `/v3/received?msg_ids=${ids}`, '/v3/x']) {
    const { answers, packets } = await talk(server.port, [get(target), 1])
    expect(packets).toHaveLength(1)
    expect(answers[0]?.headers['content-length']).toBe(String(answers[0]?.body.length))
  }
})

it('answers HEAD as GET, without the body', async () => {
  for (const [path, status] of [
    ['/v3/received?msg_ids=1613113584', 200],
    ['/v3/received', 400],
    ['/healthz', 200],
    ['/nothing', 404],
  ] as const) {
    const got = await server.ask(path)
    const head = await server.ask(path, { method: 'HEAD' })
    expect([head.status, head.text]).toEqual([status, ''])
    expect(head.headers.get('content-length')).toBe(String(got.text.length))
    expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'))
  }
})

it('closes with answers still under way, and with connections that never ask', async () => {
  const closing = await startServer()
  const idle = talk(closing.port, [''])
  const kept = talk(closing.port, [request('GET /healthz HTTP/1.1', host), 1, ''])
  const half = `${request('POST /v3/status/message HTTP/1.1', host, auth, `Content-Length: ${ask.length}`)}`
  const { answers } = await talk(closing.port, [half, 0, ask, 1])
  expect(answers.map(({ status }) => status)).toEqual([200])
  await closing.close()
  expect((await idle).hungUp).toBe(true)
  expect((await kept).hungUp).toBe(true)
})
