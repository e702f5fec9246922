// POST /v1/events over the wire: what the status says of a body, and that what was told is reported.
// The rules of a line are tested beside src/ingest.
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventsBody } from '../../src/http/endpoint/wire.ts'
import { basic, type Reply, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.close())

const tell = (body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Reply> =>
  server.ask('/v1/events', {
    method: 'POST',
    body: body as NonNullable<RequestInit['body']>,
    headers,
  })
const summaryOf = ({ text }: Reply): EventsBody => JSON.parse(text) as EventsBody

const received = (id: string) =>
  `{"type":"received","msg_id":18101211308815829,"platform":"android","channel":"jpush","registration_id":"${id}"}`
const bad = '{"type":"received","registration_id":"a","platform":"android"}'

it('answers 200 when nothing was refused, and reports it', async () => {
  const reply = await tell(`${received('a')}\n${received('b')}\n${received('a')}\n`)
  expect([reply.status, reply.text]).toEqual([
    200,
    '{"accepted":3,"repeated":1,"refused":0,"errors":[]}',
  ])
  const { text } = await server.ask('/v3/received?msg_ids=18101211308815829')
  expect(text).toContain('{"msg_id":"18101211308815829","android_received":2,')
})

it('answers 200 to nothing', async () => {
  for (const body of ['', '\n\n', '[]']) {
    const reply = await tell(body)
    expect([reply.status, reply.text]).toEqual([
      200,
      '{"accepted":0,"repeated":0,"refused":0,"errors":[]}',
    ])
  }
})

it('answers 207 when some lines were refused', async () => {
  const reply = await tell(`${received('a')}\n\n${bad}\n${received('b')}`)
  expect(reply.status).toBe(207)
  const { accepted, refused, errors, error } = summaryOf(reply)
  expect([accepted, refused, error]).toEqual([2, 1, undefined])
  expect(errors).toEqual([{ line: 3, code: 'bad_msg_id', message: expect.any(String) }])
})

it('answers 400 when all were, with a fault beside the summary', async () => {
  const reply = await tell(`${bad}\nnonsense`)
  expect(reply.status).toBe(400)
  const { accepted, refused, errors, error } = summaryOf(reply)
  expect([accepted, refused, errors.length, error?.code]).toEqual([0, 2, 2, 3002])
  expect(Object.keys(summaryOf(reply))).toEqual([
    ...['accepted', 'repeated', 'refused', 'errors', 'error'],
  ])
})

it('answers a broken array with a fault alone', async () => {
  const reply = await tell(`[${received('a')},`)
  expect(reply.status).toBe(400)
  expect(reply.text).toMatch(/^\{"error":\{"code":3002,/)
})

it('takes an array, a packed body and any Content-Type', async () => {
  expect((await tell(`[${received('a')},${received('b')}]`)).status).toBe(200)
  const packed = gzipSync(`${received('a')}\n${received('c')}`)
  const reply = await tell(packed, { 'content-encoding': 'gzip', 'content-type': 'x' })
  expect([reply.status, summaryOf(reply).repeated]).toEqual([200, 1])
})

it('takes only an app’s own credentials', async () => {
  const authorization = `${basic.slice(0, -4)}AAAA`
  expect((await tell(received('a'), { authorization })).status).toBe(401)
})

describe('a caller that wants no failure for lines', () => {
  const send = async (body: string, path: string, prefer?: string) => {
    const reply = await server.ask(`/v1/events${path}`, {
      method: 'POST',
      body,
      headers: prefer === undefined ? {} : { prefer },
    })
    return { ...reply, applied: reply.headers.get('preference-applied') }
  }
  const lenient = 'handling=lenient'
  it.each([
    ['?partial=ok', undefined, null],
    ['?x=1&partial=ok&partial=ok', 'respond-async', null],
    ['', 'handling=lenient', lenient],
    ['', 'Handling = "Lenient"; x=1', lenient],
    ['', 'respond-async, wait=10, handling=lenient, handling=strict', lenient],
    ['?partial=ok', 'handling=lenient', lenient],
  ])('as %j, Prefer: %j, is answered 200, whatever was refused', async (path, prefer, applied) => {
    for (const [body, accepted, refused] of [
      [`${received('a')}\n${bad}`, 1, 1],
      [`${bad}\nnonsense`, 0, 2],
      [received('b'), 1, 0],
    ] as const) {
      const reply = await send(body, path, prefer)
      expect([reply.status, reply.applied]).toEqual([200, applied])
      expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
      const summary = summaryOf(reply)
      expect([summary.accepted, summary.refused]).toEqual([accepted, refused])
      expect(summary.errors).toHaveLength(refused)
      expect(Object.keys(summary)).toEqual(['accepted', 'repeated', 'refused', 'errors'])
    }
  })

  it.each([
    ['', 'handling=strict'],
    ['', 'handling=strict, handling=lenient'],
    ['', 'lenient'],
    ['', 'xhandling=lenient'],
    ['', 'handling=lenient2'],
  ])('is none with %j, Prefer: %j', async (path, prefer) => {
    const some = await send(`${received('a')}\n${bad}`, path, prefer)
    expect([some.status, some.applied]).toEqual([207, null])
    expect((await send(bad, path, prefer)).status).toBe(400)
  })

  it('is answered 400 to a body that cannot be read, and 413 to one that is too large', async () => {
    expect((await send(`[${received('a')}`, '?partial=ok')).status).toBe(400)
    expect((await send(' '.repeat(17_000_000), '?partial=ok')).status).toBe(413)
  })

  it('may write nothing but ok', async () => {
    const { status, text } = await send(received('a'), '?partial=yes')
    expect([status, text]).toEqual([
      400,
      '{"error":{"code":3002,"message":"partial can only be ok"}}',
    ])
  })
})
