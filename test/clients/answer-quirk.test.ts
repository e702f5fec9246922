// No client chokes on an answer: every row of the table, on every question that shows it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basicOf, openGroup, type TestGroup } from '../support/group.ts'
import { type RawAnswer, request, talk } from '../support/raw.ts'
import { basic, startServer, type TestServer } from '../support/server.ts'
import { ANSWER_QUIRKS, type Asked } from './answer-quirk.ts'

let server: TestServer
let group: TestGroup

beforeAll(async () => {
  server = await startServer()
  group = await openGroup(server)
  const received = { platform: 'android', channel: 'jpush', stage: 'received' } as const
  await server.told({ ...received, msgId: '1613113584', devices: 2 })
  await server.toldOfDevices('online', 'android', ['d0'])
  await group.tell('c4hm', { [group.apps[0]]: '1613113584' })
})
afterAll(() => server.close())

const ask = async ({ path, body, as = 'app' }: Asked): Promise<RawAnswer> => {
  // Bytes that are no text, as the page's own example has them.
  const nobody = `Basic ${Buffer.from([0xff, 0xfe, 0x3a, 0x80]).toString('base64')}`
  const authorizations = { app: basic, group: basicOf(group.key, group.secret), nobody }
  const own = ['Host: a', `Authorization: ${authorizations[as]}`]
  const bytes =
    body === undefined
      ? request(`GET ${path} HTTP/1.1`, ...own)
      : request(`POST ${path} HTTP/1.1`, ...own, `Content-Length: ${body.length}`) + body
  const { answers, packets } = await talk(server.port, [bytes, 1])
  expect(packets, 'header and body in one piece').toHaveLength(1)
  return answers[0]!
}

describe.each(ANSWER_QUIRKS)('$what: $client', ({ asks, holds }) => {
  it.each(asks)('$path', async (asked) => {
    const answer = await ask(asked)
    expect(answer.status).toBe(asked.status)
    expect(holds(answer), answer.body).toBe(true)
  })
})
