// Traces of the built server: what a collector is sent of its requests, and that one that is down, or
// packages that are missing, harm no server that does not trace.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { workplace } from '../support/program.ts'

interface Span {
  readonly traceId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[]
  readonly status: { readonly code: number }
}

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Span['attributes'] }
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[]
  }[]
}

const openCollector = async () => {
  const sent: Sent[] = []
  const paths = new Set<string>()
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    paths.add(`${request.method} ${request.url} ${request.headers['content-type']}`)
    sent.push(JSON.parse(Buffer.concat(pieces).toString()) as Sent)
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  const spans = () =>
    sent.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    )
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, paths, spans }
}

const attributesOf = ({ attributes }: Pick<Span, 'attributes'>) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentSpanId = '00f067aa0ba902b7'

it('a collector is sent a span of every request, under the parent that the caller named', async () => {
  const collector = await openCollector()
  const place = workplace()
  const app = await place.createApp('shop')
  const server = await place.serve([], { PUSHLEDGER_OTLP_URL: `${collector.url}/` })
  const caller = callerOf(server.url, app)
  const traceparent = `00-${traceId}-${parentSpanId}-01`
  const begunMs = Date.now()
  await caller.ask('/v3/report/received?msg_ids=1', { headers: { traceparent } })
  await caller.tell([])
  await fetch(`${server.url}/v3/received?msg_ids=1`)
  await fetch(`${server.url}/no/such/path`, { headers: { traceparent: 'nonsense' } })
  const unrecorded = `00-${traceId}-${parentSpanId}-00`
  await caller.ask('/v3/received?msg_ids=2', { headers: { traceparent: unrecorded } })
  // What still waits is sent when the server ends.
  expect((await server.stop()).code).toBe(0)
  expect([...collector.paths]).toEqual(['POST /v1/traces application/json'])
  const [service] = collector.sent.flatMap(({ resourceSpans }) => resourceSpans)
  expect(attributesOf(service!.resource)).toMatchObject({ 'service.name': 'pushledger' })
  const spans = collector.spans()
  const told = spans.map((span) => {
    const { 'url.scheme': scheme, ...attributes } = attributesOf(span)
    return [span.name, attributes, scheme, span.kind, span.status.code]
  })
  const of = (method: string, status: number, route?: string) => ({
    'http.request.method': method,
    'http.response.status_code': status,
    ...(route !== undefined && { 'http.route': route }),
  })
  expect(told).toEqual([
    ['GET /v3/received', of('GET', 200, '/v3/received'), 'http', 2, 0],
    ['POST /v1/events', of('POST', 200, '/v1/events'), 'http', 2, 0],
    ['GET /v3/received', of('GET', 401, '/v3/received'), 'http', 2, 0],
    ['GET', of('GET', 404), 'http', 2, 0],
  ])
  expect([spans[0]?.traceId, spans[0]?.parentSpanId]).toEqual([traceId, parentSpanId])
  const others = spans.slice(1)
  expect(others.filter((span) => span.parentSpanId)).toEqual([])
  expect(new Set(spans.map((span) => span.traceId)).size).toBe(spans.length)
  for (const { startTimeUnixNano, endTimeUnixNano } of spans) {
    const [start, end] = [startTimeUnixNano, endTimeUnixNano].map((nano) => Number(nano) / 1e6)
    expect(start).toBeGreaterThan(begunMs - 1000)
    expect(end).toBeGreaterThanOrEqual(start!)
  }
})

it('one that is down is told of once, and nobody waits for it', async () => {
  const place = workplace()
  const app = await place.createApp('shop')
  // The discard port: nothing listens there.
  const server = await place.serve(['--otlp-url', 'http://127.0.0.1:9'])
  const caller = callerOf(server.url, app)
  const warnings = () =>
    server
      .stderr()
      .split('\n')
      .filter((line) => line.includes('collector'))
  await expect
    .poll(
      async () => {
        expect((await caller.ask('/v3/received?msg_ids=1')).status).toBe(200)
        return warnings().length
      },
      { timeout: 30_000, interval: 100 },
    )
    .toBe(1)
  await caller.ask('/v3/received?msg_ids=1')
  const begunMs = Date.now()
  const { code, stderr } = await server.stop()
  expect([code, stderr.split('\n').filter((line) => line.includes('collector')).length]).toEqual([
    0, 1,
  ])
  expect(Date.now() - begunMs).toBeLessThan(15_000)
})

it('loads the packages only where it traces; without them it says that it is incomplete', async () => {
  const hidden = `export const resolve = (name, context, next) => {
    if (!name.startsWith('@opentelemetry/')) return next(name, context)
    throw Object.assign(new Error('no ' + name), { code: 'ERR_MODULE_NOT_FOUND' })
  }`
  const urlOf = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`
  const register = `import { register } from 'node:module'; register(${JSON.stringify(urlOf(hidden))})`
  const variables = { NODE_OPTIONS: `--import=${urlOf(register)}` }
  const place = workplace()
  const flags = ['serve', '--port', '0', '--otlp-url', 'http://127.0.0.1:4318']
  const { code, stderr } = await place.run(flags, variables)
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^A part of pushledger is missing: install it again\. no @opentelemetry\/[\w-]+\n$/,
  )
  const server = await place.serve([], variables)
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
})
