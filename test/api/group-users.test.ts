// GET /v3/group/users over the wire: the users of a group's apps together, of the last 30 days.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { UsersBody } from '../../src/http/endpoint/wire.ts'
import { openGroup, type TestGroup } from '../support/group.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let group: TestGroup

beforeAll(async () => {
  server = await startServer()
  group = await openGroup(server)
  await server.toldOfDevices('online', 'ios', ['a', 'b'])
  await server.toldOfDevices('register', 'android', ['c'])
  const other = (type: string, ...ids: string[]) =>
    group.toldOther({ type, platform: 'ios', registration_ids: ids })
  await other('online', 'a')
  await other('register', 'a')
})
afterAll(() => server.close())

const ask = (query: string) => group.ask(`/v3/group/users?${query}`)

it('sums over the apps, by hour, day and month', async () => {
  const data = { android: { new: 1 }, ios: { new: 1, online: 3 } }
  const rows = [
    ['hour', '2014-06-12 11', 2, ['2014-06-12 11', '2014-06-12 12']],
    ['DAY', '2014-06-11', 2, ['2014-06-11', '2014-06-12']],
    ['Month', '2014-06', 1, ['2014-06']],
  ] as const
  for (const [unit, start, duration, times] of rows) {
    const { status, text } = await ask(`time_unit=${unit}&start=${start}&duration=${duration}`)
    expect(status).toBe(200)
    const items = times.map((time, i) => ({ time, ...(i === times.length - 1 && data) }))
    const body: UsersBody = { time_unit: unit.toUpperCase() as 'DAY', start, duration, items }
    expect(JSON.parse(text)).toEqual(body)
  }
})

it.each([
  ['time_unit=DAY&start=2014-05-13&duration=30', 200, undefined],
  ['time_unit=DAY&start=2014-05-12&duration=1', 400, 3005],
  ['time_unit=DAY&start=2014-06-12&duration=31', 400, 3005],
  ['time_unit=MONTH&start=2014-05&duration=1', 200, undefined],
  ['time_unit=MONTH&start=2014-05&duration=2', 400, 3005],
  ['time_unit=MONTH&start=2014-04&duration=1', 400, 3005],
  ['time_unit=HOUR&start=2014-06-12+04&duration=24', 200, undefined],
  ['time_unit=HOUR&start=2014-06-12&duration=1', 400, 3004],
  ['time_unit=WEEK&start=2014-06-12&duration=1', 400, 3002],
  ['time_unit=DAY&start=2014-06-12', 400, 3002],
])('%s', async (query, status, code) => {
  const reply = await ask(query)
  expect(reply.status).toBe(status)
  if (code !== undefined) expect(reply.text).toMatch(`{"error":{"code":${code},`)
})
