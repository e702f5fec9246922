// GET /v1/messages/hours over the wire: when devices first reached each stage, and bad questions.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MessageHoursBody } from '../../src/http/endpoint/wire.ts'
import { noon, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
const msPerHour = 3_600_000
const ask = async (query: string) => {
  const { status, text } = await server.ask(`/v1/messages/hours?${query}`)
  return { status, body: JSON.parse(text) as unknown }
}

beforeAll(async () => {
  server = await startServer({ vip: false })
})
afterAll(() => server.close())

it('counts each device in its earliest hour, however often and late it is told', async () => {
  const push = { msgId: '9223372036854775807', platform: 'android' } as const
  const at = (hours: number) => ({ atMs: noon - hours * msPerHour })
  await server.told({ ...push, channel: 'jpush', stage: 'target', devices: 4, ...at(5) })
  await server.told({ ...push, channel: 'xm', stage: 'received', devices: ['d0', 'd1'], ...at(1) })
  await server.told({ ...push, channel: 'jpush', stage: 'received', devices: ['d1'], ...at(3) })
  await server.told({ ...push, channel: 'jpush', stage: 'received', devices: ['d1'], ...at(2) })
  const expected: { status: number; body: MessageHoursBody } = {
    status: 200,
    body: {
      msg_id: '9223372036854775807',
      hours: [
        { hour: '2014-06-12 07', target: 4 },
        { hour: '2014-06-12 09', received: 1 },
        { hour: '2014-06-12 11', received: 1 },
      ],
    },
  }
  expect(await ask('msg_id=9223372036854775807')).toEqual(expected)
  await server.told({ ...push, channel: 'xm', stage: 'received', devices: ['d0', 'd1'], ...at(0) })
  expect(await ask('msg_id=9223372036854775807')).toEqual(expected)
})

it.each(['', 'msg_id=', 'msg_id=0', 'msg_id=x', 'msg_id=9223372036854775808', 'msg_ids=1'])(
  'refuses %j',
  async (query) => {
    const message = 'msg_id must be an integer from 1 to 9223372036854775807'
    expect(await ask(query)).toEqual({ status: 400, body: { error: { code: 3002, message } } })
  },
)
