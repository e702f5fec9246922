// The port of metrics by itself: a wrong token waits like any failed log-in, the right one never.
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { request, talk, talkAndEnd } from '../../test/support/raw.ts'
import type { LogInAttempt } from './access/login-throttle.ts'
import { type MetricsPort, openMetricsPort } from './metrics-port.ts'

const page = async () => ({ text: 'a 1\n', contentType: 'text/plain' })
const settings = { host: '127.0.0.1', port: 0, token: 'a-token-of-its-own' }
const portOf = ({ address }: MetricsPort): number => (address as AddressInfo).port

it('rejects heads that could be read differently, and hangs up', async () => {
  const failedLogIns = { note: () => 0, wait: async () => {} }
  const port = await openMetricsPort(settings, page, failedLogIns, () => 7)
  onTestFinished(() => port.close())
  const get = (...lines: string[]) =>
    request('GET /metrics HTTP/1.1', 'Host: a', `Authorization: Bearer ${settings.token}`, ...lines)
  const many = Array.from({ length: 1100 }, () => 'x:')
  for (const [bytes, status] of [
    [get(...many, 'Content-Length: 9'), 431],
    [get('Host: b'), 400],
    [get('Transfer-Encoding: gzip, chunked'), 400],
  ] as const) {
    const { answers, hungUp } = await talk(portOf(port), [bytes + get(), ''])
    expect(answers.map((answer) => answer.status)).toEqual([status])
    expect(hungUp).toBe(true)
  }
})

it('answers those who have ended their own side of the connection', async () => {
  const failedLogIns = { note: () => 0, wait: async () => {} }
  const slowPage = async () => {
    // When this is answered, the end of the other connection has long come too.
    await talk(portOf(port), [request('GET / HTTP/1.1', 'Host: a'), 1])
    return page()
  }
  const port = await openMetricsPort(settings, slowPage, failedLogIns, () => 7)
  onTestFinished(() => port.close())
  const head = ['GET /metrics HTTP/1.1', 'Host: a', `Authorization: Bearer ${settings.token}`]
  const answers = await talkAndEnd(portOf(port), request(...head))
  expect(answers.map(({ status, body }) => [status, body])).toEqual([[200, 'a 1\n']])
})

it('holds up whoever guesses its token, and nobody else', async () => {
  const waited: string[] = []
  const failedLogIns = {
    note: () => 0,
    wait: async ({ address, key, by, path }: LogInAttempt, nowMs: number) => {
      waited.push([address, key, by, path, nowMs].join(' '))
    },
  }
  const port = await openMetricsPort(settings, page, failedLogIns, () => 7)
  onTestFinished(() => port.close())
  const ask = async (token: string, path = '/metrics') => {
    const headers = { authorization: `Bearer ${token}` }
    return (await fetch(`http://127.0.0.1:${portOf(port)}${path}`, { headers })).status
  }
  expect(await ask('a-token-of-its-own')).toBe(200)
  expect(await ask('a-token-of-its-own', '/')).toBe(404)
  expect(waited).toEqual([])
  expect([await ask('x'), await ask('')]).toEqual([401, 401])
  const attempt = '127.0.0.1  bearer /metrics 7'
  expect(waited).toEqual([attempt, attempt])
})
