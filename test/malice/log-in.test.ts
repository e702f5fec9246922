// Somebody guesses secrets: their failures wait, right credentials never do, and what they sent for a
// secret is written nowhere.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLog } from '../../src/runtime/log.ts'
import { request, talk } from '../support/raw.ts'
import { basic, key, secret, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
const written: string[] = []

beforeAll(async () => {
  server = await startServer({ log: openLog('trace', { write: (line) => written.push(line) }) })
})
afterAll(() => server.close())

const wrongSecret = '5e987ac6d2e04d95a9d8f0d2'
const wrong = `Basic ${Buffer.from(`${key}:${wrongSecret}`).toString('base64')}`

it('answers right credentials while ten failures wait', async () => {
  const finished: string[] = []
  const ask = async (name: string, authorization: string) => {
    const reply = await server.ask('/v3/received?msg_ids=1', { headers: { authorization } })
    finished.push(`${name} ${reply.status}`)
  }
  for (let i = 0; i < 9; i++) await ask('early', wrong)
  const failures = Array.from({ length: 10 }, () => ask('late', wrong))
  for (let i = 0; i < 3; i++) await ask('right', basic)
  expect(finished.slice(9)).toEqual(['right 200', 'right 200', 'right 200'])
  await Promise.all(failures)
  expect(finished.slice(12)).toEqual(failures.map(() => 'late 401'))
})

it('knows the address of those who send raw blanks too', async () => {
  const host = 'Host: report.jpush.cn'
  const guess = request('GET /v3/received?msg_ids=1, 2 HTTP/1.1', host, `Authorization: ${wrong}`)
  const right = request('GET /v3/received?msg_ids=1, 2 HTTP/1.1', host, `Authorization: ${basic}`)
  const order: number[] = []
  const tell = async (bytes: string) => {
    const { answers } = await talk(server.port, [bytes, 1])
    order.push(answers[0]?.status ?? 0)
  }
  await Promise.all([tell(guess), tell(right)])
  expect(order).toEqual([200, 401])
})

it('writes neither secrets nor what was given for one, and no line that is not its own', async () => {
  const evil = encodeURIComponent('\n{"level":60,"msg":"forged"}')
  await server.ask(`/v3/received?msg_ids=${evil}`)
  await server.ask(`/v3/${evil}`)
  await server.ask('/v1/events', { method: 'POST', body: `{"type":"\\n${secret}"}` })
  await talk(server.port, [`GET /${secret}\n{"level":60} HTTP/1.1\r\n\r\n`, 1])
  expect(written.length).toBeGreaterThan(3)
  for (const line of written) {
    expect(line).toMatch(/^\{[^\n]*\}\n$/)
    const logged = JSON.parse(line) as { level: number }
    expect(logged.level).toBeLessThan(50)
    for (const hidden of [secret, wrongSecret, basic.slice(6), wrong.slice(6)]) {
      expect(line).not.toContain(hidden)
    }
  }
})
