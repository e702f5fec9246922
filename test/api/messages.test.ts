// GET /v3/messages over the wire: clicks by kind, and the three objects without data.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MessagesItem } from '../../src/http/endpoint/wire.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

it('tells clicks on notifications from those on messages', async () => {
  const click = { msgId: '1', stage: 'click' } as const
  await server.told({ ...click, platform: 'android', channel: 'jpush', devices: ['a', 'b'] })
  await server.told({ ...click, platform: 'android', channel: 'vivo', devices: ['b', 'c'] })
  await server.told({
    ...click,
    platform: 'android',
    channel: 'jpush',
    kind: 'message',
    devices: 1,
  })
  await server.told({ ...click, platform: 'ios', channel: 'apns', devices: ['d'] })
  await server.told({
    ...click,
    platform: 'ios',
    channel: 'jpush',
    kind: 'message',
    devices: ['e'],
  })
  const { text } = await server.ask('/v3/messages?msg_ids=1')
  const [item] = JSON.parse(text) as MessagesItem[]
  expect(item?.android).toMatchObject({ click: 3, msg_click: 1 })
  expect(item?.ios).toMatchObject({ click: 1 })
})

it('has its four keys without data too, the id last', async () => {
  const { text } = await server.ask('/v3/messages?msg_ids=7')
  const [item] = JSON.parse(text) as MessagesItem[]
  expect(Object.keys(item ?? {})).toEqual(['android', 'ios', 'winphone', 'msg_id'])
  expect(text).not.toContain('{}')
})
