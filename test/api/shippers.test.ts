// The requests of log shippers as they travel, after the configurations of docs/guide/shippers.md:
// each with a line that is rejected, and answered 200, so that the shipper goes on to the next
// batch.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type IssuedToken, parseTokenName } from '../../src/apps/tokens.ts'
import type { EventsBody } from '../../src/http/endpoint/wire.ts'
import { request, talk } from '../support/raw.ts'
import { key, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let token: string
beforeAll(async () => {
  server = await startServer()
  const issued = await server.tokens.create(server.record.key, parseTokenName('shipper')!)
  token = (issued as IssuedToken).token
})
afterAll(() => server.close())

const good = (id: string) => ({ type: 'online', platform: 'ios', registration_id: id })
const bad = { type: 'opened', registration_id: 'a' }
const events = [good('a'), bad, good('b')]
const ndjson = (lines: readonly object[]) =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')
const basicOf = () => `Basic ${Buffer.from(`${key}:${token}`).toString('base64')}`

interface Shipped {
  readonly body: string | Buffer
  /** In their order; the length is added. */
  readonly headers: () => readonly string[]
}

const gzip = (text: string): Buffer => gzipSync(text)
/** What Logstash adds to each of its events. */
const ofLogstash = {
  '@timestamp': '2014-06-12T04:00:00.000Z',
  '@version': '1',
  host: { name: 'x' },
}

const shippers: Record<string, Shipped> = {
  'Fluent Bit': {
    body: gzip(ndjson(events)),
    headers: () => [
      'Host: 127.0.0.1:8787',
      'Content-Type: application/x-ndjson',
      'Content-Encoding: gzip',
      `Authorization: ${basicOf()}`,
      'User-Agent: Fluent-Bit',
      'Prefer: handling=lenient',
    ],
  },
  Vector: {
    body: gzip(ndjson(events.map((event) => ({ ...event, host: 'x', source_type: 'file' })))),
    headers: () => [
      'content-type: application/x-ndjson',
      'content-encoding: gzip',
      'prefer: handling=lenient',
      `authorization: ${basicOf()}`,
      'user-agent: Vector/0.47.0 (x86_64-unknown-linux-gnu)',
      'accept-encoding: identity',
      'host: 127.0.0.1:8787',
    ],
  },
  'Vector without framing': {
    body: JSON.stringify(events),
    headers: () => [
      'content-type: application/json',
      'prefer: handling=lenient',
      `authorization: ${basicOf()}`,
      'user-agent: Vector/0.47.0 (x86_64-unknown-linux-gnu)',
      'accept-encoding: identity',
      'host: 127.0.0.1:8787',
    ],
  },
  Logstash: {
    body: JSON.stringify(events.map((event) => ({ ...ofLogstash, ...event }))),
    headers: () => [
      'Connection: Keep-Alive',
      `Authorization: Bearer ${token}`,
      'Prefer: handling=lenient',
      'Content-Type: application/json',
      'Host: 127.0.0.1:8787',
      'User-Agent: Manticore 0.9.1',
      'Accept-Encoding: gzip,deflate',
    ],
  },
  'Redpanda Connect': {
    // Its archives put a line end between lines, and none behind the last.
    body: gzip(ndjson(events).trimEnd()),
    headers: () => [
      'Host: 127.0.0.1:8787',
      'User-Agent: Go-http-client/1.1',
      `Authorization: ${basicOf()}`,
      'Content-Encoding: gzip',
      'Content-Type: application/x-ndjson',
      'Prefer: handling=lenient',
      'Accept-Encoding: gzip',
    ],
  },
}

const summaryOf = (body: string): EventsBody => JSON.parse(body) as EventsBody
const expectAccepted = ({
  status,
  headers,
  body,
}: Awaited<ReturnType<typeof talk>>['answers'][0]) => {
  expect([status, headers['preference-applied']]).toEqual([200, 'handling=lenient'])
  const { accepted, refused, errors } = summaryOf(body)
  expect([accepted, refused, errors[0]?.line]).toEqual([2, 1, 2])
}

describe.each(Object.entries(shippers))('%s', (name, { body, headers }) => {
  const first = 'POST /v1/events HTTP/1.1'
  const bytes = Buffer.from(body)
  const whole = () => {
    const length = `Content-Length: ${bytes.length}`
    return Buffer.concat([Buffer.from(request(first, ...headers(), length)), bytes])
  }

  it('is answered 200, batch after batch on one connection', async () => {
    const { answers } = await talk(server.port, [whole(), 1, whole(), 2])
    expect(answers).toHaveLength(2)
    for (const answer of answers) expectAccepted(answer)
  })

  it('is answered 200 behind a proxy that sends the body in chunks', async () => {
    const head = request(first, ...headers(), 'Transfer-Encoding: chunked')
    const cut = Math.ceil(bytes.length / 2)
    const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)].map((chunk) =>
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    )
    const { answers } = await talk(server.port, [head, ...chunks, '0\r\n\r\n', 1])
    expect(answers).toHaveLength(1)
    expectAccepted(answers[0]!)
  })

  it('is in the guide, as it was sent here', () => {
    const guide = readFileSync(new URL('../../docs/guide/shippers.md', import.meta.url), 'utf8')
    const [title = ''] = name.split(' without ')
    const section = guide.slice(guide.indexOf(`\n## ${title}\n`)).split('\n## ')[1] ?? ''
    expect(section).toContain('/v1/events')
    expect(section).toMatch(/Prefer\W+handling=lenient/)
  })
})
