// GET /v1/days over the wire: every day asked for, with the messages that began on it added up.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { DaysBody } from '../../src/http/endpoint/wire.ts'
import { noon, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
const msPerDay = 86_400_000
const ask = async (query: string): Promise<DaysBody['days']> =>
  (JSON.parse((await server.ask(`/v1/days${query}`)).text) as DaysBody).days

beforeAll(async () => {
  server = await startServer({ vip: false })
})
afterAll(() => server.close())

it('adds up the messages of a day, receipts of later days included', async () => {
  const push = { platform: 'android', channel: 'hw', atMs: noon - msPerDay } as const
  for (const [msgId, devices] of [
    ['1', 4],
    ['2', 3],
  ] as const) {
    await server.told({ ...push, msgId, stage: 'target', devices })
    await server.told({ ...push, msgId, stage: 'received', devices: 2, atMs: noon })
  }
  await server.told({ ...push, msgId: '3', stage: 'sent', devices: 1, atMs: noon })
  const days = await ask('?days=3')
  expect(days.map(({ day, messages }) => [day, messages])).toEqual([
    ['2014-06-10', 0],
    ['2014-06-11', 2],
    ['2014-06-12', 1],
  ])
  expect(days[0]?.counts.android_pns['pns_target']).toBe(null)
  expect(days[1]?.counts.details).toEqual({
    notification: {
      target: 7,
      received: 4,
      sub_android: { huawei: { target: 7, received: 4 } },
    },
  })
  expect(days[2]?.counts.android_pns).toMatchObject({ pns_sent: 1, hw_detail: { sent: 1 } })
})

it('goes back 93 days at most, and a month by default', async () => {
  expect(await ask('')).toHaveLength(31)
  expect((await ask('?days=93'))[0]?.day).toBe('2014-03-12')
  for (const query of ['days=0', 'days=94', 'days=1.5', 'days=-1']) {
    const reply = await server.ask(`/v1/days?${query}`)
    expect(reply.status).toBe(400)
    expect(reply.text).toContain('days must be a whole number from 1 to 93')
  }
})
