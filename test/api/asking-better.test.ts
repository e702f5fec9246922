// What helps those who ask often or from a page: tags and 304, the headers of the IETF's draft about
// limits, and cross-origin requests.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { request, talk } from '../support/raw.ts'
import { basic, startServer, type TestServer, type TestSettings } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const start = async (settings: TestSettings) => {
  const started = await startServer(settings)
  onTestFinished(started.close)
  return started
}

const received = '/v3/received?msg_ids=1'
const tell = (devices: number) =>
  server.told({ msgId: '1', platform: 'android', channel: 'jpush', stage: 'received', devices })

describe('a conditional request', () => {
  const ask = (tag: string, init: RequestInit = {}) =>
    server.ask(received, { ...init, headers: { 'if-none-match': tag } })

  it('is 304 without a body until the answer changes', async () => {
    await tell(1)
    const first = await server.ask(received)
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[\w-]{20,}"$/)
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const again = await ask(`"other", W/${tag}`)
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', tag])
    expect(again.headers.get('x-rate-limit-remaining')).toMatch(/^\d+$/)
    await tell(2)
    const changed = await ask(tag)
    expect([changed.status, changed.text]).toMatchObject([200, /"android_received":2/])
    expect(changed.headers.get('etag')).not.toBe(tag)
  })

  it('is one for HEAD too, and the connection goes on', async () => {
    const { headers } = await server.ask(received)
    const lines = (method: string, ...more: string[]) =>
      request(`${method} ${received} HTTP/1.1`, 'Host: a', `Authorization: ${basic}`, ...more)
    const held = `If-None-Match: ${headers.get('etag')}`
    const script = [lines('GET', held), 1, lines('HEAD', held), 2, lines('GET'), 3]
    const { answers, packets } = await talk(server.port, script)
    expect(answers.map(({ status }) => status)).toEqual([304, 304, 200])
    expect(packets).toHaveLength(3)
  })

  it('is for reports alone: faults, tellings and health have no tag', async () => {
    const answers = [
      await server.ask('/v3/received', { headers: { 'if-none-match': '*' } }),
      await server.ask('/v1/events', {
        method: 'POST',
        body: '',
        headers: { 'if-none-match': '*' },
      }),
      await server.ask('/healthz', { headers: { 'if-none-match': '*' } }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 200, 200])
    expect(answers.map(({ headers }) => headers.get('etag'))).toEqual([null, null, null])
  })
})

it('limits are told in the words of the draft too', async () => {
  const { ask } = await start({ rateLimit: 1 })
  const [first, second] = [await ask(received), await ask(received)]
  const told = ({ headers }: typeof first) => [
    headers.get('ratelimit-policy'),
    headers.get('ratelimit'),
  ]
  expect(told(first)).toEqual(['"reports";q=1;w=60', '"reports";r=0;t=60'])
  expect([second.status, ...told(second)]).toEqual([
    429,
    '"reports";q=1;w=60',
    '"reports";r=0;t=60',
  ])
})

describe('an origin', () => {
  const page = 'https://console.example.com'
  const corsOrigins = [page, 'http://localhost:5173']
  const ahead = { origin: page, 'access-control-request-method': 'GET', authorization: '' }

  it('is told nothing unless it is in the settings', async () => {
    const answer = await server.ask(received, { headers: { origin: page } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('vary')).toBeNull()
    const asked = await server.ask(received, { method: 'OPTIONS', headers: ahead })
    expect(asked.status).toBe(405)
    const { ask } = await start({ corsOrigins })
    const strange = await ask(received, { headers: { origin: 'https://elsewhere.example.com' } })
    expect(strange.headers.get('access-control-allow-origin')).toBeNull()
    expect(strange.headers.get('vary')).toBe('origin')
  })

  it.each(corsOrigins)('%s may read answers, faults too', async (origin) => {
    const { ask } = await start({ corsOrigins })
    for (const path of [received, '/v3/received', '/nothing']) {
      const { headers } = await ask(path, { headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-expose-headers')).toContain('X-Rate-Limit-Remaining')
    }
  })

  it('asks ahead without credentials', async () => {
    const { ask } = await start({ corsOrigins })
    const asked = await ask(received, { method: 'OPTIONS', headers: ahead })
    expect([asked.status, asked.text]).toEqual([204, ''])
    expect(asked.headers.get('access-control-allow-origin')).toBe(page)
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, HEAD')
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization')
    const unknown = await ask('/nothing', { method: 'OPTIONS', headers: ahead })
    expect(unknown.status).toBe(404)
    const strange = { ...ahead, origin: 'https://elsewhere.example.com' }
    expect((await ask(received, { method: 'OPTIONS', headers: strange })).status).toBe(405)
  })

  it('still needs credentials', async () => {
    const { ask } = await start({ corsOrigins })
    const { status } = await ask(received, { headers: { origin: page, authorization: '' } })
    expect(status).toBe(401)
  })
})
