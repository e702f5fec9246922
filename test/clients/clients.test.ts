// The official JPush clients from npm, unmodified, against the built server: every report each of them
// has, with its numbers, its errors and ids beyond what a JavaScript number holds.

import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { openAuthority } from '../support/authority.ts'
import { callerOf, type Json } from '../support/caller.ts'
import {
  type Credentials,
  openWorkplace,
  type Server,
  type Workplace,
  workplace,
} from '../support/program.ts'
import { byNames, byPreload, canAimByNames, type Runner, startRunner } from './runner.ts'
import * as told from './told.ts'
import { allMethods, clients, type Report } from './tried.ts'

const { smallId, bigId, unknownId, day, dayBefore, month } = told

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
  ['a date that is none', 'status', [Number(smallId), ['d1'], '2014-02-30'], 3002],
  ['ids that are no text', 'status', [Number(smallId), [{ id: 1 }], null], 3002],
  ['a unit of another kind', 'users', ['WEEK', day, 1], 3002],
  ['a start of another unit', 'users', ['HOUR', day, 1], 3004],
  ['a start too long ago', 'users', ['DAY', '2014-06-11', 1], 3005],
]

/** Some call of each report that would succeed. */
const someArgs: Readonly<Record<Report, readonly Json[]>> = {
  received: [smallId],
  receivedDetail: [smallId],
  status: [Number(smallId), ['d1'], null],
  messages: [smallId],
  messagesDetail: [smallId],
  users: ['DAY', day, 1],
}
const vipReports: readonly Report[] = ['messages', 'messagesDetail', 'users']

const codeOf = (response: string | undefined): unknown => {
  const body = JSON.parse(response ?? '{}') as { error?: { code?: unknown }; code?: unknown }
  return (body.error ?? body).code
}

interface Scene {
  readonly app: Credentials
  readonly plain: Credentials
  readonly runner: Runner
  close(): Promise<void>
}

/** Facts told, a server with these flags, and the clients led to it. */
const openScene = async (
  flags: (place: Workplace) => readonly string[],
  start: (server: Server, place: Workplace) => Runner,
): Promise<Scene> => {
  const place = openWorkplace()
  const app = await place.createApp('shop')
  const plain = await place.createApp('plain', '--no-vip')
  const teller = await place.serve()
  await callerOf(teller.url, app).told(told.lines)
  await teller.stop()
  const server = await place.serve(flags(place))
  const runner = start(server, place)
  const close = async () => {
    await runner.close()
    await place.close()
  }
  return { app, plain, runner, close }
}

const overTls = (place: Workplace): readonly string[] => {
  const authority = openAuthority(place.dir)
  const names = ['DNS:report.jpush.cn', 'DNS:bjapi.push.jiguang.cn']
  const { cert, key } = authority.issue('report.jpush.cn', ...names)
  return ['--port', '443', '--tls-cert', cert, '--tls-key', key]
}

const ways = [
  {
    way: 'plain HTTP, led here by a preload',
    open: () =>
      openScene(
        () => [],
        ({ port }) => startRunner(byPreload(port)),
      ),
  },
  {
    way: 'TLS, led here by names and a certificate alone',
    open: () => openScene(overTls, (_, { dir }) => startRunner(byNames(dir, `${dir}/ca.crt`))),
  },
]
const canDo = await canAimByNames()
if (!canDo)
  process.stderr.write('port 443 or unshare is not to be had: clients are not tried by TLS\n')

describe.each(ways.slice(0, canDo ? 2 : 1))('$way', ({ open }) => {
  let scene: Scene
  beforeAll(async () => {
    scene = await open()
  })
  afterAll(() => scene?.close())

  describe.each(clients)('$name', (client) => {
    const of = <T extends readonly [string, Report, readonly Json[], ...unknown[]]>(
      rows: readonly T[],
    ) => rows.filter(([, report, args]) => client.has.includes(report) && canSay(report, args))
    const canSay = (report: Report, [id]: readonly Json[]) =>
      !(client.knowsNumbersOnly && report === 'status' && typeof id === 'string')
    const call = (app: Credentials, report: Report, args: readonly Json[]) =>
      scene.runner.call(client, app, allMethods[report], args)
    const failure = (httpCode: number) =>
      client.losesQueries ? { name: 'APIRequestError' } : { name: 'APIRequestError', httpCode }

    it('is the version it says', () => {
      const { name, version } = createRequire(import.meta.url)(
        `${client.package}/package.json`,
      ) as { name: string; version: string }
      expect(client.release).toBe(`${name} ${version}`)
    })

    it.each(of(successes))('%s', async (_, report, args, answer) => {
      const outcome = await call(scene.app, report, args)
      const isWrapped = report === 'status' && client.wrapsStatuses
      expect(outcome).toEqual({ result: isWrapped ? { res: answer } : answer })
    })

    it.each(of(badParameters))('%s: %s is refused', async (_, report, args, code) => {
      const { error } = await call(scene.app, report, args)
      expect(error).toMatchObject(failure(400))
      expect(codeOf(error?.response)).toBe(code)
    })

    it('learns that its secret is wrong', async () => {
      const stranger = { key: scene.app.key, secret: scene.plain.secret }
      // Together, because failures wait.
      const calls = client.has.map((report) => call(stranger, report, someArgs[report]))
      for (const { error } of await Promise.all(calls)) {
        expect(error).toMatchObject(failure(401))
        expect(codeOf(error?.response)).toBe(3001)
      }
    })

    it.each(client.has)('%s without VIP', async (report) => {
      const outcome = await call(scene.plain, report, someArgs[report])
      if (!vipReports.includes(report)) {
        expect(outcome.error).toBeUndefined()
        return
      }
      expect(outcome.error).toMatchObject(failure(403))
      expect(codeOf(outcome.error?.response)).toBe(2003)
    })

    if (client.losesQueries) {
      it.each(Object.keys(allMethods).filter((report) => report !== 'status') as Report[])(
        '%s, whose query it loses, ends with the fault that says so',
        async (report) => {
          const { error } = await call(scene.app, report, someArgs[report])
          expect(codeOf(error?.response)).toBe(3002)
          expect(error?.response).toMatch(/(msg_ids|time_unit) is missing/)
        },
      )
    }
  })
})

it.each(clients.filter(({ losesQueries }) => !losesQueries))(
  '$name learns that it calls too often',
  async (client) => {
    const limited = workplace()
    const other = await limited.createApp('limited')
    const { port } = await limited.serve(['--rate-limit', '2'])
    const caller = startRunner(byPreload(port))
    onTestFinished(() => caller.close())
    const call = (report: Report) =>
      caller.call(client, other, allMethods[report], someArgs[report])
    expect((await call('received')).error).toBeUndefined()
    expect((await call('users')).error).toBeUndefined()
    const { error } = await call('messages')
    expect(error).toMatchObject({ name: 'APIRequestError', httpCode: 429 })
    expect(codeOf(error?.response)).toBe(2002)
  },
)
