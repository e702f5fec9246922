// export, with the built program: what is taken out is what the reports say, beside a running server, while
// it is told more, and after it; a million facts take no more memory than some.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { openZone } from '../../src/ledger/day.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { type Caller, callerOf } from '../support/caller.ts'
import { programPath, surroundings, type Workplace, workplace } from '../support/program.ts'
import { devices, msgId, told } from '../support/told.ts'
import { until } from '../support/until.ts'

const taken = async (place: Workplace, ...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await place.run(['export', ...args, '--quiet'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return stdout
}

const objectsOf = (ndjson: string): Record<string, unknown>[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** Of CSV without quotes: by column. */
const recordsOf = (csv: string): Record<string, string>[] => {
  const [head = '', ...lines] = csv.trimEnd().split('\n')
  const names = head.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']))
  })
}

/** The numbers of an item by their paths, as CSV has them. */
const flat = (item: object, before = ''): [string, string][] =>
  Object.entries(item).flatMap(([name, value]): [string, string][] => {
    const path = before === '' ? name : `${before}.${name}`
    if (typeof value === 'object' && value !== null) return flat(value, path)
    return value === null ? [] : [[path, String(value)]]
  })

const withoutEmpty = (record: Record<string, string>): [string, string][] =>
  Object.entries(record).filter(([, value]) => value !== '')

const byName = (entries: [string, string][]) => Object.fromEntries(entries)

const event = (id: number, type: string, listed: readonly string[], more: object = {}): object => ({
  type,
  platform: 'android',
  msg_id: id,
  registration_ids: listed,
  time: Date.now(),
  ...more,
})

const tellSome = async (caller: Caller, messages: number): Promise<void> => {
  const all = devices(50)
  for (let from = 1; from <= messages; from += 200) {
    const ids = Array.from({ length: Math.min(200, messages - from + 1) }, (_, i) => from + i)
    const lines = ids.flatMap((id) => [
      event(id, 'target', all.slice(0, 1 + (id % 50))),
      event(id, 'received', all.slice(0, 1 + (id % 7))),
      event(id, 'received', all.slice(0, 1 + (id % 3)), { channel: 'xm' }),
      event(id, 'click', all.slice(0, 1 + (id % 2))),
      event(id, 'received', all.slice(0, 1 + (id % 4)), { platform: 'ios', kind: 'message' }),
    ])
    await caller.told(lines.filter((_, i) => i % 4 !== 3))
  }
  const who = { platform: 'ios', registration_ids: all, time: Date.now() }
  await caller.told([
    { type: 'active', ...who },
    { type: 'register', ...who },
    { type: 'online', ...who, time: Date.now() - 40 * 86_400_000 },
  ])
}

const reportOf = async (caller: Caller, path: string, ids: readonly string[]) => {
  const items: Record<string, unknown>[] = []
  for (let from = 0; from < ids.length; from += 100) {
    const { body } = await caller.ask(`/v3/${path}?msg_ids=${ids.slice(from, from + 100)}`)
    items.push(...(body as unknown as Record<string, unknown>[]))
  }
  return items
}

it('reports and users are what the server answers, in every form, beside it and after it', async () => {
  const place = workplace()
  const app = await place.createApp('taken')
  const server = await place.serve(['--rate-limit', '0'])
  const caller = callerOf(server.url, app)
  await tellSome(caller, 1_203)
  const ids = Array.from({ length: 1_203 }, (_, i) => String(i + 1))
  for (const name of ['received', 'received-detail', 'messages', 'messages-detail']) {
    const answered = await reportOf(caller, name.replace('-', '/'), ids)
    const objects = objectsOf(await taken(place, 'reports', name, '--format', 'ndjson'))
    expect(objects.map(({ latest_day: _, ...item }) => item)).toEqual(answered)
    const records = recordsOf(await taken(place, 'reports', name))
    const counts = records.map(({ latest_day: _, ...record }) => byName(withoutEmpty(record)))
    expect(counts).toEqual(answered.map((item) => byName(flat(item))))
  }
  const today = openZone('Asia/Shanghai')!.dayOf(Date.now())
  expect(recordsOf(await taken(place, 'reports'))[0]?.['latest_day']).toBe(
    new Date(today * 86_400_000).toISOString().slice(0, 10),
  )

  const days = objectsOf(await taken(place, 'users', 'day', '--format', 'ndjson'))
  const asked = await caller.ask(
    `/v3/users?time_unit=DAY&start=${days.at(-60)?.['time']}&duration=60`,
  )
  expect(days.slice(-60)).toEqual((asked.body as { items: object[] }).items)
  const months = objectsOf(await taken(place, 'users', 'month', '--format', 'ndjson'))
  expect(flat(months.at(-1)!)).toContainEqual(['ios.active', '50'])
  const records = recordsOf(await taken(place, 'users', 'day'))
  expect(records.map((record) => byName(withoutEmpty(record)))).toEqual(
    days.map((item) => byName(flat(item))),
  )

  await server.stop()
  const file = join(place.dir, 'out', 'a.parquet')
  expect(await place.run(['export', 'reports', '--out', file])).toMatchObject({ code: 1 })
  const here = join(place.dir, 'a.parquet')
  await taken(place, 'reports', '--out', here)
  const objects = await parquetReadObjects({ file: Uint8Array.from(readFileSync(here)).buffer })
  const csv = recordsOf(await taken(place, 'reports', '--app', app.key))
  expect(objects.length).toBe(1_203)
  expect(objects.map((object) => byName(flat({ ...object, latest_day: null })))).toEqual(
    csv.map(({ latest_day: _, ...record }) => byName(withoutEmpty(record))),
  )
}, 120_000)

it('facts are whole while the server is told more: each device once, none lost', async () => {
  const place = workplace()
  const app = await place.createApp('taken')
  const server = await place.serve(['--rate-limit', '0'])
  const caller = callerOf(server.url, app)
  const first = devices(60_000)
  for (let from = 0; from < first.length; from += 10_000) {
    await caller.told([event(7, 'received', first.slice(from, from + 10_000))])
  }
  let isEnough = false
  const telling = (async () => {
    for (let i = 0; !isEnough; i++) {
      const more = devices(500, `more-${i % 20}`)
      await caller.told([
        event(7, 'received', more),
        event(7, 'click', first.slice(0, 1 + (i % 900))),
      ])
    }
  })()
  for (const format of ['csv', 'ndjson']) {
    const text = await taken(place, 'facts', '7', '--format', format)
    const facts = format === 'csv' ? recordsOf(text) : objectsOf(text)
    const received = facts.filter(({ stage }) => stage === 'received')
    const held = new Set(received.map((fact) => fact['registration_id']))
    expect(held.size).toBe(received.length)
    expect(first.filter((device) => !held.has(device))).toEqual([])
  }
  isEnough = true
  await telling
  const facts = recordsOf(await taken(place, 'facts', '7'))
  const { body } = await caller.ask('/v3/messages?msg_ids=7')
  const [{ android }] = body as unknown as [{ android: { received: number; click: number } }]
  const count = (stage: string) => facts.filter((fact) => fact['stage'] === stage).length
  expect({ received: count('received'), click: count('click') }).toEqual({
    received: android.received,
    click: android.click,
  })
  expect(new Set(facts.map(({ channel }) => channel))).toEqual(new Set(['jpush']))
}, 120_000)

it('as CSV is exact for programs, and guarded for a spreadsheet', async () => {
  const place = workplace()
  const app = await place.createApp('ids')
  const ids = ['02078012345', '1104e000012', '140fe1da9e4', '=1+1']
  const server = await place.serve()
  await callerOf(server.url, app).told([event(7, 'received', ids)])
  const idsIn = (csv: string) =>
    csv
      .split(/\r?\n/)
      .slice(1, -1)
      .map((line) => line.split(',')[0])
  const exact = await taken(place, 'facts', '7')
  expect(idsIn(exact).sort()).toEqual([...ids].sort())
  const guarded = await taken(place, 'facts', '7', '--for', 'spreadsheet')
  expect(guarded).toMatch(/^\uFEFFregistration_id,platform,.*\r\n/)
  const day = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7)
  expect(guarded).toMatch(
    new RegExp(`'02078012345,android,jpush,notification,received,${day}-\\d\\d\r\n`),
  )
  expect(idsIn(guarded).sort()).toEqual(
    ["'02078012345", "'1104e000012", '140fe1da9e4', "'=1+1"].sort(),
  )
}, 60_000)

it('refuses in one sentence, and leaves nothing behind', async () => {
  const place = workplace()
  const refused = async (code: number, words: RegExp, ...args: readonly string[]) => {
    const ended = await place.run(['export', ...args])
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toMatch(words)
  }
  await refused(1, /no ledger in/, 'reports', '--data', join(place.dir, 'nowhere'))
  const app = await place.createApp('one')
  await refused(1, /nothing is known of message 5/, 'facts', '5')
  await refused(2, /It must be an integer/, 'facts', 'x')
  await refused(2, /one of received, /, 'reports', 'sent')
  await refused(2, /day, month/, 'users', 'year')
  await refused(1, /no app with key/, 'reports', '--app', '0'.repeat(24))
  await refused(
    2,
    /^x.xlsx: export does not write .xlsx, .*--for spreadsheet$/m,
    'users',
    'day',
    '--out',
    'x.xlsx',
  )
  await refused(
    2,
    /does not write .gz, only csv, ndjson, parquet/,
    'users',
    'day',
    '--out',
    'x.csv.gz',
  )
  await refused(2, /goes with CSV/, 'users', 'day', '--for', 'spreadsheet', '--out', 'x.ndjson')
  await refused(2, /Allowed choices are spreadsheet/, 'users', 'day', '--for', 'excel')
  const out = join(place.dir, 'out.csv')
  await taken(place, 'users', 'month', '--out', out)
  await refused(1, /is there already/, 'users', 'month', '--out', out)
  expect(lstatSync(out).mode & 0o777).toBe(0o600)
  const victim = join(place.dir, 'victim')
  const link = join(place.dir, 'link.csv')
  symlinkSync(victim, link)
  await refused(1, /link.csv is there already/, 'users', 'month', '--out', link)
  symlinkSync(victim, `${link}.csv.partial`)
  await refused(1, /partial is there already.*remove it/, 'users', 'day', '--out', `${link}.csv`)
  expect(existsSync(victim)).toBe(false)
  rmSync(`${link}.csv.partial`)
  await place.createApp('two')
  await refused(2, /several apps: say --app/, 'reports')
  await taken(place, 'reports', '--app', app.key)
  expect(readdirSync(place.dir).filter((name) => name.includes('partial'))).toEqual([])
}, 60_000)

it('takes nothing for expired by a clock that is more than a day ahead', async () => {
  const place = workplace()
  const store = await openEmbedded({ dir: place.dir, thread: false })
  const app = { id: (await store.apps.create(largeApp))!.id, zone: openZone('Asia/Shanghai')! }
  const early = Date.now() - 60 * 86_400_000
  const line = { msgId: msgId(7), platform: 'android', stage: 'sent', devices: devices(2) } as const
  await store.append(app, told({ ...line, atMs: early }), early)
  await store.close()
  const exported = ['export', 'reports', '--format', 'ndjson', '--quiet']
  expect((await place.run(exported)).stdout).toBe('')
  const again = await openEmbedded({ dir: place.dir, thread: false })
  await again.clock.keep({ believedMs: early, placedMs: 0 })
  await again.close()
  expect((await place.run(exported)).stdout).toMatch(/^{"msg_id":7,[^\n]+\n$/)
})

const largeApp = {
  key: '7d431e42dfa6a6d693ac2d04' as never,
  name: 'large',
  vip: true,
  timeZone: 'Asia/Shanghai',
  salt: '',
  secretHash: '',
  createdAtMs: 0,
}

const millionAt = async (dir: string, count: number): Promise<void> => {
  const store = await openEmbedded({ dir, thread: false })
  const record = await store.apps.create(largeApp)
  const app = { id: record!.id, zone: openZone('Asia/Shanghai')! }
  const nowMs = Date.now()
  for (let from = 0; from < count; from += 20_000) {
    const listed = devices(20_000, `a-device-with-quite-a-name-${from}`)
    const about = { msgId: msgId(7), platform: 'android', atMs: nowMs, devices: listed } as const
    const body = told(
      { ...about, stage: 'target' },
      { ...about, stage: 'received', channel: 'xm' },
      { ...about, stage: 'received' },
      { ...about, stage: 'click', devices: listed.filter((_, i) => i % 3 === 0) },
    )
    await store.append(app, body, nowMs)
  }
  await store.close()
}

/**
 * The most memory of its own, in MiB, that the program had while it wrote its rows: in a heap that holds no
 * more than some pages, so that whoever kept rows would end.
 */
const measured = async (dir: string, format: string) => {
  const heap = ['--max-old-space-size=80', '--max-semi-space-size=8']
  const verb = ['export', 'facts', '7', '--data', dir, '--format', format, '--quiet']
  const child = spawn(process.execPath, [...heap, programPath, ...verb], {
    env: surroundings(),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const ended = once(child, 'close')
  let mib = 0
  let bytes = 0
  for await (const piece of child.stdout!) {
    bytes += (piece as Buffer).length
    const [, kib = '0'] =
      /^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    mib = Math.max(mib, Number(kib) / 1024)
  }
  const [code] = (await ended) as [number | null]
  return { code, mib, bytes }
}

it.skipIf(process.platform !== 'linux')(
  'a million facts take little memory, in every form',
  async () => {
    const place = workplace()
    await millionAt(place.dir, 300_000)
    for (const format of ['csv', 'ndjson', 'parquet']) {
      const { code, mib, bytes } = await measured(place.dir, format)
      expect({ format, code }).toEqual({ format, code: 0 })
      expect(bytes).toBeGreaterThan(1_000_000)
      expect(mib, format).toBeLessThan(300)
    }
  },
  180_000,
)

it('ends well when nobody reads on, and leaves nothing behind when it is told to stop', async () => {
  const place = workplace()
  await millionAt(place.dir, 60_000)
  const head = place.start(['export', 'facts', '7'])
  const { code, stdout } = await head.ended
  expect(code).toBe(0)
  expect(stdout.split('\n').length).toBe(200_003)
  const child = spawn(
    process.execPath,
    [programPath, 'export', 'facts', '7', '--data', place.dir],
    {
      env: surroundings(),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  child.stdout.once('data', () => child.stdout.destroy())
  const [endedWith] = (await once(child, 'close')) as [number]
  expect(endedWith).toBe(0)

  const out = join(place.dir, 'facts.csv')
  const stopped = place.start(['export', 'facts', '7', '--out', out])
  await until('it has begun', () => existsSync(`${out}.partial`))
  stopped.kill('SIGTERM')
  expect((await stopped.ended).code).toBe(130)
  expect(readdirSync(place.dir).filter((name) => name.startsWith('facts'))).toEqual([])
}, 60_000)
