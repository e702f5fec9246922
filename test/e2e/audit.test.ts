// The audit log of the built program: every verb that changes something or takes data out leaves one line,
// refused log-ins leave theirs, and no line anywhere holds a secret.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { VERBS } from '../../src/cli/verbs.ts'
import { formatVersion } from '../../src/store/embedded/lmdb/format.ts'
import { callerOf } from '../support/caller.ts'
import { type Credentials, openWorkplace, type Workplace, workplace } from '../support/program.ts'
import { until } from '../support/until.ts'

/** Verbs that leave no line, and why none is needed. */
const UNAUDITED: Readonly<Record<string, string>> = {
  serve: 'its log says when it started and how it is set',
  demo: 'works on a directory of its own',
  'app list': 'shows no secret and no data',
  'app show': 'the same',
  'group list': 'the same',
  'group show': 'the same',
  'token list': 'the same',
  config: 'opens nothing',
  verify: 'shows sizes and damage',
  import: 'a caller of a server, with credentials that the server checks',
  'report received': 'the same',
  'report received-detail': 'the same',
  'report messages': 'the same',
  'report messages-detail': 'the same',
  'report status': 'the same',
  'report users': 'the same',
}

interface Line {
  readonly time: string
  readonly actor: Readonly<Record<string, unknown>>
  readonly action: string
  readonly target: Readonly<Record<string, unknown>>
  readonly outcome: string
  readonly count?: number
}

const textIn = (dir: string, name = 'audit.ndjson'): string => {
  const path = join(dir, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{"time"'))
    .map((line) => JSON.parse(line) as Line)

const own = { key: 'a1b2c3d4e5f6a7b8c9d0e1f2', secret: 'ABCDefgh0123456789ijklMN' }
const group = { key: 'b1b2c3d4e5f6a7b8c9d0e1f2', secret: 'ZBCDefgh0123456789ijklMN' }
/** Nothing listens at the port of tcpmux. */
const nowhere = 'clickhouse://someone:hunter2secret@127.0.0.1:1/ledger'
const reached = { app: own.key }

interface Tried {
  readonly verb: string
  readonly args: (scene: Scene) => readonly string[]
  readonly target: (scene: Scene) => object
  /** Exit code 1 where it fails. */
  readonly fails?: true
  /** Where the line is, in place of the directory. */
  readonly on?: 'stderr'
}

interface Scene {
  readonly place: Workplace
  /** What may stand nowhere. */
  readonly secrets: string[]
  tokenId: string
}

const verbs: readonly Tried[] = [
  {
    verb: 'app create',
    args: () => ['Shop', '--key', own.key, '--secret', own.secret, '--time-zone', 'UTC'],
    target: () => ({ name: 'Shop', app: own.key, vip: true, time_zone: 'UTC' }),
  },
  {
    verb: 'app create',
    args: () => ['Again', '--key', own.key, '--secret', own.secret],
    target: () => ({ name: 'Again' }),
    fails: true,
  },
  {
    verb: 'app set',
    args: () => [own.key, '--no-vip'],
    target: () => ({ ...reached, vip: false }),
  },
  { verb: 'app rotate', args: () => [own.key], target: () => reached },
  {
    verb: 'token create',
    args: () => [own.key, '--name', 'gateway-1'],
    target: ({ tokenId }) => ({ ...reached, name: 'gateway-1', token: tokenId }),
  },
  {
    verb: 'token revoke',
    args: ({ tokenId }) => [tokenId],
    target: ({ tokenId }) => ({ ...reached, token: tokenId, name: 'gateway-1' }),
  },
  {
    verb: 'group create',
    args: () => ['All', '--key', group.key, '--secret', group.secret, '--time-zone', 'UTC'],
    target: () => ({ name: 'All', group: group.key, time_zone: 'UTC' }),
  },
  {
    verb: 'group add',
    args: () => [group.key, own.key],
    target: () => ({ ...reached, group: group.key }),
  },
  {
    verb: 'group drop',
    args: () => [group.key, own.key],
    target: () => ({ ...reached, group: group.key }),
  },
  { verb: 'group rotate', args: () => [group.key], target: () => ({ group: group.key }) },
  { verb: 'group remove', args: () => [group.key, '--yes'], target: () => ({ group: group.key }) },
  {
    verb: 'export reports',
    args: () => ['--out', 'reports.csv'],
    target: ({ place }) => ({ what: '/messages/detail', out: join(place.dir, 'reports.csv') }),
  },
  { verb: 'export users', args: () => ['day'], target: () => ({ what: 'DAY', out: '-' }) },
  {
    verb: 'export facts',
    args: () => ['7', '--app', own.key],
    target: () => ({ what: '7', app: 'a1b2…', out: '-' }),
    fails: true,
  },
  {
    verb: 'backup',
    args: () => ['copy'],
    target: ({ place }) => ({ to: join(place.dir, 'copy') }),
  },
  { verb: 'compact', args: () => [], target: () => ({}) },
  { verb: 'app remove', args: () => [own.key, '--yes'], target: () => reached },
  {
    verb: 'migrate',
    args: () => ['--store', nowhere],
    target: () => ({ store: 'ledger at http://127.0.0.1:1' }),
    fails: true,
    on: 'stderr',
  },
  {
    verb: 'move',
    args: ({ place }) => ['--from', place.dir, '--to', nowhere],
    target: () => ({ to: 'ledger at http://127.0.0.1:1' }),
    fails: true,
  },
  {
    verb: 'app create',
    args: () => ['There', '--store', nowhere],
    target: () => ({ name: 'There' }),
    fails: true,
    on: 'stderr',
  },
]

it('stands a table of all verbs: each is tried below, or needs no line for a reason', async () => {
  const program = new Command('pushledger')
  for (const load of Object.values(VERBS)) (await load())(program)
  const leaves = (command: Command, name: string): string[] =>
    command.commands.length === 0
      ? [name]
      : command.commands.flatMap((each) => leaves(each, `${name} ${each.name()}`.trim()))
  const tried = new Set(verbs.map(({ verb }) => verb))
  expect([...tried, ...Object.keys(UNAUDITED)].sort()).toEqual(
    [...new Set(leaves(program, ''))].sort(),
  )
})

it('of every such verb one line, with who and what and how it ended, and no secret', async () => {
  const scene: Scene = { place: openWorkplace(), secrets: [own.secret, group.secret], tokenId: '' }
  const { place, secrets } = scene
  secrets.push('hunter2secret')
  let shown = ''
  try {
    for (const { verb, args, target, fails, on } of verbs) {
      const what = `${verb} ${args(scene).join(' ')}`
      const before = linesOf(textIn(place.dir)).length
      const json = verb.startsWith('export') ? [] : ['--json']
      const { code, stdout, stderr } = await place.run([
        ...verb.split(' '),
        ...args(scene),
        ...json,
      ])
      expect([what, code], stderr).toEqual([what, fails === true ? 1 : 0])
      if (fails !== true && json.length > 0) {
        const { secret, token, id } = JSON.parse(stdout) as Record<string, string>
        secrets.push(...[secret, token].filter((text) => text !== undefined))
        if (token !== undefined) scene.tokenId = id ?? ''
      }
      const inFile = linesOf(textIn(place.dir)).slice(before)
      const said = linesOf(stderr)
      expect([what, inFile.length, said.length]).toEqual([what, on ? 0 : 1, on ? 1 : 0])
      const [line] = [...inFile, ...said]
      expect(line).toEqual({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        actor: { user: userInfo().username, pid: expect.any(Number) },
        action: verb,
        target: target(scene),
        outcome: fails === true ? 'failed' : 'done',
      })
      shown += stderr
    }
    shown += textIn(place.dir)
    expect(secrets.length).toBeGreaterThan(5)
    for (const secret of secrets) expect(shown).not.toContain(secret)
    expect(statSync(join(place.dir, 'audit.ndjson')).mode & 0o777).toBe(0o600)
  } finally {
    await place.close()
  }
}, 180_000)

it('wrong usage, and a directory that is no ledger, leave none and make nothing', async () => {
  const place = workplace()
  const missing = join(place.dir, 'nowhere')
  for (const args of [
    ['app', 'rotate', 'x'],
    ['app', 'set', own.key],
    ['app', 'rotate', own.key, '--data', missing],
    ['compact', '--data', missing],
  ]) {
    expect((await place.run(args)).code).not.toBe(0)
  }
  expect(existsSync(missing)).toBe(false)
  expect(readdirSync(place.dir)).toEqual([])
})

it('a line that cannot be written is a sentence; what the verb did is done', async () => {
  const place = workplace()
  const { key } = await place.createApp('shop')
  rmSync(join(place.dir, 'audit.ndjson'))
  mkdirSync(join(place.dir, 'audit.ndjson'))
  const { code, stdout, stderr } = await place.run(['app', 'set', key, '--no-vip', '--json'])
  expect([code, (JSON.parse(stdout) as { vip: boolean }).vip]).toEqual([0, false])
  expect(stderr).toMatch(/^The audit log in \S+ cannot be written: .+ Its line: \{"time":.+\}\n$/)
  expect(stderr.split('\n')).toHaveLength(2)
})

const ask = (url: string, authorization?: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { ...(authorization !== undefined && { authorization }), ...headers } })
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

it('refused log-ins: by Basic, Bearer, session and at the port of metrics, without secrets', async () => {
  const place = workplace()
  const app: Credentials = await place.createApp('shop')
  const metricsToken = 'a-token-of-metrics-0123'
  const wrong = 'plf_0123456789ab_0123456789abcdef0123456789abcdef'
  const server = await place.serve(['--metrics-port', '0', '--metrics-token', metricsToken])
  const metricsUrls = () => /http\S+\/metrics/.exec(server.stdout()) ?? []
  await until('its metrics have an address', () => metricsUrls().length > 0)
  const [metricsUrl = ''] = metricsUrls()
  const report = `${server.url}/v3/received?msg_ids=1`
  const session = {
    'x-pushledger-app': app.key,
    cookie: `pushledger_session_${app.key}=${'A'.repeat(43)}`,
  }
  const tries = [
    () => ask(report, basic(app.key, 'wrongwrongwrong')),
    // The two mixed up, as happens.
    () => ask(report, basic(app.secret, app.key)),
    () => ask(report, 'Digest realm="x", response="deadbeefdeadbeef"'),
    () => ask(report, undefined, session),
    () =>
      fetch(`${server.url}/v1/events`, {
        method: 'POST',
        body: '',
        headers: { authorization: `Bearer ${wrong}` },
      }),
    () =>
      fetch(`${server.url}/v1/sessions`, {
        method: 'POST',
        body: JSON.stringify({ key: app.key, secret: 'wrongwrongwrong' }),
      }),
    () => ask(metricsUrl, `Bearer ${metricsToken}wrong`),
  ]
  for (const attempt of tries) expect((await attempt()).status).toBe(401)
  // No log-in was tried.
  expect((await ask(report)).status).toBe(401)
  await callerOf(server.url, app).received(['1'])
  const { stderr } = await server.stop()
  const text = textIn(place.dir, 'audit-logins.ndjson')
  const told = linesOf(text).map(({ actor, target, action, outcome, count }) => {
    expect([actor['address'], action, outcome]).toEqual(['127.0.0.1', 'login', 'rejected'])
    return [actor['key'], target['by'], target['path'], count]
  })
  expect(told).toEqual([
    [app.key, 'basic', '/v3/received', 1],
    [`${app.secret.slice(0, 4)}…`, 'basic', '/v3/received', 1],
    [null, 'other', '/v3/received', 1],
    [app.key, 'session', '/v3/received', 1],
    ['0123456789ab', 'bearer', '/v1/events', 1],
    [null, 'bearer', '/metrics', 1],
    [app.key, 'session', '/v3/received', 1],
  ])
  const logged = stderr.split('\n').filter((line) => line.includes('"login rejected"'))
  expect(logged).toHaveLength(told.length)
  for (const secret of [app.secret, metricsToken, 'deadbeef', 'wrongwrong', wrong.slice(-32)]) {
    expect(text + stderr).not.toContain(secret)
  }
  expect(statSync(join(place.dir, 'audit-logins.ndjson')).mode & 0o777).toBe(0o600)
})

it('a directory that a start brings up to date has a line of that', async () => {
  const place = workplace()
  const fixture = new URL('../fixtures/ledger-1/ledger.mdb.gz', import.meta.url)
  writeFileSync(join(place.dir, 'ledger.mdb'), gunzipSync(readFileSync(fixture)))
  for (let i = 0; i < 2; i++) await (await place.serve()).stop()
  expect(linesOf(textIn(place.dir)).map(({ action, outcome }) => [action, outcome])).toEqual([
    ['upgrade', 'done'],
  ])
})

it('a start is logged: version, Node, address, format and settings, secrets hidden', async () => {
  const place = workplace()
  const token = 'a-token-of-metrics-0123'
  const server = await place.serve(['--keep-days', '40', '--metrics-token', token], {
    PUSHLEDGER_RATE_LIMIT: '7',
  })
  const { stderr } = await server.stop()
  const started = stderr
    .split('\n')
    .filter((line) => line.includes('"msg":"started"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(started).toEqual([
    {
      level: 30,
      time: expect.any(String),
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      node: process.version,
      pid: server.pid,
      url: server.url,
      metrics_url: `${server.url}/metrics`,
      ledger: { data: place.dir, format: formatVersion },
      settings: expect.objectContaining({
        ...{ data: place.dir, store: null, port: 0, 'keep-days': 40, 'rate-limit': 7 },
        ...{ 'metrics-token': '(hidden)', 'otlp-url': null },
      }),
      msg: 'started',
    },
  ])
  expect(stderr).not.toContain(token)
  expect(stderr).toContain('"msg":"stopping"')
})
