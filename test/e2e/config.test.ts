// pushledger config: every setting with its value and its source, no secret, and nothing opened.
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SETTINGS } from '../../src/settings/settings.ts'
import { workplace } from '../support/program.ts'

const token = 'a-token-of-this-test'
const variables = { PUSHLEDGER_METRICS_TOKEN: token, PUSHLEDGER_KEEP_DAYS: '60' }
const flags = ['--port', '9000', '--log-level', 'warn']

it('tells each setting with its source as JSON, secrets hidden', async () => {
  const place = workplace()
  const { code, stdout, stderr } = await place.run(['config', '--json', ...flags], variables)
  expect([code, stderr]).toEqual([0, ''])
  const told = JSON.parse(stdout) as Record<string, unknown>
  expect(Object.keys(told)).toEqual(Object.values(SETTINGS).map(({ flag }) => flag))
  expect(told).toMatchObject({
    data: { value: place.dir, source: 'PUSHLEDGER_DATA' },
    host: { value: '127.0.0.1', source: 'default' },
    port: { value: 9000, source: 'flag' },
    'keep-days': { value: 60, source: 'PUSHLEDGER_KEEP_DAYS' },
    'tls-cert': { value: null, source: 'default' },
    'metrics-port': { value: null, source: 'default' },
    'metrics-token': { value: '(hidden)', source: 'PUSHLEDGER_METRICS_TOKEN' },
    'log-level': { value: 'warn', source: 'flag' },
  })
  expect(stdout).not.toContain(token)
  expect(readdirSync(place.dir)).toEqual([])
})

it('tells them as a table', async () => {
  const { code, stdout } = await workplace().run(['config', ...flags], variables)
  expect(code).toBe(0)
  const rows = stdout.trimEnd().split('\n')
  expect(rows[0]).toMatch(/^SETTING +VALUE +FROM$/)
  expect(rows).toHaveLength(1 + Object.keys(SETTINGS).length)
  expect(stdout).toMatch(/^--port +9000 +flag$/m)
  expect(stdout).toMatch(/^--tls-key +- +default$/m)
  expect(stdout).toMatch(/^--metrics-token +\(hidden\) +PUSHLEDGER_METRICS_TOKEN$/m)
  expect(stdout).not.toContain(token)
})

it.each([
  [['--port', 'x'], '--port must be a whole number from 0 to 65535\n'],
  [['--tls-cert', 'a.pem'], '--tls-cert and --tls-key go together\n'],
])('refuses what serve would refuse: %s', async (args, sentence) => {
  const { code, stdout, stderr } = await workplace().run(['config', ...args])
  expect([code, stdout, stderr]).toEqual([2, '', sentence])
})
