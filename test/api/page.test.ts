// The examples of the original page, word for word: the same questions are asked, and where facts can
// give its numbers the very same text must come back (its missing and trailing commas mended). Two
// examples cannot be: /messages/detail claims 100 vendor targets of six channels with 2 each, and the
// one of the status answers another device than was asked.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type {
  MessagesDetailItem,
  MessagesItem,
  ReceivedDetailItem,
  ReceivedItem,
} from '../../src/http/endpoint/wire.ts'
import { type MessageFact, startServer, type TestServer } from '../support/server.ts'

let server: TestServer

type Reached = readonly [
  Omit<MessageFact, 'msgId' | 'stage' | 'devices'>,
  MessageFact['stage'],
  MessageFact['devices'],
]

const android = { platform: 'android', channel: 'jpush' } as const
const androidMessage = { ...android, kind: 'message' } as const
const apns = { platform: 'ios', channel: 'apns' } as const
const iosMessage = { platform: 'ios', channel: 'jpush', kind: 'message' } as const
const mpns = { platform: 'winphone', channel: 'mpns' } as const
const xm = { platform: 'android', channel: 'xm' } as const

const tell = async (msgId: string, reached: readonly Reached[]) => {
  for (const [track, stage, devices] of reached) {
    await server.told({ msgId, ...track, stage, devices })
  }
}

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const same = async (path: string, expected: unknown) => {
  const { status, headers, text } = await server.ask(path)
  expect(text).toBe(JSON.stringify(expected))
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
}

it('GET /received', async () => {
  await tell('1613113584', [
    [android, 'received', 62],
    [apns, 'sent', 11],
    [apns, 'received', 5],
    [iosMessage, 'received', 3],
    [mpns, 'sent', 3],
  ])
  await tell('1229760629', [
    [android, 'received', 56],
    [apns, 'sent', 33],
    [apns, 'received', 17],
    [iosMessage, 'received', 3],
  ])
  const example: readonly ReceivedItem[] = [
    {
      msg_id: '1613113584',
      android_received: 62,
      ios_apns_sent: 11,
      ios_apns_received: 5,
      ios_msg_received: 3,
      wp_mpns_sent: 3,
    },
    {
      msg_id: '1229760629',
      android_received: 56,
      ios_apns_sent: 33,
      ios_apns_received: 17,
      ios_msg_received: 3,
      wp_mpns_sent: null,
    },
  ]
  await same('/v3/received?msg_ids=1613113584,1229760629', example)
})

it('GET /received/detail', async () => {
  // Our own channel's devices are those of Android and those of iOS messages together.
  await tell('1613113584', [[xm, 'sent', 12]])
  await tell('1229760629', [[xm, 'sent', 12]])
  const example: readonly ReceivedDetailItem[] = [
    {
      msg_id: '1613113584',
      jpush_received: 62,
      android_pns_sent: 12,
      ios_apns_sent: 11,
      ios_apns_received: 5,
      ios_msg_received: 3,
      wp_mpns_sent: 3,
    },
    {
      msg_id: '1229760629',
      jpush_received: 56,
      android_pns_sent: 12,
      ios_apns_sent: 33,
      ios_apns_received: 17,
      ios_msg_received: 3,
      wp_mpns_sent: null,
    },
  ]
  await same('/v3/received/detail?msg_ids=1613113584,1229760629', example)
})

it('POST /status/message', async () => {
  await tell('327640176', [[android, 'received', ['1506bfd3a7c568d4761']]])
  const { status, headers, text } = await server.ask('/v3/status/message', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{ "msg_id": 327640176, "registration_ids":["1506bfd3a7c568d4761", "02078f0f1b8", "0207870a9b8"]}',
  })
  expect(text).toBe(
    '{"1506bfd3a7c568d4761":{"status":0},"02078f0f1b8":{"status":2},"0207870a9b8":{"status":2}}',
  )
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
})

it('GET /messages', async () => {
  await tell('269978303', [
    [android, 'received', 1],
    [android, 'target', 4],
    [android, 'online_push', 1],
    [apns, 'sent', 2],
    [apns, 'target', 2],
    [apns, 'received', 1],
    [iosMessage, 'target', 10],
    [iosMessage, 'received', 8],
    [mpns, 'target', 100],
    [mpns, 'sent', 100],
    [mpns, 'click', 100],
  ])
  const example: readonly MessagesItem[] = [
    {
      android: { received: 1, target: 4, online_push: 1, click: null, msg_click: null },
      ios: {
        apns_sent: 2,
        apns_target: 2,
        apns_received: 1,
        click: null,
        target: 10,
        received: 8,
      },
      winphone: { mpns_target: 100, mpns_sent: 100, click: 100 },
      msg_id: '269978303',
    },
  ]
  await same('/v3/messages?msg_ids=269978303', example)
})

it('GET /messages/detail', async () => {
  const vendors = ['xm', 'hw', 'mz', 'oppo', 'vivo', 'fcm'] as const
  const byVendor = vendors.flatMap((channel, i): Reached[] => [
    [{ platform: 'android', channel }, 'target', [`v${i}`, `w${i}`]],
    [{ platform: 'android', channel }, 'sent', [`v${i}`]],
  ])
  await tell('123456789', [
    ...byVendor,
    [android, 'target', 110],
    [android, 'online_push', 90],
    [android, 'received', 100],
    [android, 'click', 80],
    [androidMessage, 'click', 60],
    [apns, 'target', 100],
    [apns, 'sent', 100],
    [apns, 'received', 60],
    [apns, 'click', 100],
    [iosMessage, 'target', 80],
    [iosMessage, 'received', 80],
    [mpns, 'target', 100],
    [mpns, 'sent', 100],
    [mpns, 'click', 100],
  ])
  const example: Omit<MessagesDetailItem, 'details'> = {
    msg_id: 123456789,
    jpush: { target: 110, online_push: 90, received: 100, click: 80, msg_click: 60 },
    android_pns: {
      pns_target: 12,
      pns_sent: 6,
      xm_detail: { target: 2, sent: 1 },
      hw_detail: { target: 2, sent: 1 },
      mz_detail: { target: 2, sent: 1 },
      oppo_detail: { target: 2, sent: 1 },
      vivo_detail: { target: 2, sent: 1 },
      fcm_detail: { target: 2, sent: 1 },
    },
    ios: {
      apns_target: 100,
      apns_sent: 100,
      apns_received: 60,
      apns_click: 100,
      msg_target: 80,
      msg_received: 80,
    },
    winphone: { mpns_target: 100, mpns_sent: 100, click: 100 },
  }
  const { status, text } = await server.ask('/v3/messages/detail?msg_ids=123456789')
  expect(status).toBe(200)
  expect(text.replace(/,"details":.*$/, '}]')).toBe(JSON.stringify([example]))
})

it('GET /users', async () => {
  server.clock.nowMs = Date.parse('2014-06-11T10:00:00+08:00')
  await server.toldOfDevices('active', 'android', ['a'])
  server.clock.nowMs = Date.parse('2014-06-12T10:00:00+08:00')
  await server.toldOfDevices('active', 'android', ['a'])
  await server.toldOfDevices('online', 'android', ['a', 'b'])
  // The page writes `active` before `online` here; the order is ours: new, online, active.
  const { text } = await server.ask('/v3/users?time_unit=DAY&start=2014-06-10&duration=3')
  expect(text).toBe(
    '{"time_unit":"DAY","start":"2014-06-10","duration":3,"items":[{"time":"2014-06-10"},' +
      '{"time":"2014-06-11","android":{"active":1}},' +
      '{"time":"2014-06-12","android":{"online":2,"active":1}}]}',
  )
})

it('an error', async () => {
  const { status, headers, text } = await server.ask('/v3/received?msg_ids=1613113584', {
    headers: {
      authorization: 'Basic MjllYTg1MTQxOWY3NDdiZTdiNTc4NWEwOjc5ZjQ4Njk3MGVjNMM0MWJmZTM4MWJjMw==',
    },
  })
  expect(status).toBe(401)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(text).toBe('{"error":{"code":3001,"message":"Basic authentication failed"}}')
})
