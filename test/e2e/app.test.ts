// The app verbs of the built program beside a running server: what they change there, and how soon;
// and that apps never see each other.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Caller, callerOf } from '../support/caller.ts'
import { type Credentials, openWorkplace, type Server, type Workplace } from '../support/program.ts'
import { until } from '../support/until.ts'

const noticedWithinMs = 1000
const report = '/v3/received?msg_ids=1'
const vipReport = '/v3/messages?msg_ids=1'

let place: Workplace
let server: Server

beforeAll(async () => {
  place = openWorkplace()
  server = await place.serve()
})

afterAll(() => place?.close())

const callerFor = (app: Credentials): Caller => callerOf(server.url, app)

/** A verb that must be done; its JSON. */
const verb = async (...args: string[]): Promise<Record<string, unknown>> => {
  const { code, stdout, stderr } = await place.run(['app', ...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as Record<string, unknown>
}

/** Within a second of the verb's end, the answer to the question has this code. */
const noticed = (caller: Caller, path: string, code: number): Promise<void> =>
  until(
    `${path} is answered with ${code}`,
    async () => (await caller.faultOf(path)) === code,
    noticedWithinMs,
  )

const line = (type: string, registration_ids: string[], msg_id?: string): object => ({
  type,
  platform: 'android',
  registration_ids,
  time: Date.now(),
  ...(msg_id === undefined ? {} : { msg_id }),
})

describe('beside a running server', () => {
  it('create: may ask at once', async () => {
    await noticed(callerFor(await place.createApp('fresh')), report, 0)
  })

  it('create with credentials of its own', async () => {
    const own = { key: 'a1b2c3d4e5f6a7b8c9d0e1f2', secret: 'ABCDefgh0123456789ijklMN' }
    const created = await place.createApp('own', '--key', own.key, '--secret', own.secret)
    expect(created).toEqual(own)
    await noticed(callerFor(own), report, 0)
  })

  it('list and show: what it is, never its secret', async () => {
    const { key, secret } = await place.createApp('shown', '--no-vip', '--time-zone', 'Europe/Rome')
    const shown = await verb('show', key)
    expect(shown).toMatchObject({ key, name: 'shown', vip: false, time_zone: 'Europe/Rome' })
    expect(await verb('list')).toContainEqual(shown)
    for (const args of [['list'], ['show', key], ['list', '--json'], ['show', key, '--json']]) {
      const { stdout } = await place.run(['app', ...args])
      expect(stdout).toContain(key)
      expect(stdout).not.toContain(secret)
    }
  })

  it('set: VIP goes and comes back', async () => {
    const app = await place.createApp('vip')
    const caller = callerFor(app)
    await noticed(caller, vipReport, 0)
    expect(await verb('set', app.key, '--no-vip')).toMatchObject({ vip: false })
    await noticed(caller, vipReport, 2003)
    expect(await caller.faultOf(report)).toBe(0)
    expect(await verb('set', app.key, '--vip')).toMatchObject({ vip: true })
    await noticed(caller, vipReport, 0)
  })

  it('rotate: the old secret ends, the fresh one begins', async () => {
    const app = await place.createApp('rotated')
    await callerFor(app).told([line('received', ['d1'], '1')])
    const { secret } = await verb('rotate', app.key)
    await noticed(callerFor(app), report, 3001)
    const caller = callerFor({ key: app.key, secret: String(secret) })
    expect(await caller.received(['1'])).toEqual([1])
  })

  it('remove: nobody there; created again, it starts empty', async () => {
    const app = await place.createApp('removed')
    const caller = callerFor(app)
    await caller.told([line('received', ['d1'], '1'), line('register', ['d1'])])
    expect(await caller.received(['1'])).toEqual([1])
    expect(await verb('remove', app.key, '--yes')).toMatchObject({ key: app.key })
    await noticed(caller, report, 3001)
    expect((await caller.tell([line('received', ['d2'], '1')])).status).toBe(401)
    await place.createApp('again', '--key', app.key, '--secret', app.secret)
    await noticed(caller, report, 0)
    expect(await caller.received(['1'])).toEqual([null])
    expect(await caller.statuses('1', ['d1', 'd2'])).toEqual(
      new Map([
        ['d1', 2],
        ['d2', 2],
      ]),
    )
    await caller.told([line('received', ['d3'], '1')])
    expect(await caller.received(['1'])).toEqual([1])
  })
})

it('two apps with the same ids never see each other', async () => {
  const one = callerFor(await place.createApp('one'))
  const other = callerFor(await place.createApp('other'))
  await Promise.all([
    one.told([line('received', ['d1', 'd2', 'd3'], '42'), line('active', ['d1', 'd2'])]),
    other.told([line('received', ['d3'], '42'), line('target', ['d1'], '42')]),
    other.told([line('register', ['d3', 'd4']), line('received', ['d4'], '43')]),
  ])
  expect(await one.received(['42', '43'])).toEqual([3, null])
  expect(await other.received(['42', '43'])).toEqual([1, 1])
  const devices = ['d1', 'd2', 'd3', 'd4']
  const statuses = async (caller: Caller) => [...(await caller.statuses('42', devices)).values()]
  expect(await statuses(one)).toEqual([0, 0, 0, 2])
  expect(await statuses(other)).toEqual([1, 2, 0, 3])
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format()
  const users = async (caller: Caller) => {
    const { body } = await caller.ask(
      `/v3/users?time_unit=MONTH&start=${today.slice(0, 7)}&duration=1`,
    )
    return (body as { items: readonly object[] }).items[0]
  }
  expect(await users(one)).toMatchObject({ android: { active: 2 } })
  expect(await users(other)).toMatchObject({ android: { new: 2 } })
})
