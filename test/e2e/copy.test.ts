// backup and compact, with the built program: a copy made under load is whole, of one moment, and can be
// served; compacting gives room back and changes no answer.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Caller, callerOf } from '../support/caller.ts'
import { type Credentials, type Ended, type Workplace, workplace } from '../support/program.ts'
import { until } from '../support/until.ts'

const refusal = (code: number, stderr: RegExp) => ({
  code,
  stdout: '',
  stderr: expect.stringMatching(stderr),
})

const line = (msgId: string, devices: readonly string[]): object => ({
  type: 'received',
  platform: 'android',
  msg_id: msgId,
  registration_ids: devices,
  time: Date.now(),
})

const devicesOf = (count: number, of = 'd'): string[] =>
  Array.from({ length: count }, (_, i) => `${of}${i}`)

const verified = async (place: Workplace, dir: string): Promise<void> => {
  expect(await place.run(['verify', '--data', dir])).toMatchObject({ code: 0, stderr: '' })
}

/** Serves a copy as another server would. */
const served = async (place: Workplace, dir: string, app: Credentials): Promise<Caller> =>
  callerOf((await place.serve(['--data', dir])).url, app)

it('a backup under load holds each body or nothing of it, and all that was answered before', async () => {
  const place = workplace()
  const app = await place.createApp('copied')
  const server = await place.serve(['--rate-limit', '0'])
  const caller = callerOf(server.url, app)
  const devicesEach = 300
  let told = 0
  let isEnough = false
  const tellOn = async (of: string): Promise<void> => {
    while (!isEnough) {
      told += 1
      await caller.told([line(`${told}`, devicesOf(devicesEach, `${of}-${told % 7}-`))])
    }
  }
  const telling = Promise.all(devicesOf(3).map(tellOn))
  const copies: { dir: string; before: number; ended: Ended }[] = []
  // Else there is nothing that a copy must hold.
  await until('ten bodies were sent', () => told > 10, 30_000)
  for (let i = 0; i < 2; i++) {
    const dir = join(place.dir, `copy-${i}`)
    // A teller may still wait for the answer to its last one.
    const before = told - 3
    copies.push({ dir, before, ended: await place.run(['backup', dir]) })
  }
  isEnough = true
  await telling
  await server.stop()
  for (const { dir, before, ended } of copies) {
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(readdirSync(dir)).toEqual(['ledger.mdb'])
    await verified(place, dir)
    const counts = await (await served(place, dir, app)).received(devicesOf(told + 1, '').slice(1))
    expect(new Set(counts.slice(0, before))).toEqual(new Set([devicesEach]))
    expect(counts.every((n) => n === null || n === devicesEach)).toBe(true)
  }
}, 180_000)

it('a restored backup is a ledger of its own, beside the first one', async () => {
  const place = workplace()
  const app = await place.createApp('twin')
  const first = callerOf((await place.serve()).url, app)
  await first.told([line('1', devicesOf(5))])
  const dir = join(place.dir, 'deep', 'copy')
  const { stdout } = await place.run(['backup', dir, '--json'])
  expect(JSON.parse(stdout)).toEqual({
    dir,
    values: expect.any(Number),
    bytes: statSync(join(dir, 'ledger.mdb')).size,
  })
  const second = await served(place, dir, app)
  await second.told([line('1', devicesOf(7))])
  expect(await second.received(['1'])).toEqual([7])
  expect(await first.received(['1'])).toEqual([5])
})

it('a backup goes into an empty or a new directory, or into one where another was broken off', async () => {
  const place = workplace()
  await place.createApp('one')
  const dir = join(place.dir, 'copy')
  mkdirSync(join(dir, 'partial'), { recursive: true })
  writeFileSync(join(dir, 'partial', 'ledger.mdb'), 'half')
  expect(await place.run(['backup', dir])).toMatchObject({ code: 0 })
  expect(readdirSync(dir)).toEqual(['ledger.mdb'])
  expect(await place.run(['backup', dir])).toEqual(refusal(1, /^There is something in \S+copy: /))
  expect(await place.run(['backup', place.dir])).toEqual(refusal(1, /^There is something in /))
})

it.each(['backup', 'compact'])('%s: no ledger, or no directory to write to', async (verb) => {
  const place = workplace()
  const missing = join(place.dir, 'nowhere')
  const to = verb === 'backup' ? [join(place.dir, 'copy')] : []
  const ended = await place.run([verb, ...to, '--data', missing])
  expect(ended).toEqual(refusal(1, /^There is no ledger in \S+nowhere: /))
  expect(existsSync(missing)).toBe(false)
  if (verb === 'compact') return
  await place.createApp('one')
  expect(await place.run(['backup', '/proc/copy'])).toEqual(refusal(1, /\/proc\/copy/))
  expect(await place.run(['backup'])).toMatchObject({ code: 2 })
})

it('compact makes the file smaller and changes no answer; not beside a server', async () => {
  const place = workplace()
  const app = await place.createApp('kept')
  const other = await place.createApp('gone')
  const server = await place.serve()
  const caller = callerOf(server.url, app)
  await caller.told([line('1', devicesOf(5000))])
  const chats = devicesOf(3000, '').map((i) => line(`9${i}`, [`x${i}`]))
  await callerOf(server.url, other).told(chats)
  expect(await place.run(['compact'])).toEqual(refusal(1, /in use by process \d+/))
  await place.run(['app', 'remove', other.key, '--yes'])
  await server.stop()
  const path = join(place.dir, 'ledger.mdb')
  const before = statSync(path).size
  const { stdout } = await place.run(['compact', '--json'])
  expect(JSON.parse(stdout)).toEqual({
    values: expect.any(Number),
    bytes_before: before,
    bytes: statSync(path).size,
  })
  expect(statSync(path).size).toBeLessThan(before)
  expect(readdirSync(place.dir).sort()).toEqual([
    ...['audit.ndjson', 'ledger.mdb', 'ledger.mdb-lock'],
  ])
  await verified(place, place.dir)
  expect(await (await served(place, place.dir, app)).received(['1'])).toEqual([5000])
})

it('a damaged ledger is told of by verify, and neither copied nor compacted', async () => {
  const place = workplace()
  const app = await place.createApp('hurt')
  const server = await place.serve()
  await callerOf(server.url, app).told([line('1', devicesOf(3000))])
  await server.stop()
  const path = join(place.dir, 'ledger.mdb')
  const bytes = readFileSync(path)
  bytes[bytes.indexOf('d2999')] = 'D'.charCodeAt(0)
  writeFileSync(path, bytes)
  const found = await place.run(['verify', '--json'])
  expect(found).toMatchObject({ code: 1, stderr: expect.stringMatching(/ wrong with /) })
  const { findings } = JSON.parse(found.stdout) as { findings: readonly object[] }
  expect(findings).toContainEqual({ where: expect.any(String), what: expect.any(String) })
  const dir = join(place.dir, 'copy')
  expect(await place.run(['backup', dir])).toEqual(refusal(1, /is damaged.* It was not copied\.$/m))
  expect(readdirSync(dir)).toEqual([])
  expect(await place.run(['compact'])).toEqual(refusal(1, /is damaged/))
  rmSync(dir, { recursive: true })
  expect(readdirSync(place.dir).sort()).toEqual([
    ...['audit.ndjson', 'ledger.mdb', 'ledger.mdb-lock'],
  ])
  expect(statSync(path).size).toBe(bytes.length)
})
