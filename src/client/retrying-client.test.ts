// The client against real listeners that answer as they are told: what is tried again and for how
// long, what is not, how many connections there are, and whose credentials are shown.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ClientSettings, openClient, type Wait } from './retrying-client.ts'

const summary = { accepted: 2, repeated: 0, refused: 0, errors: [] }
const credentials = { key: 'k', secret: 's' }
const body = Buffer.from('{}\n')

type Step = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void

const answer =
  (status: number, text: string, headers: Record<string, string> = {}): Step =>
  (_, response) =>
    response.writeHead(status, headers).end(text)
const told = answer(200, JSON.stringify(summary))
const busy = answer(503, '{"error":{"code":503,"message":"busy"}}', { 'retry-after': '0' })
const hangUp: Step = (request) => request.socket.destroy()

interface Listener {
  readonly url: string
  readonly server: Server
  /** How many requests came. */
  readonly requests: IncomingMessage[]
  /** By how many connections. */
  readonly connections: () => number
}

/** Answers by the steps in turn, the last of them again and again. */
const listen = async (...steps: readonly Step[]): Promise<Listener> => {
  const requests: IncomingMessage[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    const step = steps[Math.min(requests.length, steps.length - 1)]
    requests.push(request)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    step?.(request, response, Buffer.concat(chunks))
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => close(server))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, server, requests, connections: () => connections }
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

const clientOf = (url: string, settings: Partial<ClientSettings> = {}) => {
  const waits: Wait[] = []
  const onWait = (wait: Wait) => waits.push(wait)
  const client = openClient({ url, credentials, retryForMs: 5000, onWait, ...settings })
  onTestFinished(client.close)
  return { ...client, waits }
}

describe('telling', () => {
  it('hands over the summary, also where lines were refused', async () => {
    const errors = [{ line: 1, code: 'bad_type', message: 'm' }]
    const some = { ...summary, refused: 1, errors }
    const all = { ...some, accepted: 0, error: { code: 3002, message: 'all' } }
    const { url } = await listen(
      told,
      answer(207, JSON.stringify(some)),
      answer(400, JSON.stringify(all)),
    )
    const { tell } = clientOf(url)
    expect(await tell(body)).toEqual({ summary })
    expect(await tell(body)).toEqual({ summary: some })
    expect(await tell(body)).toEqual({ summary: { ...some, accepted: 0 } })
  })

  it.each([
    [400, '{"error":{"code":3002,"message":"broken"}}', { code: 3002, message: 'broken' }],
    [401, '{"error":{"code":3001,"message":"who"}}', { code: 3001, message: 'who' }],
    [500, '', { code: 500, message: expect.stringContaining('none of a pushledger') }],
    [200, '<html>', { code: 200, message: expect.stringContaining('none of a pushledger') }],
  ])('hands over a fault at once: %i %s', async (status, text, fault) => {
    const { url, requests } = await listen(answer(status, text))
    expect(await clientOf(url).tell(body)).toEqual({ fault: { status, ...fault } })
    expect(requests).toHaveLength(1)
  })

  it('packs the body where asked', async () => {
    const { url } = await listen((request, response, bytes) => {
      const isPacked = request.headers['content-encoding'] === 'gzip'
      const isSame = isPacked && gunzipSync(bytes).equals(body)
      response.writeHead(200).end(JSON.stringify({ ...summary, accepted: isSame ? 1 : 0 }))
    })
    expect((await clientOf(url).tell(body, { gzip: true })).summary?.accepted).toBe(1)
  })
})

it('shows the credentials of an app, or a token, and keeps the path of the URL', async () => {
  const { url, requests } = await listen(answer(200, '[]'))
  await clientOf(`${url}/base/`).ask('/v3/x?y=1')
  await clientOf(url, { credentials: { token: 't' } }).ask('/v3/x', '{}')
  const seen = requests.map(({ method, url: path, headers }) => [
    method,
    path,
    headers.authorization,
  ])
  expect(seen).toEqual([
    ['GET', '/base/v3/x?y=1', `Basic ${Buffer.from('k:s').toString('base64')}`],
    ['POST', '/v3/x', 'Bearer t'],
  ])
})

describe('trying again', () => {
  it('outlasts a server that is busy or breaks off, with waits that grow', async () => {
    const { url, requests } = await listen(hangUp, busy, answer(502, ''), told)
    const { tell, waits } = clientOf(url)
    expect(await tell(body)).toEqual({ summary })
    expect(requests).toHaveLength(4)
    expect(waits.map(({ fault }) => fault.status)).toEqual([0, 503, 502])
    expect(waits.map(({ waitMs }) => waitMs)).toEqual([100, 200, 400])
  })

  it('waits as long as Retry-After asks, and not at all where that is too long', async () => {
    const limited = (seconds: string) => answer(429, '{}', { 'retry-after': seconds })
    const { url, requests } = await listen(limited('1'), limited('60'))
    const { ask, waits } = clientOf(url)
    const began = performance.now()
    expect((await ask('/v3/x')).status).toBe(429)
    expect(performance.now() - began).toBeGreaterThan(990)
    expect([waits.map(({ waitMs }) => waitMs), requests.length]).toEqual([[1000], 2])
  })

  it('ends after its time, or when it is told to', async () => {
    const { url, server } = await listen(busy)
    expect((await clientOf(url, { retryForMs: 250 }).tell(body)).fault?.status).toBe(503)
    const abort = new AbortController()
    const { tell } = clientOf(url, { onWait: () => abort.abort(), retryForMs: 60_000 })
    expect((await tell(body, { signal: abort.signal })).fault?.status).toBe(503)
    await close(server)
    const { fault } = await clientOf(url, { retryForMs: 0 }).tell(body)
    const message = `${url} cannot be reached: nobody listens there`
    expect(fault).toEqual({ status: 0, code: 0, message })
  })

  it('is not begun where it is in vain', async () => {
    const { tell, waits } = clientOf('http://no-such-host.invalid', { retryForMs: 60_000 })
    const { fault } = await tell(body)
    // Some resolvers say that they cannot tell; then there is nothing to be seen here.
    if (!/looked up/.test(fault?.message ?? '')) expect([fault?.status, waits]).toEqual([0, []])
  }, 90_000)

  it('gives up a server that says nothing', async () => {
    const { url } = await listen(() => {})
    const { fault } = await clientOf(url, { timeoutMs: 50, retryForMs: 0 }).tell(body)
    expect(fault?.message).toMatch(/no answer in time/)
  })

  it('is free where a kept connection had ended', async () => {
    const { url, requests } = await listen(told, hangUp, told)
    const { tell, waits } = clientOf(url, { connections: 1, retryForMs: 0 })
    expect(await tell(body)).toEqual({ summary })
    expect(await tell(body)).toEqual({ summary })
    expect([requests.length, waits]).toEqual([3, []])
  })
})

it('opens no more connections than it may, and keeps them', async () => {
  const { url, requests, connections } = await listen(told)
  const { tell } = clientOf(url, { connections: 3 })
  await Promise.all(Array.from({ length: 60 }, () => tell(body)))
  expect(requests).toHaveLength(60)
  expect(connections()).toBeLessThanOrEqual(3)
})
