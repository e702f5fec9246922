// GET /v3/users over the wire: devices told of, counted by hour, day and month of the app's zone.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { UsersBody } from '../../src/http/endpoint/wire.ts'
import { noon, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  const at = async (time: string, ...told: Parameters<TestServer['toldOfDevices']>) => {
    server.clock.nowMs = Date.parse(time)
    await server.toldOfDevices(...told)
  }
  await at('2014-05-31T23:59:59+08:00', 'online', 'ios', ['a'])
  await at('2014-06-11T09:00:00+08:00', 'register', 'ios', ['a', 'b'])
  await at('2014-06-11T09:59:59+08:00', 'online', 'ios', ['a', 'b'])
  await at('2014-06-11T10:00:00+08:00', 'online', 'ios', ['a'])
  await at('2014-06-12T09:00:00+08:00', 'register', 'android', ['a', 'c'])
  await at('2014-06-12T09:00:00+08:00', 'active', 'hmos', ['h'])
  server.clock.nowMs = noon
})
afterAll(() => server.close())

const ask = async (query: string): Promise<UsersBody> =>
  JSON.parse((await server.ask(`/v3/users?${query}`)).text) as UsersBody

it('by hour', async () => {
  expect(await ask('time_unit=hour&start=2014-06-11%2009&duration=2')).toEqual({
    time_unit: 'HOUR',
    start: '2014-06-11 09',
    duration: 2,
    items: [
      { time: '2014-06-11 09', ios: { new: 2, online: 2 } },
      { time: '2014-06-11 10', ios: { online: 1 } },
    ],
  })
})

it('by day, a device online in two hours once, and new but once', async () => {
  expect((await ask('time_unit=DAY&start=2014-06-11&duration=2')).items).toEqual([
    { time: '2014-06-11', ios: { new: 2, online: 2 } },
    { time: '2014-06-12', android: { new: 1 }, hmos: { active: 1 } },
  ])
})

it('by month, as a union of its days', async () => {
  expect((await ask('time_unit=MONTH&start=2014-05&duration=2')).items).toEqual([
    { time: '2014-05', ios: { online: 1 } },
    {
      time: '2014-06',
      android: { new: 1 },
      ios: { new: 2, online: 2 },
      hmos: { active: 1 },
    },
  ])
})
