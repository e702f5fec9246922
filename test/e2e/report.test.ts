// `pushledger report` on the built program: every report as a person and as a script sees it, and what
// is said where there is none.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Caller, callerOf } from '../support/caller.ts'
import {
  type Credentials,
  type Ended,
  openWorkplace,
  type Server,
  type Variables,
  type Workplace,
} from '../support/program.ts'

let place: Workplace
let server: Server
let app: Credentials
let caller: Caller

const nowMs = Date.now()
/** Today in the zone of the app. */
const today = new Date(nowMs + 8 * 3_600_000).toISOString().slice(0, 10)

const idsOf = (count: number, prefix = 'd'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}`)

const event = (type: string, msgId: string, channel: string, count: number, more: object = {}) => ({
  type,
  msg_id: msgId,
  platform: 'android',
  channel,
  registration_ids: idsOf(count),
  time: nowMs,
  ...more,
})

const ios = { platform: 'ios', registration_ids: idsOf(4, 'i') }

const told = [
  event('target', '1001', 'jpush', 3000),
  event('online_push', '1001', 'jpush', 2500),
  event('received', '1001', 'jpush', 2000),
  event('click', '1001', 'jpush', 25),
  event('sent', '1001', 'xm', 5, { kind: 'message' }),
  event('target', '1001', 'apns', 4, ios),
  event('sent', '1001', 'apns', 4, ios),
  event('received', '1001', 'apns', 4, { ...ios, registration_ids: ['i0'] }),
  event('target', '1002', 'jpush', 2),
  event('received', '1002', 'jpush', 1, { registration_ids: ['设备一'] }),
  event('target', '2001', 'jpush', 1),
  event('received', '2001', 'jpush', 3),
  event('click', '2001', 'jpush', 5),
  event('target', '2002', 'jpush', 10),
  event('received', '2002', 'jpush', 2),
  event('received', '2002', 'xm', 5),
  event('click', '2002', 'jpush', 4),
  { type: 'register', platform: 'android', registration_ids: idsOf(7, 'n'), time: nowMs },
  { type: 'active', platform: 'android', registration_ids: idsOf(1500), time: nowMs },
  { type: 'online', platform: 'ios', registration_ids: ['i0'], time: nowMs },
]

beforeAll(async () => {
  place = openWorkplace()
  app = await place.createApp('asked')
  server = await place.serve()
  caller = callerOf(server.url, app)
  await caller.told(told)
})
afterAll(() => place?.close())

const variables = (): Variables => ({
  PUSHLEDGER_URL: server.url,
  PUSHLEDGER_KEY: app.key,
  PUSHLEDGER_SECRET: app.secret,
})

const report = (...args: readonly string[]): Promise<Ended> =>
  place.run(['report', ...args], variables())

/** A table with one blank at most between its words. */
const tableOf = async (...args: readonly string[]): Promise<string[]> => {
  const { code, stdout, stderr } = await report(...args)
  expect([code, stderr]).toEqual([0, ''])
  return stdout.trimEnd().split('\n')
}

const squeezed = (lines: readonly string[]): string[] =>
  lines.map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))

const note = 'deliveries: devices added up over the messages, one that got two counts twice'

describe('as a table', () => {
  it('received', async () => {
    expect(await tableOf('received', '1001,1002', '99')).toEqual([
      'MESSAGE     ANDROID RECEIVED  IOS APNS SENT  IOS APNS RECEIVED  IOS MSG RECEIVED  WP MPNS SENT',
      '1001                   2,000              4                  1                 -             -',
      '1002                       1              -                  -                 -             -',
      '99                         -              -                  -                 -             -',
      'deliveries             2,001              4                  1                 -             -',
      '',
      note,
    ])
  })

  it('received-detail', async () => {
    const [head = '', row = '', ...others] = squeezed(await tableOf('received-detail', '1001'))
    expect(head).toMatch(/^MESSAGE \| JPUSH RECEIVED \| ANDROID PNS SENT \| IOS APNS SENT/)
    expect([row, others]).toEqual(['1001 | 2,000 | 5 | 4 | 1 | - | -', []])
  })

  it('messages', async () => {
    const table = squeezed(await tableOf('messages', '1001', '1002,99'))
    expect(table).toEqual([
      'MESSAGE | BY | TARGET | ONLINE | SENT | RECEIVED | OF TARGET | CLICKED | OF RECEIVED',
      '1001 | android | 3,000 | 2,500 | - | 2,000 | 66.7% | 25 | 1.3%',
      'ios apns | 4 | - | 4 | 1 | 25.0% | - | -',
      '1002 | android | 2 | - | - | 1 | 50.0% | - | -',
      '99 | - | - | - | - | - | - | - | -',
      'deliveries | android | 3,002 | 2,500 | - | 2,001 | 66.7% | 25 | 1.2%',
      'ios apns | 4 | - | 4 | 1 | 25.0% | - | -',
      '',
      note,
    ])
  })

  it('messages-detail', async () => {
    expect(squeezed(await tableOf('messages-detail', '1001'))).toEqual([
      'MESSAGE | BY | TARGET | ONLINE | SENT | RECEIVED | OF TARGET | CLICKED | OF RECEIVED',
      '1001 | jpush | 3,000 | 2,500 | - | 2,000 | 66.7% | 25 | 1.3%',
      'android vendors | - | - | 5 | - | - | - | -',
      'xm | - | - | 5 | - | - | - | -',
      'ios apns | 4 | - | 4 | 1 | 25.0% | - | -',
      'all notifications | 3,004 | - | 4 | 2,001 | 66.6% | 25 | 1.2%',
      'all messages | - | - | 5 | - | - | - | -',
    ])
  })

  it('a share only of what is within: a click without a receipt, a receipt without a target', async () => {
    expect(squeezed(await tableOf('messages', '2001'))).toEqual([
      'MESSAGE | BY | TARGET | RECEIVED | OF TARGET | CLICKED | OF RECEIVED',
      '2001 | android | 1 | 3 | – | 5 | –',
    ])
    expect(squeezed(await tableOf('messages-detail', '2002'))).toEqual([
      'MESSAGE | BY | TARGET | RECEIVED | OF TARGET | CLICKED | OF RECEIVED',
      '2002 | jpush | 10 | 2 | 20.0% | 4 | –',
      'android vendors | - | 5 | - | - | -',
      'xm | - | 5 | - | - | -',
      // Four of five by their sizes, but two clicked without a receipt. Targets are of all channels.
      'all notifications | 10 | 5 | 50.0% | 4 | –',
    ])
  })

  it('status, of devices named and listed, wide names aligned', async () => {
    const file = join(place.dir, 'devices')
    writeFileSync(file, '设备一\nd0\n\nnobody\r\n')
    expect(await tableOf('status', '1002', 'd5', 'd0', '--file', file)).toEqual([
      'REGISTRATION ID  STATUS',
      'd5                    3  not a target',
      'd0                    1  not delivered',
      '设备一                0  delivered',
      'nobody                2  not a device of this app',
      '',
      '4 devices: 1 delivered, 1 not delivered, 1 not a device of this app, 1 not a target',
    ])
  })

  it('status of more devices than one question may hold', async () => {
    const file = join(place.dir, 'many')
    writeFileSync(file, idsOf(2100).join('\n'))
    const table = await tableOf('status', '1001', '--file', file)
    expect(table.at(-1)).toBe('2,100 devices: 2,000 delivered, 100 not delivered')
    const { stdout } = await report('status', '1001', '--file', file, '--json')
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(idsOf(2100))
  })

  it('status as of a day before', async () => {
    const table = await tableOf('status', '1001', 'd0', '--date', '2020-01-01')
    expect(table[1]).toMatch(/^d0 +3 {2}not a target$/)
  })

  it('users', async () => {
    const table = await tableOf('users', 'day', today, '2')
    expect(squeezed(table)).toEqual([
      'DAY | ANDROID NEW | ANDROID ONLINE | ANDROID ACTIVE | IOS NEW | IOS ONLINE | IOS ACTIVE',
      `${today} | 7 | - | 1,500 | - | 1 | -`,
      expect.stringMatching(/^\d{4}-\d{2}-\d{2}( \| -){6}$/),
      'all | 7 | -',
    ])
  })
})

describe('with --json, the answer as it came', () => {
  it.each([
    [['received', '1001,1002'], '/v3/received?msg_ids=1001,1002'],
    [['received-detail', '1001'], '/v3/received/detail?msg_ids=1001'],
    [['messages', '1001'], '/v3/messages?msg_ids=1001'],
    [['messages-detail', '1001'], '/v3/messages/detail?msg_ids=1001'],
    [
      ['users', 'month', today.slice(0, 7), '1'],
      `/v3/users?time_unit=month&start=${today.slice(0, 7)}&duration=1`,
    ],
  ])('%j', async (args, path) => {
    const { code, stdout } = await report(...args, '--json')
    expect([code, stdout]).toEqual([0, `${(await caller.ask(path)).text}\n`])
  })

  it('status', async () => {
    const { stdout } = await report('status', '1001', 'd0', '17', '--json')
    expect(stdout).toBe('{"d0":{"status":0},"17":{"status":2}}\n')
  })
})

describe('where there is none', () => {
  it.each([
    [['received', 'x'], 1, /^the server answers fault 3002, .*msg_ids.*\n$/],
    [['users', 'day', '2001-01-01', '1'], 1, /fault 3005, /],
    [['received', '1', '--secret', 'wrong'], 1, /fault 3001, .*: check the key and the secret/],
    [
      ['received', '1', '--url', 'http://127.0.0.1:1'],
      1,
      /127\.0\.0\.1:1 cannot be reached: nobody/,
    ],
    [['status', '1'], 2, /which devices/],
    [['status', '1', '--file', 'none'], 1, /^none cannot be read/],
    [['received'], 2, /missing required argument/],
  ])('%j', async (args, exitCode, says) => {
    const { code, stdout, stderr } = await report(...args)
    expect([code, stdout]).toEqual([exitCode, ''])
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).toMatch(says)
  })

  it('a feed token is not used to query', async () => {
    const token = `plf_${'0'.repeat(12)}_${'0'.repeat(32)}`
    const beside = { ...variables(), PUSHLEDGER_TOKEN: token }
    expect((await place.run(['report', 'received', '1001'], beside)).code).toBe(0)
    const alone = { PUSHLEDGER_URL: server.url, PUSHLEDGER_TOKEN: token }
    const { code, stderr } = await place.run(['report', 'received', '1001'], alone)
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^say who calls: --key and --secret.*a feed token .*cannot query\n$/),
    ])
    const flag = await report('received', '1001', '--token', token)
    expect([flag.code, flag.stderr]).toEqual([
      2,
      expect.stringMatching(/^a feed token cannot query/),
    ])
    expect((await report('received', '--help')).stdout).not.toContain('--token')
  })

  it('an app without VIP is told so', async () => {
    const plain = await place.createApp('plain', '--no-vip')
    const flags = ['--key', plain.key, '--secret', plain.secret]
    const { code, stderr } = await report('messages', '1001', ...flags)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/fault 2003, /)])
  })

  it.each(['<html>', '{}', '[', 'null'])('nor is another server, which says %s', async (text) => {
    const other = createServer((_, response) => response.end(text))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      other.close()
    })
    const { port } = other.address() as AddressInfo
    for (const asked of [
      ['messages', '1'],
      ['users', 'day', today, '1'],
    ]) {
      const { code, stderr } = await report(...asked, '--url', `http://127.0.0.1:${port}`)
      const sentence = 'the answer is none of a pushledger server: see --url\n'
      expect([code, stderr]).toEqual([1, sentence])
    }
  })
})
