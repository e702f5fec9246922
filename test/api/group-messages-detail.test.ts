// GET /v3/group/messages/detail over the wire: sums over the apps of a group, and who may ask.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { GroupMessagesDetailItem } from '../../src/http/endpoint/wire.ts'
import { basicOf, openGroup, type TestGroup } from '../support/group.ts'
import { basic, secret, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let group: TestGroup
const path = '/v3/group/messages/detail?group_msgids='
const push = 'c4hmbne09s6bbaca91vg'

beforeAll(async () => {
  server = await startServer()
  group = await openGroup(server)
  const [first, second] = group.apps
  await server.told({
    msgId: '1613113584',
    platform: 'android',
    channel: 'jpush',
    stage: 'received',
    devices: 3,
  })
  // The same device ids in the other app are other devices.
  await group.toldOther({
    type: 'received',
    msg_id: '18101211308815829',
    platform: 'android',
    registration_ids: ['d0', 'd1'],
  })
  await group.toldOther({
    type: 'target',
    msg_id: '18101211308815829',
    channel: 'xm',
    registration_id: 'd0',
  })
  await group.tell(push, { [first]: '1613113584', [second]: '18101211308815829' })
})
afterAll(() => server.close())

const items = (text: string) => JSON.parse(text) as GroupMessagesDetailItem[]
const ask = async (ids: string) => items((await group.ask(path + ids)).text)

it('sums over the apps, and tells the id by both its names', async () => {
  const { status, text } = await group.ask(path + push)
  expect(status).toBe(200)
  expect(text).toMatch(`[{"group_msgid":"${push}","group_msgids":"${push}","jpush":{"target":null,`)
  const [item] = items(text)
  expect(item?.jpush).toEqual({
    target: null,
    online_push: null,
    received: 5,
    click: null,
    msg_click: null,
  })
  expect(item?.android_pns).toMatchObject({ pns_target: 1, xm_detail: { target: 1, sent: null } })
  expect(item?.details).toEqual({
    notification: {
      target: 1,
      received: 5,
      sub_android: { jg_android: { received: 5 }, xiaomi: { target: 1 } },
    },
  })
})

it('has objects and nulls for a push that nobody told of', async () => {
  const [item] = await ask('nothing')
  const { group_msgid, group_msgids, ...objects } = item!
  expect([group_msgid, group_msgids]).toEqual(['nothing', 'nothing'])
  expect(Object.keys(objects)).toEqual(['jpush', 'android_pns', 'ios', 'winphone', 'details'])
  expect(objects.android_pns['pns_target']).toBe(null)
  expect(objects.details).toEqual({})
})

it('answers in the order asked, each id once, however the list is written', async () => {
  const names = (list: GroupMessagesDetailItem[]) => list.map((item) => item.group_msgid)
  expect(names(await ask(`b,%20${push}%2C+a,&group_msgids=b`))).toEqual(['b', push, 'a'])
  const { text } = await group.ask(`/v3/report/group//messages/detail/?group_msgids=${push}`)
  expect(names(items(text))).toEqual([push])
})

describe('is asked with the credentials of the group alone', () => {
  it.each<[string, () => string, number]>([
    ['its bare key', () => basicOf(group.key, group.secret), 200],
    ['its key behind group-', () => basicOf(`group-${group.key}`, group.secret), 200],
    ['a wrong secret', () => basicOf(group.key, secret), 401],
    ['a key twice marked', () => basicOf(`group-group-${group.key}`, group.secret), 401],
    ['an unknown key', () => basicOf('0'.repeat(24), group.secret), 401],
    ['those of an app', () => basic, 401],
    ['nothing', () => '', 401],
  ])('%s', async (_, authorization, status) => {
    const reply = await group.ask(path + push, { headers: { authorization: authorization() } })
    expect(reply.status).toBe(status)
    if (status === 401) expect(reply.text).toMatch('{"error":{"code":3001,')
  })

  it('and an app is not asked with them', async () => {
    const own = await group.ask('/v3/received?msg_ids=1')
    expect([own.status, own.text.slice(0, 22)]).toEqual([401, '{"error":{"code":3001,'])
    const told = await group.ask('/v1/events', { method: 'POST', body: '' })
    expect(told.status).toBe(401)
  })
})

it.each([
  ['', 'group_msgids is missing: 1 to 10 ids'],
  [',,', 'group_msgids is missing'],
  [Array.from({ length: 11 }, (_, i) => i).join(), 'at most 10 ids, here are 11'],
  ['x'.repeat(65), 'group_msgids may hold only'],
  ['%00', 'group_msgids may hold only'],
  ['%zz', 'broken %-escape'],
])('refuses %j', async (ids, message) => {
  const { status, text } = await group.ask(path + ids)
  expect(status).toBe(400)
  expect(text).toMatch('{"error":{"code":3002,')
  expect(text).toContain(message)
})

it('spends calls of its own, not those of an app with the same key', async () => {
  const limited = await startServer({ rateLimit: 2 })
  const own = await openGroup(limited)
  const remaining = async (reply: Promise<{ headers: Headers; status: number }>) => {
    const { status, headers } = await reply
    return [status, headers.get('x-rate-limit-remaining')]
  }
  expect(await remaining(own.ask(`${path}x`))).toEqual([200, '1'])
  expect(await remaining(limited.ask('/v3/received?msg_ids=1'))).toEqual([200, '1'])
  expect(await remaining(own.ask(path))).toEqual([400, '0'])
  expect((await own.tell('x', { [own.apps[0]]: 1 })).headers.has('x-rate-limit-limit')).toBe(false)
  expect(await remaining(own.ask(`${path}x`))).toEqual([429, '0'])
  await limited.close()
})

it('counts an app no more that left the group, or was removed and made again', async () => {
  const own = await startServer()
  const both = await openGroup(own)
  const [first, second] = both.apps
  const line = { type: 'received', platform: 'android', registration_id: 'd' }
  await both.toldOther({ ...line, msg_id: 2 })
  await own.told({
    msgId: '1',
    platform: 'android',
    channel: 'jpush',
    stage: 'received',
    devices: 4,
  })
  await both.tell('x', { [first]: 1, [second]: 2 })
  const received = async () => items((await both.ask(`${path}x`)).text)[0]?.jpush['received']
  expect(await received()).toBe(5)
  await own.groups.drop(both.key as never, first)
  expect(await received()).toBe(1)
  await own.groups.add(both.key as never, first)
  expect(await received()).toBe(5)
  const { record } = (await own.apps.create({
    name: 'again' as never,
    vip: true,
    timeZone: 'Asia/Shanghai' as never,
  }))!
  await own.groups.add(both.key as never, record.key)
  await own.apps.remove(second)
  expect(await received()).toBe(4)
  await own.apps.create({
    name: 'second' as never,
    key: second,
    vip: true,
    timeZone: 'Asia/Shanghai' as never,
  })
  expect(await received()).toBe(4)
  await own.close()
})
