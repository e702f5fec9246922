// GET /v3/received/detail over the wire: our own channel and the vendors' apart, newer keys with data.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

it('tells our own channel from the vendors, and newer keys behind the others', async () => {
  const received = { msgId: '1', stage: 'received' } as const
  const sent = { msgId: '1', stage: 'sent' } as const
  await server.told({ ...received, platform: 'android', channel: 'jpush', devices: ['a', 'b'] })
  await server.told({
    ...received,
    platform: 'ios',
    channel: 'jpush',
    kind: 'message',
    devices: ['c'],
  })
  await server.told({ ...received, platform: 'android', channel: 'honor', devices: ['d'] })
  await server.told({ ...sent, platform: 'android', channel: 'xm', devices: ['d'] })
  await server.told({ ...sent, platform: 'android', channel: 'hw', devices: ['d', 'e'] })
  await server.told({ ...received, platform: 'quickapp', channel: 'jpush', devices: ['q'] })
  await server.told({ ...sent, platform: 'quickapp', channel: 'oppo', devices: ['q', 'r'] })
  await server.told({ ...sent, platform: 'hmos', channel: 'hmpns', devices: ['h', 'i'] })
  await server.told({ ...received, platform: 'hmos', channel: 'hmpns', devices: ['h'] })
  await server.told({
    ...received,
    platform: 'hmos',
    channel: 'jpush',
    kind: 'message',
    devices: ['h'],
  })
  const { text } = await server.ask('/v3/received/detail?msg_ids=1')
  expect(text).toBe(
    '[{"msg_id":"1","jpush_received":3,"android_pns_sent":2,"ios_apns_sent":null,' +
      '"ios_apns_received":null,"ios_msg_received":1,"wp_mpns_sent":null,' +
      '"android_pns_received":1,"quickapp_jpush_received":1,"quickapp_pns_sent":2,' +
      '"hmos_hmpns_sent":2,"hmos_hmpns_received":1,"hmos_msg_received":1}]',
  )
})
