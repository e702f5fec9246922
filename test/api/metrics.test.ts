// GET /metrics at the main port: for the token alone, text as it was made; and what the server tells of
// each answer. What is measured is tested in src/metrics, the built program in test/e2e.
import { describe, expect, it, onTestFinished } from 'vitest'
import { basic, startServer, type TestSettings } from '../support/server.ts'

const token = 'a-token-of-this-test'
const page = async () => ({ text: 'a 1\n', contentType: 'text/plain; version=0.0.4' })

const start = async (settings: TestSettings) => {
  const server = await startServer(settings)
  onTestFinished(server.close)
  return server
}

describe('GET /metrics', () => {
  it('is not there unless asked for', async () => {
    const { ask } = await start({})
    expect((await ask('/metrics')).status).toBe(404)
  })

  it('is text, whole, for whoever bears the token', async () => {
    const { url } = await start({ metrics: { token, page } })
    const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
    expect([answer.status, await answer.text()]).toEqual([200, 'a 1\n'])
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4')
    expect(answer.headers.get('content-length')).toBe('4')
  })

  it.each([
    '',
    basic,
    'Bearer',
    'Bearer a-token-of-this-tesT',
    `Bearer ${token}x`,
    `Basic ${token}`,
  ])('is 401 with "%s"', async (authorization) => {
    const { ask } = await start({ metrics: { token, page } })
    const { status, text, headers } = await ask('/metrics', { headers: { authorization } })
    expect([status, JSON.parse(text)]).toMatchObject([401, { error: { code: 3001 } }])
    expect(text).toContain('Bearer authentication failed')
    expect(headers.get('www-authenticate')).toBe('Bearer realm="pushledger"')
  })

  it('opens nothing else: the token is none for a report', async () => {
    const { ask } = await start({ metrics: { token, page } })
    const headers = { authorization: `Bearer ${token}` }
    expect((await ask('/v3/received?msg_ids=1', { headers })).status).toBe(401)
  })
})

it('each answer is told of with its route and status', async () => {
  const told: string[] = []
  const onAnswered = (route: string, status: number, ms: number) =>
    told.push(`${route} ${status} ${ms >= 0}`)
  const { ask } = await start({ onAnswered })
  await ask('/v3/report/received/?msg_ids=1')
  await ask('/v3/received')
  await ask('/v3/received', { headers: { authorization: '' } })
  await ask('/v3/received', { method: 'POST' })
  await ask('/nothing')
  await expect.poll(() => told).toHaveLength(5)
  expect(told).toEqual([
    '/v3/received 200 true',
    '/v3/received 400 true',
    '/v3/received 401 true',
    'other 405 true',
    'other 404 true',
  ])
})
