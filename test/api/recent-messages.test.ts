// GET /v1/messages over the wire: pages of the newest messages, of all days or of one, and bad questions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecentMessagesBody } from '../../src/http/endpoint/wire.ts'
import { basic, noon, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
const msPerHour = 3_600_000
const ask = async (query: string): Promise<RecentMessagesBody> =>
  JSON.parse((await server.ask(`/v1/messages${query}`)).text) as RecentMessagesBody

beforeAll(async () => {
  server = await startServer({ vip: false })
  const push = { platform: 'android', channel: 'xm' } as const
  for (let i = 0; i < 25; i++) {
    const atMs = noon - i * 3 * msPerHour
    await server.told({ ...push, msgId: String(100 + i), stage: 'target', devices: 5, atMs })
    await server.told({ ...push, msgId: String(100 + i), stage: 'received', devices: 3, atMs })
  }
  const other = { ...push, msgId: '100', kind: 'message', channel: 'jpush' } as const
  await server.told({ ...other, stage: 'click', devices: 2 })
})
afterAll(() => server.close())

it('gives the newest first, with what each brought to every stage', async () => {
  const { items, next } = await ask('?limit=2')
  expect(items).toEqual([
    {
      msg_id: '100',
      first_hour: '2014-06-12 12',
      latest_day: '2014-06-12',
      settled: false,
      notification: { target: 5, received: 3 },
      message: { click: 2 },
    },
    {
      msg_id: '101',
      first_hour: '2014-06-12 09',
      latest_day: '2014-06-12',
      settled: false,
      notification: { target: 5, received: 3 },
    },
  ])
  expect(next).not.toBe(null)
})

it('goes on behind a page until there is no more, whatever the size of a page', async () => {
  const all = Array.from({ length: 25 }, (_, i) => String(100 + i))
  for (const limit of [1, 7, 24, 25, 26, 200]) {
    const met: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page = await ask(`?limit=${limit}${next === '' ? '' : `&before=${next}`}`)
      met.push(...page.items.map(({ msg_id }) => msg_id))
      next = page.next
    }
    expect(met).toEqual(all)
  }
  expect((await ask('')).items).toHaveLength(25)
})

it('gives those of one day, and says which are settled', async () => {
  const { items, next } = await ask('?day=2014-06-10')
  expect(items.map(({ first_hour }) => first_hour)).toEqual(
    ['21', '18', '15', '12', '09', '06', '03', '00'].map((hour) => `2014-06-10 ${hour}`),
  )
  const areSettled = (list: typeof items) => [...new Set(list.map(({ settled }) => settled))]
  expect(areSettled(items)).toEqual([true])
  expect(next).toBe(null)
  expect(areSettled((await ask('?day=2014-06-11')).items)).toEqual([false])
  expect(await ask('?day=2014-06-13')).toEqual({ items: [], next: null })
})

describe('refuses', () => {
  it.each([
    ['limit=0', 'limit must be a whole number from 1 to 200'],
    ['limit=201', 'limit must be a whole number from 1 to 200'],
    ['limit=ten', 'limit must be a whole number from 1 to 200'],
    ['before=x', 'before must be the next of a page'],
    ['before=1-0', 'before must be the next of a page'],
    ['day=2014-06-31', 'day must be a real day, written yyyy-mm-dd'],
    ['day=1969-12-31', 'day must be a real day, written yyyy-mm-dd'],
  ])('%s', async (query, message) => {
    const reply = await server.ask(`/v1/messages?${query}`)
    expect(reply.status).toBe(400)
    expect(JSON.parse(reply.text)).toEqual({ error: { code: 3002, message } })
  })

  it('strangers, and feed tokens', async () => {
    const none = await server.ask('/v1/messages', { headers: { authorization: '' } })
    expect(none.status).toBe(401)
    expect((await server.ask('/v1/messages', { headers: { authorization: basic } })).status).toBe(
      200,
    )
  })
})
