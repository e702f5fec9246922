// What stands in the log and in the audit log of a refused log-in: who and where, and never what may be a
// secret, however it was typed.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../test/support/temp-dir.ts'
import type { AppRecord } from '../apps/app-table.ts'
import type { GroupRecord } from '../apps/group.ts'
import type { LogInAttempt } from '../http/access/login-throttle.ts'
import { openLog } from '../runtime/log.ts'
import { auditFiles } from './audit-file.ts'
import { openLogInAudit } from './log-in-audit.ts'

const appKey = '7d431e42dfa6a6d693ac2d04'
const groupKey = '8d431e42dfa6a6d693ac2d04'
const secret = '5e987ac6d2e04d95a9d8f0d1'
const nowMs = Date.parse('2026-05-01T08:00:00Z')

const opened = () => {
  const { path: dir, remove } = makeTempDir()
  onTestFinished(remove)
  const logged: Record<string, unknown>[] = []
  const audit = openLogInAudit({
    dir,
    apps: { show: async (key) => (key === appKey ? ({} as AppRecord) : undefined) },
    groups: { show: async (key) => (String(key) === groupKey ? ({} as GroupRecord) : undefined) },
    clock: () => nowMs,
    log: openLog('info', { write: (line) => logged.push(JSON.parse(line)) }),
  })
  const lines = (): Record<string, unknown>[] =>
    readFileSync(join(dir, auditFiles.logIns), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  return { dir, audit, logged, lines }
}
const attempt = (key: string, by: LogInAttempt['by'] = 'basic'): LogInAttempt => ({
  ...{ address: '10.0.0.7', key, by, path: '/v3/received' },
})

it('writes the same to the log and to a file of the directory', async () => {
  const { audit, logged, lines } = opened()
  audit.onRefused(attempt(appKey))
  await audit.close()
  expect(lines()).toEqual([
    {
      time: '2026-05-01T08:00:00.000Z',
      actor: { address: '10.0.0.7', key: appKey },
      action: 'login',
      target: { path: '/v3/received', by: 'basic' },
      outcome: 'rejected',
      count: 1,
    },
  ])
  expect(logged).toEqual([
    {
      ...{ level: 40, time: expect.any(String), address: '10.0.0.7', key: appKey, by: 'basic' },
      ...{ path: '/v3/received', count: 1, msg: 'login rejected' },
    },
  ])
})

it.each([
  [appKey, 'basic', appKey],
  [`group-${groupKey}`, 'basic', `group-${groupKey}`],
  [secret, 'basic', '5e98…'],
  [secret, 'session', '5e98…'],
  ['a\u009b31m\u001b[0m', 'basic', 'a?31…'],
  ['x', 'basic', 'x…'],
  ['0123456789ab', 'bearer', '0123456789ab'],
  ['', 'other', null],
] as const)('of the key %j by %s it writes %j', async (key, by, shown) => {
  const { audit, lines } = opened()
  audit.onRefused(attempt(key, by))
  await audit.close()
  expect(lines()[0]?.['actor']).toEqual({ address: '10.0.0.7', key: shown })
})

it('writes at the end what it only counted, and says where a line is about several', async () => {
  const { audit, lines } = opened()
  for (let i = 0; i < 100; i++) audit.onRefused(attempt(`k${i}`))
  await audit.close()
  expect(lines()).toHaveLength(11)
  expect(lines()[10]).toMatchObject({
    ...{ actor: { address: '10.0.0.7', key: '(several)' }, target: {}, count: 90 },
  })
})

it('goes on with the log alone where the file cannot be written', async () => {
  const { dir, audit, logged } = opened()
  mkdirSync(join(dir, auditFiles.logIns))
  audit.onRefused(attempt(appKey))
  await audit.close()
  expect(logged.map(({ msg }) => msg)).toEqual([
    'login rejected',
    'the audit log cannot be written',
  ])
})
