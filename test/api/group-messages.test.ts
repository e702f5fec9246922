// POST /v1/group/messages over the wire: what a push may be told as, and how long it is kept.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { GroupMessagesDetailItem } from '../../src/http/endpoint/wire.ts'
import { openGroup, type TestGroup } from '../support/group.ts'
import { basic, noon, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let group: TestGroup
beforeAll(async () => {
  server = await startServer()
  group = await openGroup(server)
})
afterAll(() => server.close())

const post = (body: string, init: RequestInit = {}) =>
  group.ask('/v1/group/messages', { method: 'POST', body, ...init })
const received = async (id: string): Promise<unknown> => {
  const { text } = await group.ask(`/v3/group/messages/detail?group_msgids=${id}`)
  return (JSON.parse(text) as GroupMessagesDetailItem[])[0]?.jpush['received']
}
const told = (id: string, apps: number) => [200, `{"group_msgid":"${id}","apps":${apps}}`]
const answerOf = ({ status, text }: { status: number; text: string }) => [status, text]

it('takes numbers above 2^53, repeats, and further apps later', async () => {
  const [first, second] = group.apps
  const big = '18101211308815829'
  await server.told({
    msgId: big,
    platform: 'android',
    channel: 'jpush',
    stage: 'received',
    devices: 2,
  })
  const one = `{"group_msgid":"a","messages":{"${first}":${big}}}`
  expect(answerOf(await post(one))).toEqual(told('a', 1))
  expect(answerOf(await post(JSON.stringify(one)))).toEqual(told('a', 1))
  expect(answerOf(await group.tell('a', { [first]: big }))).toEqual(told('a', 1))
  expect(answerOf(await group.tell('a', { [second]: 7 }))).toEqual(told('a', 2))
  expect(await received('a')).toBe(2)
})

it('refuses another message of an app, and keeps nothing of such a body', async () => {
  const [first, second] = group.apps
  await group.tell('b', { [first]: 1 })
  const { status, text } = await group.tell('b', { [second]: 2, [first]: 3 })
  expect([status, text]).toEqual([
    400,
    `{"error":{"code":3002,"message":"b stands for another message of ${first} already"}}`,
  ])
  expect(answerOf(await group.tell('b', { [first]: 1 }))).toEqual(told('b', 1))
})

const good = '{"group_msgid":"x","messages":{"KEY":1}}'
it.each([
  ['', 'the body must be a JSON object'],
  ['{', 'not valid JSON'],
  ['[]', 'must be a JSON object'],
  ['\u00ff{', 'the body must be a JSON object'],
  ['{}', 'group_msgid must be text'],
  [good.replace('"x"', '1'), 'group_msgid must be text'],
  [good.replace('x', ''), 'group_msgid must be text'],
  [good.replace('x', 'a b'), 'group_msgid must be text'],
  [good.replace('x', 'a,b'), 'group_msgid must be text'],
  [good.replace('x', 'x'.repeat(65)), 'group_msgid must be text'],
  ['{"group_msgid":"x"}', 'messages must be an object'],
  ['{"group_msgid":"x","messages":[]}', 'messages must be an object'],
  ['{"group_msgid":"x","messages":{}}', 'messages must be an object'],
  ['{"group_msgid":"x","messages":{"__proto__":1}}', 'messages'],
  [good.replace('KEY', 'key'), 'messages may hold only appKeys'],
  [good.replace('1', '0'), 'must be an integer'],
  [good.replace('1', '1.0'), 'must be an integer'],
  [good.replace('1', 'null'), 'must be an integer'],
  [good.replace('KEY', '0'.repeat(24)), 'is no app of this group'],
])('refuses %s', async (text, message) => {
  const reply = await post(text.replace('KEY', group.apps[0]))
  expect(reply.status).toBe(400)
  expect(reply.text).toMatch('{"error":{"code":3002,')
  expect(reply.text).toContain(message)
})

it('is told by the group, not by an app', async () => {
  const headers = { authorization: basic }
  expect((await post(good, { headers })).status).toBe(401)
  expect((await server.ask('/v1/group/messages')).status).toBe(405)
  expect((await post('x'.repeat(70_000))).status).toBe(413)
})

it('keeps a push for a month after it was told for the last time', async () => {
  const dayMs = 86_400_000
  const [first] = group.apps
  const at = async (nowMs: number) => {
    server.clock.nowMs = nowMs
    await server.told({
      msgId: '9',
      platform: 'android',
      channel: 'jpush',
      stage: 'received',
      devices: 1,
    })
  }
  await at(noon)
  await group.tell('c', { [first]: 9 })
  await at(noon + 20 * dayMs)
  await group.tell('c', { [first]: 9 })
  await at(noon + 52 * dayMs)
  expect(await received('c')).toBe(1)
  await at(noon + 52 * dayMs + 1)
  expect(await received('c')).toBe(null)
  // Begun anew, it may stand for another message.
  expect(answerOf(await group.tell('c', { [first]: 10 }))).toEqual(told('c', 1))
  server.clock.nowMs = noon
})
