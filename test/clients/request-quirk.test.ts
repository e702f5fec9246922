// Every odd request of a real client is answered, and its connection goes on.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { request, talk } from '../support/raw.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { REQUEST_QUIRKS } from './request-quirk.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  const received = { platform: 'android', channel: 'jpush', stage: 'received' } as const
  await server.told({ ...received, msgId: '1613113584', devices: 62 })
  await server.told({ ...received, msgId: '18101211308815829', devices: ['02078f0f1b8'] })
  await server.toldOfDevices('active', 'android', ['d0'])
})
afterAll(() => server.close())

describe.each(REQUEST_QUIRKS)('$client: $what', ({ bytes, answer }) => {
  it('is answered in one piece', async () => {
    const { answers, packets } = await talk(server.port, [bytes, 1])
    expect(answers.map(({ status, body }) => [status, body])).toEqual([[200, answer]])
    const pieces = packets.map((packet) => packet.replace('HTTP/1.1 100 Continue\r\n\r\n', ''))
    expect(pieces.filter((piece) => piece !== '')).toHaveLength(1)
  })
})

const thatGoOn = REQUEST_QUIRKS.filter(({ bytes }) => !/connection: close|HTTP\/1\.0/i.test(bytes))

it.each(thatGoOn)('$client: after $what the connection goes on', async ({ bytes, answer }) => {
  const plain = request('GET /healthz HTTP/1.1', 'Host: a')
  const { answers } = await talk(server.port, [bytes, 1, bytes, 2, plain, 3])
  expect(answers.map(({ body }) => body)).toEqual([answer, answer, '{"status":"ok"}'])
})
