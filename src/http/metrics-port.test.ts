// The port of metrics by itself: a wrong token waits like any failed log-in, the right one never.
import { expect, it, onTestFinished } from 'vitest'
import { openMetricsPort } from './metrics-port.ts'

it('holds up whoever guesses its token, and nobody else', async () => {
  const waited: string[] = []
  const failedLogIns = {
    note: () => 0,
    wait: async (address: string | undefined, key: string, nowMs: number) => {
      waited.push(`${address} ${key} ${nowMs}`)
    },
  }
  const page = async () => ({ text: 'a 1\n', contentType: 'text/plain' })
  const settings = { host: '127.0.0.1', port: 0, token: 'a-token-of-its-own' }
  const port = await openMetricsPort(settings, page, failedLogIns, () => 7)
  onTestFinished(() => port.close())
  const { address } = port
  if (address === null || typeof address === 'string') throw new Error('it listens nowhere')
  const ask = async (token: string, path = '/metrics') => {
    const headers = { authorization: `Bearer ${token}` }
    return (await fetch(`http://127.0.0.1:${address.port}${path}`, { headers })).status
  }
  expect(await ask('a-token-of-its-own')).toBe(200)
  expect(await ask('a-token-of-its-own', '/')).toBe(404)
  expect(waited).toEqual([])
  expect([await ask('x'), await ask('')]).toEqual([401, 401])
  expect(waited).toEqual(['127.0.0.1 metrics 7', '127.0.0.1 metrics 7'])
})
