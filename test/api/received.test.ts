// GET /v3/received over the wire: which facts its numbers count, and how ids come and go.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReceivedItem } from '../../src/http/endpoint/wire.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
const nothing = {
  android_received: null,
  ios_apns_sent: null,
  ios_apns_received: null,
  ios_msg_received: null,
  wp_mpns_sent: null,
}
const ask = async (ids: string): Promise<ReceivedItem[]> =>
  JSON.parse((await server.ask(`/v3/received?msg_ids=${ids}`)).text) as ReceivedItem[]

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

it('counts a device once, by however many ways and times it was reached', async () => {
  const fact = { msgId: '1', platform: 'android', stage: 'received' } as const
  await server.told({ ...fact, channel: 'jpush', devices: ['a', 'b'] })
  await server.told({ ...fact, channel: 'xm', devices: ['b', 'c'] })
  await server.told({ ...fact, channel: 'jpush', kind: 'message', devices: ['c', 'd'] })
  await server.told({ ...fact, channel: 'jpush', devices: ['a', 'b'] })
  expect(await ask('1')).toEqual([{ msg_id: '1', ...nothing, android_received: 4 }])
})

it('answers every id once, in the order asked, unknown ones too', async () => {
  const items = await ask('18101211308815829,1,7,1,18101211308815829')
  expect(items.map((item) => item.msg_id)).toEqual(['18101211308815829', '1', '7'])
  expect(items[0]).toEqual({ msg_id: '18101211308815829', ...nothing })
})

it('answers a hundred', async () => {
  const ids = Array.from({ length: 100 }, (_, i) => String(100 - i))
  expect((await ask(ids.join())).map((item) => item.msg_id)).toEqual(ids)
})

it('forgets a message when its month is over, at that instant', async () => {
  await server.told({ msgId: '2', platform: 'ios', channel: 'apns', stage: 'sent', devices: 3 })
  const before = server.clock.nowMs
  server.clock.nowMs = Date.parse('2014-07-13T23:59:59.999+08:00')
  expect((await ask('2'))[0]?.ios_apns_sent).toBe(3)
  server.clock.nowMs += 1
  expect((await ask('2'))[0]?.ios_apns_sent).toBe(null)
  server.clock.nowMs = before
})

it('shows nothing of another app', async () => {
  const other = await startServer({ vip: false })
  const { text } = await other.ask('/v3/received?msg_ids=1')
  expect(JSON.parse(text)).toEqual([{ msg_id: '1', ...nothing }])
  await other.close()
})

it('answers a hundred of the longest ids, however a client writes them', async () => {
  const ids = Array.from({ length: 100 }, (_, i) => String(9_223_372_036_854_775_807n - BigInt(i)))
  const forms = [
    `msg_ids=${ids.join('%2C+')}`,
    `msg_ids=${ids.map((id) => id.replaceAll(/./g, (digit) => `%3${digit}`)).join('%2C%20')}`,
    ids.map((id) => `msg_ids=${id}`).join('&'),
  ]
  for (const form of forms) {
    const { status, text } = await server.ask(`/v3/received?${form}`)
    expect(status).toBe(200)
    expect((JSON.parse(text) as { msg_id: string }[]).map(({ msg_id }) => msg_id)).toEqual(ids)
  }
})
