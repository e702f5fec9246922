// Metrics of the built server: where they are served and to whom, and that they tell of what was done.
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { type Server, workplace } from '../support/program.ts'

const token = 'a-token-of-this-test'

const metricsUrlOf = (server: Server): string =>
  /^its metrics are at (\S+)$/m.exec(server.stdout())?.[1] ?? ''

const ask = async (url: string, authorization = '', method = 'GET') => {
  const answer = await fetch(url, { method, headers: { authorization } })
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

it('a port of its own has metrics and nothing else, and they tell of what was done', async () => {
  const place = workplace()
  const app = await place.createApp('shop')
  const server = await place.serve(['--metrics-port', '0'])
  await expect.poll(() => metricsUrlOf(server)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/)
  const url = metricsUrlOf(server)
  expect(new URL(url).port).not.toBe(String(server.port))
  const caller = callerOf(server.url, app)
  const told = { type: 'received', platform: 'android', msg_id: '1', time: Date.now() }
  const line = { ...told, registration_ids: ['a', 'b'] }
  await caller.tell([line, { ...line, platform: 'tv' }])
  await caller.tell([line])
  const { status, text, headers } = await ask(url)
  expect([status, headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  for (const expected of [
    'pushledger_facts_accepted_total 4',
    'pushledger_facts_repeated_total 2',
    'pushledger_lines_refused_total{code="bad_platform"} 1',
    'pushledger_request_duration_seconds_count{route="/v1/events",status="207"} 1',
    'pushledger_commit_facts_sum 4',
    'pushledger_devices 2',
    'pushledger_apps 1',
    'pushledger_ready 1',
  ]) {
    expect(text.split('\n')).toContain(expected)
  }
  expect(text).toMatch(/^pushledger_store_bytes [1-9]/m)
  const base = url.replace('/metrics', '')
  expect((await ask(`${base}/v3/received`)).status).toBe(404)
  expect((await ask(`${server.url}/metrics`)).status).toBe(404)
  const post = await ask(url, '', 'POST')
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  expect((await ask(url, '', 'HEAD')).text).toBe('')
  expect((await server.stop()).code).toBe(0)
})

it('with a token they are at the main port, or, with both, asked of it at their own', async () => {
  const main = await workplace().serve([], { PUSHLEDGER_METRICS_TOKEN: token })
  await expect.poll(() => metricsUrlOf(main)).toBe(`${main.url}/metrics`)
  expect((await ask(`${main.url}/metrics`)).status).toBe(401)
  expect((await ask(`${main.url}/metrics`, `Bearer ${token}`)).status).toBe(200)
  const both = await workplace().serve(['--metrics-port', '0', '--metrics-token', token])
  await expect.poll(() => metricsUrlOf(both)).not.toBe('')
  expect((await ask(`${both.url}/metrics`, `Bearer ${token}`)).status).toBe(404)
  expect((await ask(metricsUrlOf(both))).status).toBe(401)
  expect((await ask(metricsUrlOf(both), `Bearer ${token}`)).status).toBe(200)
})

it('a port that is taken, and a token that is too short, are told by their names', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as { port: number }
  const place = workplace()
  const refused = await place.run(['serve', '--port', '0', '--metrics-port', String(port)])
  taken.close()
  expect([refused.code, refused.stderr]).toEqual([
    1,
    `port ${port} of 127.0.0.1 is taken: choose another with --metrics-port\n`,
  ])
  const short = await place.run(['serve', '--port', '0'], { PUSHLEDGER_METRICS_TOKEN: 'short' })
  expect([short.code, short.stderr]).toEqual([
    2,
    'PUSHLEDGER_METRICS_TOKEN must be 16 to 200 visible ASCII characters\n',
  ])
})
