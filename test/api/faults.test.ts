// Every fault of the table, provoked on the wire, and the order in which they are looked for.
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultBody } from '../../src/http/endpoint/wire.ts'
import { FAULTS, Fault, type FaultName } from '../../src/ledger/fault.ts'
import { defaultStoreSettings } from '../../src/ledger/store.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { request, talk } from '../support/raw.ts'
import { basic, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ rateLimit: 1000, bodyBytesMax: 2000 })
})
afterAll(() => server.close())

interface Told {
  readonly status: number
  readonly body: string
  readonly type: string | null | undefined
}

const ask = async (path: string, init: RequestInit = {}, of = server): Promise<Told> => {
  const { status, text, headers } = await of.ask(path, init)
  return { status, body: text, type: headers.get('content-type') }
}
const say = async (of: TestServer, ...lines: string[]): Promise<Told> => {
  const { answers } = await talk(of.port, [request(...lines), 1])
  const { status = 0, body = '', headers = {} } = answers[0] ?? {}
  return { status, body, type: headers['content-type'] }
}
const withServer = async <T>(
  settings: Parameters<typeof startServer>[0],
  work: (of: TestServer) => Promise<T>,
): Promise<T> => {
  const of = await startServer(settings)
  try {
    return await work(of)
  } finally {
    await of.close()
  }
}
const failing = (error: Error) => ({
  ...openMemory(defaultStoreSettings),
  counts: () => Promise.reject(error),
})
const events = '/v1/events'
const host = 'Host: a'
const received = '/v3/received?msg_ids=1'

const provoked: readonly (readonly [FaultName, () => Promise<Told>])[] = [
  [
    'internal',
    () =>
      withServer({ store: failing(new Error('a secret of ours')) }, (of) => ask(received, {}, of)),
  ],
  [
    'rateLimited',
    () =>
      withServer({ rateLimit: 1 }, async (of) => {
        await ask(received, {}, of)
        return ask(received, {}, of)
      }),
  ],
  ['notPermitted', () => withServer({ vip: false }, (of) => ask('/v3/messages?msg_ids=1', {}, of))],
  ['unauthorized', () => ask(received, { headers: { authorization: 'Basic eDp5' } })],
  ['badParameter', () => ask('/v3/received')],
  ['timeUnitMismatch', () => ask('/v3/users?time_unit=DAY&start=2014-06&duration=1')],
  ['tooFarBack', () => ask('/v3/users?time_unit=DAY&start=2014-01-01&duration=1')],
  ['malformed', () => say(server, 'GET /healthz HTTP/1.1')],
  ['notFound', () => ask('/v3/nothing')],
  ['methodNotAllowed', () => ask(received, { method: 'PUT' })],
  [
    'requestTimeout',
    () =>
      withServer({ requestTimeoutMs: 30 }, (of) =>
        say(of, `POST ${events} HTTP/1.1`, host, `Authorization: ${basic}`, 'Content-Length: 9'),
      ),
  ],
  ['bodyTooLarge', () => ask(events, { method: 'POST', body: ' '.repeat(2001) })],
  [
    'unsupportedEncoding',
    () => ask(events, { method: 'POST', body: 'x', headers: { 'content-encoding': 'compress' } }),
  ],
  ['expectationFailed', () => say(server, 'GET /healthz HTTP/1.1', host, 'Expect: more')],
  ['headersTooLarge', () => say(server, 'GET /healthz HTTP/1.1', host, `X: ${'x'.repeat(20_000)}`)],
  [
    'unavailable',
    () => withServer({ store: failing(new Fault('unavailable')) }, (of) => ask(received, {}, of)),
  ],
]

describe('is answered with its status and code, as JSON', () => {
  it('all of them', () => {
    expect(provoked.map(([name]) => name)).toEqual(Object.keys(FAULTS))
  })

  it.each(provoked)('%s', async (name, how) => {
    const { status, body, type } = await how()
    const { code, ...fault } = FAULTS[name]
    expect(status).toBe(fault.status)
    expect(type).toMatch(/^application\/json/)
    const { error } = JSON.parse(body) as FaultBody
    expect(Object.keys(error)).toEqual(['code', 'message'])
    expect(error.code).toBe(code)
    expect(error.message).toMatch(/\w/)
    expect(body).not.toContain('a secret of ours')
  })
})

describe('are looked for in one order', () => {
  const stranger = { authorization: 'Basic eDp5' }

  it('no path, no method, no credentials, no parameter', async () => {
    expect((await ask('/v3/nothing', { method: 'PUT', headers: stranger })).status).toBe(404)
    expect((await ask('/v3/users', { method: 'POST', headers: stranger })).status).toBe(405)
    expect((await ask('/v3/users', { headers: stranger })).status).toBe(401)
    expect((await ask('/v3/users?time_unit=%zz')).status).toBe(400)
    expect((await ask('/v3/users?%zz=%zz', { headers: stranger })).status).toBe(401)
  })

  it('rate before permission before parameters', async () => {
    await withServer({ vip: false, rateLimit: 1 }, async (of) => {
      expect((await ask('/v3/messages', {}, of)).status).toBe(403)
      expect((await ask('/v3/messages', {}, of)).status).toBe(429)
    })
  })

  it('credentials before a body is looked at', async () => {
    const body = 'x'.repeat(5000)
    const headers = { ...stranger, 'content-encoding': 'br' }
    expect((await ask(events, { method: 'POST', body, headers })).status).toBe(401)
  })
})

describe('wrong methods', () => {
  it.each([
    ['/v3/received', 'POST', 'GET, HEAD'],
    ['/v3/report//users/', 'DELETE', 'GET, HEAD'],
    ['/v3/status/message', 'GET', 'POST'],
    ['/v3/status/message', 'HEAD', 'POST'],
    [events, 'PATCH', 'POST'],
    ['/healthz', 'OPTIONS', 'GET, HEAD'],
  ])('%s does not take %s', async (path, method, allow) => {
    const { status, headers } = await server.ask(path, { method })
    expect([status, headers.get('allow')]).toEqual([405, allow])
  })

  it.each(['PROPFIND', 'SEARCH', 'TRACE', 'M-SEARCH'])('%s, rarely seen', async (method) => {
    expect((await say(server, `${method} /v3/received HTTP/1.1`, host)).status).toBe(405)
    expect((await say(server, `${method} /nothing HTTP/1.1`, host)).status).toBe(404)
  })
})

describe('unknown paths', () => {
  it.each([
    '/',
    '/v3',
    '/v3/',
    '/v3/report',
    '/v3/report/report/received',
    '/v3/Received',
    '/v3/received/more',
    '/v3/received%2Fdetail',
    '/v3/%zz',
    '/v3/%00',
    '/v2/received',
    '/v3/report/v1/events',
    '/-',
    '/__proto__',
  ])('%s', async (path) => {
    expect((await say(server, `GET ${path} HTTP/1.1`, host)).status).toBe(404)
  })
})

describe('headers', () => {
  const answersTo = async (of: TestServer, ...paths: string[]) => {
    const lines = (path: string) => request(`GET ${path} HTTP/1.1`, host, `Authorization: ${basic}`)
    const script = paths.flatMap((path, i) => [lines(path), i + 1])
    return (await talk(of.port, script)).answers
  }

  it('of the rate limit, in their exact case, on every authenticated answer', async () => {
    await withServer({ rateLimit: 3 }, async (of) => {
      const paths = [received, '/v3/received', '/v3/users', received, '/v3/nothing', '/healthz']
      const answers = await answersTo(of, ...paths)
      expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 429, 404, 200])
      const shown = answers.map(({ headers }) => [
        headers['X-Rate-Limit-Limit'],
        headers['X-Rate-Limit-Quota'],
        headers['X-Rate-Limit-Remaining'],
        headers['X-Rate-Limit-Reset'],
      ])
      const none = [undefined, undefined, undefined, undefined]
      expect(shown).toEqual([
        ['3', '3', '2', '60'],
        ['3', '3', '1', '60'],
        ['3', '3', '0', '60'],
        ['3', '3', '0', '60'],
        none,
        none,
      ])
      expect(answers[3]?.headers['retry-after']).toBe('60')
      of.clock.nowMs += 59_001
      expect((await answersTo(of, received))[0]?.headers['retry-after']).toBe('1')
      of.clock.nowMs += 999
      expect((await answersTo(of, received))[0]?.status).toBe(200)
    })
  })

  it('of no rate limit are none', async () => {
    await withServer({ rateLimit: 0 }, async (of) => {
      const names = (await answersTo(of, received)).flatMap(({ headers }) => Object.keys(headers))
      expect(names.filter((name) => /rate/i.test(name))).toEqual([])
    })
  })

  it('neither strangers nor wrong methods nor the feed spend a call', async () => {
    await withServer({ rateLimit: 1 }, async (of) => {
      await ask(received, { headers: { authorization: '' } }, of)
      await ask(received, { method: 'PUT' }, of)
      const { headers } = await of.ask(events, { method: 'POST', body: '' })
      expect(headers.get('x-rate-limit-limit')).toBe(null)
      expect((await ask(received, {}, of)).status).toBe(200)
    })
  })

  it('tell whoever is refused how to come back', async () => {
    const { headers } = await server.ask(received, { headers: { authorization: '' } })
    expect(headers.get('www-authenticate')).toMatch(/^Basic /)
    const busy = new Fault('unavailable', undefined, { retryAfterSeconds: 7 })
    await withServer({ store: failing(busy) }, async (of) => {
      expect((await of.ask(received)).headers.get('retry-after')).toBe('7')
    })
  })
})

describe('bodies', () => {
  const post = (body: Uint8Array, encoding: string) =>
    ask(events, {
      method: 'POST',
      body: body as NonNullable<RequestInit['body']>,
      headers: { 'content-encoding': encoding },
    })

  it('are measured unpacked', async () => {
    const packed = gzipSync(' '.repeat(2001))
    expect(packed.length).toBeLessThan(100)
    expect((await post(packed, 'gzip')).status).toBe(413)
    expect((await post(gzipSync(' '.repeat(2000)), 'GZIP')).status).toBe(200)
    expect((await post(Buffer.from(' '.repeat(2000)), 'identity')).status).toBe(200)
  })

  it('that are broken are a bad parameter', async () => {
    for (const broken of [Buffer.from('x'), gzipSync('{}').subarray(0, 15)]) {
      const { status, body } = await post(broken, 'gzip')
      expect([status, body]).toEqual([400, expect.stringContaining('"code":3002')])
    }
  })

  it('that are empty hold nothing, packed or not', async () => {
    expect((await post(Buffer.alloc(0), 'gzip')).status).toBe(200)
  })

  it('that are too large are read to their end, so that the answer arrives', async () => {
    for (const body of ['x'.repeat(3_000_000), new Blob(['x'.repeat(3_000_000)]).stream()]) {
      const init = { method: 'POST', body, duplex: 'half' } as RequestInit
      expect((await ask(events, init)).status).toBe(413)
    }
  })
})
