// GET /v3/messages/detail over the wire: per channel, and per kind in `details`.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MessagesDetailItem } from '../../src/http/endpoint/wire.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const ask = async (id: string): Promise<MessagesDetailItem | undefined> => {
  const { text } = await server.ask(`/v3/messages/detail?msg_ids=${id}`)
  return (JSON.parse(text) as MessagesDetailItem[])[0]
}

it('has objects where there is no data, never null', async () => {
  const item = await ask('7')
  const { msg_id, ...objects } = item!
  expect(msg_id).toBe(7)
  expect(Object.keys(objects)).toEqual(['jpush', 'android_pns', 'ios', 'winphone', 'details'])
  expect(objects.details).toEqual({})
  expect(objects.android_pns['xm_detail']).toEqual({ target: null, sent: null })
})

it('shows newer channels and stages with data only', async () => {
  const honor = { msgId: '1', platform: 'android', channel: 'honor' } as const
  await server.told({ ...honor, stage: 'target', devices: 2 })
  await server.told({ ...honor, stage: 'display', devices: 1 })
  const item = await ask('1')
  expect(item?.android_pns).toMatchObject({
    pns_target: 2,
    pns_sent: null,
    pns_display: 1,
    honor_detail: { target: 2, display: 1 },
  })
  expect(item?.android_pns).not.toHaveProperty('asus_detail')
  expect(item?.details).toEqual({
    notification: {
      target: 2,
      display: 1,
      sub_android: { honor: { target: 2, display: 1 } },
    },
  })
})

it('tells the kinds apart in details, by the names that clients have for channels', async () => {
  const sent = { msgId: '2', stage: 'sent' } as const
  await server.told({ ...sent, platform: 'android', channel: 'xm', devices: ['a'] })
  await server.told({ ...sent, platform: 'ios', channel: 'apns', devices: ['b'] })
  await server.told({ ...sent, platform: 'hmos', channel: 'hmpns', devices: ['c'] })
  await server.told({ ...sent, platform: 'quickapp', channel: 'hw', devices: ['d'] })
  await server.told({ ...sent, platform: 'ios', channel: 'jpush', kind: 'message', devices: ['b'] })
  expect((await ask('2'))?.details).toEqual({
    notification: {
      sent: 4,
      sub_android: { xiaomi: { sent: 1 } },
      sub_ios: { apns: { sent: 1 } },
      sub_quickapp: { quick_huawei: { sent: 1 } },
      sub_hmos: { hmpns: { sent: 1 } },
    },
    message: { sent: 1, sub_ios: { jg_ios: { sent: 1 } } },
  })
})

it('loses no digit of an id', async () => {
  const { text } = await server.ask(
    '/v3/messages/detail?msg_ids=9007199254740991,18101211308815829',
  )
  expect(text).toContain('{"msg_id":9007199254740991,')
  expect(text).toContain('{"msg_id":"18101211308815829",')
})
