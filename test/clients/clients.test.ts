// The official JPush clients from npm, unmodified, against the built server: every report each of them
// has, with its numbers, its errors and ids beyond what a JavaScript number holds.

import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { callerOf, type Json } from '../support/caller.ts'
import { type Credentials, openWorkplace, type Workplace, workplace } from '../support/program.ts'
import { type Client, type Runner, startRunner } from './runner.ts'
import * as told from './told.ts'

const { smallId, bigId, unknownId, day, dayBefore, month } = told

const allMethods = {
  received: 'getReportReceiveds',
  receivedDetail: 'getReportReceivedDetail',
  status: 'getReportStatusMessage',
  messages: 'getReportMessages',
  messagesDetail: 'getReportMessagesDetail',
  users: 'getReportUsers',
} as const
type Report = keyof typeof allMethods
const every = Object.keys(allMethods) as readonly Report[]

interface Tried extends Client {
  /** The reports it has; of one that it asks wrongly, see below. */
  readonly has: readonly Report[]
  /** Takes message ids as JavaScript numbers only. */
  readonly knowsNumbersOnly?: boolean
}

const clients: readonly Tried[] = [
  {
    name: 'jpush-async 4.1.0, JPushAsync',
    package: 'jpush-async',
    api: 'JPushAsync',
    style: 'promise',
    has: every,
  },
  {
    name: 'jpush-async 4.1.0, JPush',
    package: 'jpush-async',
    api: 'JPush',
    style: 'callback',
    has: every,
  },
  {
    name: 'jpush-async 4.0.3, JPushAsync',
    package: 'jpush-async-4.0',
    api: 'JPushAsync',
    style: 'promise',
    has: every,
    knowsNumbersOnly: true,
  },
  {
    name: 'jpush-async 4.0.3, JPush',
    package: 'jpush-async-4.0',
    api: 'JPush',
    style: 'callback',
    has: every,
    knowsNumbersOnly: true,
  },
  {
    name: 'jpush-async 4.2.0, JPushAsync',
    package: 'jpush-async-4.2',
    api: 'JPushAsync',
    style: 'promise',
    has: ['status'],
  },
  {
    name: 'jpush-sdk 3.5.0',
    package: 'jpush-sdk',
    style: 'callback',
    has: ['received', 'messages', 'users'],
  },
]

type Row = readonly [what: string, report: Report, args: readonly Json[], answer: Json]

const ids = [smallId, bigId, unknownId].join(',')

const successes: readonly Row[] = [
  ['received', 'received', [ids], told.received],
  ['received/detail', 'receivedDetail', [ids], told.receivedDetail],
  ['messages', 'messages', [ids], told.messages],
  ['messages/detail', 'messagesDetail', [ids], told.messagesDetail],
  ['users by the hour', 'users', ['HOUR', `${day} 09`, 3], told.users.HOUR],
  ['users by the day', 'users', ['DAY', dayBefore, 2], told.users.DAY],
  ['users by the month', 'users', ['month', month, 1], told.users.MONTH],
  [
    'statuses of a message',
    'status',
    [Number(smallId), ['d1', 'd3', 'b1', 'stranger'], null],
    { d1: { status: 0 }, d3: { status: 1 }, b1: { status: 3 }, stranger: { status: 2 } },
  ],
  [
    'statuses as of a day',
    'status',
    [Number(smallId), ['d1', 'i1'], dayBefore],
    { d1: { status: 3 }, i1: { status: 3 } },
  ],
  [
    'statuses of an id above 2^53',
    'status',
    [bigId, ['b5', 'd1'], day],
    { b5: { status: 0 }, d1: { status: 3 } },
  ],
  ['statuses of an unknown id', 'status', [unknownId, ['d1'], null], { d1: { status: 3 } }],
]

type BadRow = readonly [what: string, report: Report, args: readonly Json[], code: number]

const badParameters: readonly BadRow[] = [
  ['no id', 'received', [''], 3002],
  ['the id 0', 'received', ['0'], 3002],
  ['an id beyond 64 bits', 'receivedDetail', ['9223372036854775808'], 3002],
  ['101 ids', 'messages', [Array.from({ length: 101 }, (_, i) => i + 1).join(',')], 3002],
  ['the id 0', 'messagesDetail', ['0'], 3002],
  ['a date that is none', 'status', [smallId, ['d1'], '2014-02-30'], 3002],
  ['ids that are no text', 'status', [smallId, [{ id: 1 }], null], 3002],
  ['a unit of another kind', 'users', ['WEEK', day, 1], 3002],
  ['a start of another unit', 'users', ['HOUR', day, 1], 3004],
  ['a start too long ago', 'users', ['DAY', '2014-06-11', 1], 3005],
]

/** Some call of each report that would succeed. */
const someArgs: Readonly<Record<Report, readonly Json[]>> = {
  received: [smallId],
  receivedDetail: [smallId],
  status: [smallId, ['d1'], null],
  messages: [smallId],
  messagesDetail: [smallId],
  users: ['DAY', day, 1],
}
const vipReports: readonly Report[] = ['messages', 'messagesDetail', 'users']

let place: Workplace
let app: Credentials
let plain: Credentials
let runner: Runner

beforeAll(async () => {
  place = openWorkplace()
  app = await place.createApp('shop')
  plain = await place.createApp('plain', '--no-vip')
  const server = await place.serve()
  await callerOf(server.url, app).told(told.lines)
  runner = startRunner(server.port)
})

afterAll(async () => {
  await runner?.close()
  await place?.close()
})

const codeOf = (response: string | undefined): unknown =>
  (JSON.parse(response ?? '{}') as { error?: { code?: unknown } }).error?.code

describe.each(clients)('$name', (client) => {
  const of = <T extends readonly [string, Report, ...unknown[]]>(rows: readonly T[]) =>
    rows.filter(([, report]) => client.has.includes(report))

  it('is the version it says', () => {
    const { version } = createRequire(import.meta.url)(`${client.package}/package.json`) as {
      version: string
    }
    expect(client.name).toContain(`${client.package} ${version}`)
  })

  it.each(of(successes))('%s', async (_, report, args, answer) => {
    const outcome = await runner.call(client, app, allMethods[report], args)
    // The promise API hands this one over in a wrapper.
    const isWrapped = report === 'status' && client.style === 'promise'
    expect(outcome).toEqual({ result: isWrapped ? { res: answer } : answer })
  })

  it.each(of(badParameters))('%s: %s is refused', async (_, report, args, code) => {
    const { error } = await runner.call(client, app, allMethods[report], args)
    expect(error).toMatchObject({ name: 'APIRequestError', httpCode: 400 })
    expect(codeOf(error?.response)).toBe(code)
  })

  it.each(client.has)('%s with the wrong secret', async (report) => {
    const stranger = { key: app.key, secret: plain.secret }
    const { error } = await runner.call(client, stranger, allMethods[report], someArgs[report])
    expect(error).toMatchObject({ name: 'APIRequestError', httpCode: 401 })
    expect(codeOf(error?.response)).toBe(3001)
  })

  it.each(client.has)('%s without VIP', async (report) => {
    const outcome = await runner.call(client, plain, allMethods[report], someArgs[report])
    if (!vipReports.includes(report)) {
      expect(outcome.error).toBeUndefined()
      return
    }
    expect(outcome.error).toMatchObject({ name: 'APIRequestError', httpCode: 403 })
    expect(codeOf(outcome.error?.response)).toBe(2003)
  })
})

it.each(clients)('$name learns that it calls too often', async (client) => {
  const limited = workplace()
  const other = await limited.createApp('limited')
  const { port } = await limited.serve(['--rate-limit', '2'])
  const caller = startRunner(port)
  onTestFinished(() => caller.close())
  const call = (report: Report) => caller.call(client, other, allMethods[report], someArgs[report])
  expect((await call('received')).error).toBeUndefined()
  expect((await call('users')).error).toBeUndefined()
  const { error } = await call('messages')
  expect(error).toMatchObject({ name: 'APIRequestError', httpCode: 429 })
  expect(codeOf(error?.response)).toBe(2002)
})
