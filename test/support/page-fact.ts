// What the examples of the documentation take for granted, by the name of the page; the same examples
// stand in the OpenAPI document.
import type { Channel, Kind, Platform, Stage } from '../../src/ledger/channel.ts'
import { type MessageFact, noon, type TestServer } from './server.ts'

type Told = readonly [Platform, Channel, Kind, Partial<Record<Stage, number>>]

/** So many devices of each track reach a stage of a message; no two tracks share a device. */
const tell = async (server: TestServer, msgId: string, ...told: readonly Told[]): Promise<void> => {
  for (const [platform, channel, kind, stages] of told) {
    for (const [stage, count] of Object.entries(stages) as [Stage, number][]) {
      const devices = Array.from({ length: count }, (_, i) => `${platform}-${channel}-${kind}-${i}`)
      await server.told({ msgId, platform, channel, kind, stage, devices })
    }
  }
}

const example = '1613113584'
const msPerHour = 3_600_000

/** So many devices reach a stage so many hours ago. */
const toldHoursAgo = async (
  server: TestServer,
  msgId: string,
  told: readonly (readonly [number, Stage, number])[],
): Promise<void> => {
  for (const [hours, stage, devices] of told) {
    const atMs = noon - hours * msPerHour
    await server.told({ msgId, platform: 'android', channel: 'xm', stage, devices, atMs })
  }
}
const vendors = ['xm', 'hw', 'mz', 'oppo', 'vivo', 'fcm'] as const

/** What each page takes for granted; the clock stands at noon of 2014-06-12 in Shanghai. */
export const pageFacts: Readonly<Record<string, (server: TestServer) => Promise<void>>> = {
  'recent-messages': async (server) => {
    await toldHoursAgo(server, example, [
      [3, 'target', 100],
      [3, 'sent', 98],
      [2, 'received', 62],
      [0, 'click', 7],
    ])
    const other = { msgId: '1229760629', platform: 'android', channel: 'jpush', kind: 'message' }
    const atMs = noon - 66 * msPerHour
    await server.told({ ...(other as MessageFact), stage: 'target', devices: 20, atMs })
    const nextDay = atMs + 8 * msPerHour
    await server.told({ ...(other as MessageFact), stage: 'received', devices: 11, atMs: nextDay })
  },
  'message-hours': (server) =>
    toldHoursAgo(server, example, [
      [3, 'target', 100],
      [3, 'sent', 98],
      [3, 'received', 40],
      [2, 'received', 62],
      [2, 'click', 7],
    ]),
  feed: async (server) => {
    const sent = { type: 'sent', msg_id: 7, platform: 'android' }
    const first = JSON.stringify({ ...sent, registration_ids: ['d1', 'd2', 'd3', 'd4'] })
    const again = JSON.stringify({ ...sent, registration_ids: ['d1', 'd2'] })
    const wrong = '{"type":"sent","msgid":7,"platform":"ios","registration_id":"d1"}'
    for (const body of [first, `${again}\n${wrong}`]) {
      await server.ask('/v1/events', { method: 'POST', body })
    }
  },
  received: async (server) => {
    await tell(
      server,
      example,
      ['android', 'jpush', 'notification', { received: 62 }],
      ['ios', 'apns', 'notification', { sent: 11, received: 5 }],
      ['ios', 'jpush', 'message', { received: 3 }],
      ['winphone', 'mpns', 'notification', { sent: 3 }],
    )
    await tell(
      server,
      '1229760629',
      ['android', 'jpush', 'notification', { received: 56 }],
      ['ios', 'apns', 'notification', { sent: 33, received: 17 }],
      ['ios', 'jpush', 'message', { received: 3 }],
    )
  },
  'received-detail': (server) =>
    tell(
      server,
      example,
      ['android', 'jpush', 'notification', { received: 59 }],
      ['android', 'xm', 'notification', { sent: 12 }],
      ['ios', 'apns', 'notification', { sent: 11, received: 5 }],
      ['ios', 'jpush', 'message', { received: 3 }],
      ['winphone', 'mpns', 'notification', { sent: 3 }],
    ),
  messages: (server) =>
    tell(
      server,
      '269978303',
      ['android', 'jpush', 'notification', { target: 4, online_push: 1, received: 1 }],
      ['ios', 'apns', 'notification', { target: 2, sent: 2, received: 1 }],
      ['ios', 'jpush', 'message', { target: 10, received: 8 }],
      ['winphone', 'mpns', 'notification', { target: 100, sent: 100, click: 100 }],
    ),
  'messages-detail': (server) =>
    tell(
      server,
      '269978303',
      [
        'android',
        'jpush',
        'notification',
        { target: 30, online_push: 90, received: 20, click: 80 },
      ],
      ['android', 'jpush', 'message', { click: 60 }],
      ...vendors.map((v): Told => ['android', v, 'notification', { target: 2, sent: 1 }]),
      ['ios', 'apns', 'notification', { target: 100, sent: 100, received: 60, click: 100 }],
      ['ios', 'jpush', 'message', { target: 80, received: 80 }],
      ['winphone', 'mpns', 'notification', { target: 100, sent: 100, click: 100 }],
    ),
  status: async (server) => {
    const { told } = server
    const about = { msgId: '327640176', platform: 'android', channel: 'jpush' } as const
    await told({ ...about, stage: 'received', devices: ['1506bfd3a7c568d4761'] })
  },
  users: async ({ clock, toldOfDevices }) => {
    clock.nowMs = noon - 86_400_000
    await toldOfDevices('active', 'android', ['a'])
    clock.nowMs = noon
    await toldOfDevices('active', 'android', ['b'])
    await toldOfDevices('online', 'android', ['a', 'b'])
  },
}
