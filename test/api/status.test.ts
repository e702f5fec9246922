// POST /v3/status/message over the wire: every status, as of a day, and ids that look like something
// else to JavaScript.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StatusBody } from '../../src/http/endpoint/wire.ts'
import { STATUS } from '../../src/ledger/status.ts'
import { defaultStoreSettings, type Store } from '../../src/ledger/store.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

const ask = async (asked: object, of = server): Promise<string> => {
  const body = JSON.stringify({ msg_id: 1, ...asked })
  return (await of.ask('/v3/status/message', { method: 'POST', body })).text
}

it('tells delivered, not delivered, stranger and no target', async () => {
  const fact = { msgId: '1', platform: 'android', channel: 'jpush' } as const
  await server.told({ ...fact, stage: 'received', devices: ['received'] })
  await server.told({ ...fact, stage: 'display', devices: ['display'] })
  await server.told({ ...fact, stage: 'click', devices: ['click'] })
  await server.told({ ...fact, stage: 'target', devices: ['target', 'received'] })
  await server.told({ ...fact, stage: 'sent', devices: ['sent'] })
  await server.told({ ...fact, msgId: '2', stage: 'received', devices: ['other'] })
  await server.toldOfDevices('register', 'ios', ['registered'])
  await server.toldOfDevices('online', 'ios', ['online'])
  const told = {
    ...{ received: 0, display: 0, click: 0, target: 1, sent: 1 },
    ...{ other: 3, registered: 3, online: 3, stranger: 2 },
  }
  const entries = Object.entries(told).map(([id, status]) => `"${id}":{"status":${status}}`)
  expect(await ask({ registration_ids: Object.keys(told) })).toBe(`{${entries.join(',')}}`)
})

it('answers 2 for an id that is too long, wherever it stands, and the others all the same', async () => {
  const longest = 'é'.repeat(256)
  const tooLong = `${longest}x`
  await server.told({
    ...{ msgId: '5', platform: 'android', channel: 'jpush', stage: 'received' },
    devices: [longest, 'short'],
  })
  const answer = await ask({
    msg_id: 5,
    registration_ids: [tooLong, longest, 'short', tooLong, 'none'],
  })
  expect(answer).toBe(
    `{"${tooLong}":{"status":2},"${longest}":{"status":0},"short":{"status":0},"none":{"status":2}}`,
  )
  expect(await ask({ msg_id: 5, registration_ids: tooLong })).toBe(`{"${tooLong}":{"status":2}}`)
})

it('takes a thousand ids of the greatest length, a line each', async () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `${'\u4e00'.repeat(169)}${10_000 + i}`)
  const lines = ids.map((id) => `  "${id}"`).join(',\n')
  const body = `{\n "msg_id": 1,\n "registration_ids": [\n${lines}\n ]\n}`
  const { text } = await server.ask('/v3/status/message', { method: 'POST', body })
  expect(Object.values(JSON.parse(text) as StatusBody)).toEqual(ids.map(() => ({ status: 2 })))
})

it('answers as of the end of a day', async () => {
  const fact = { msgId: '3', platform: 'android', channel: 'jpush', devices: ['a'] } as const
  await server.told({ ...fact, stage: 'target', atMs: Date.parse('2014-06-10T23:59+08:00') })
  await server.told({ ...fact, stage: 'received', atMs: Date.parse('2014-06-12T00:00+08:00') })
  const on = (date: string) => ask({ msg_id: '3', registration_ids: ['a'], date })
  expect(await on('2014-06-09')).toBe('{"a":{"status":3}}')
  expect(await on('2014-06-10')).toBe('{"a":{"status":1}}')
  expect(await on('2014-06-11')).toBe('{"a":{"status":1}}')
  expect(await on('2014-06-12')).toBe('{"a":{"status":0}}')
  expect(await ask({ msg_id: '3', registration_ids: 'a', data: '2014-06-11' })).toContain('1')
})

describe('odd ids', () => {
  const odd = ['b', '2', '__proto__', 'constructor', 'error', '1', 'toString', '"\\', '极光', 'b']

  it('keep their text and the order asked', async () => {
    const entries = [...new Set(odd)].map((id) => `${JSON.stringify(id)}:{"status":2}`)
    expect(await ask({ registration_ids: odd })).toBe(`{${entries.join(',')}}`)
  })

  it('are told of like any other', async () => {
    const fact = { msgId: '4', platform: 'ios', channel: 'apns', stage: 'received' } as const
    await server.told({ ...fact, devices: ['__proto__'] })
    expect(await ask({ msg_id: 4, registration_ids: ['__proto__', 'constructor'] })).toBe(
      '{"__proto__":{"status":0},"constructor":{"status":2}}',
    )
  })
})

it('answers 2 for what can be no id of a device, and the others as ever', async () => {
  const fact = { msgId: '5', platform: 'android', channel: 'jpush', stage: 'received' } as const
  await server.told({ ...fact, devices: ['a', 'b'] })
  const noIds = ['x'.repeat(129), '', 'a\u0000b', '\ud800', '\u007f']
  const asked = ['a', ...noIds, 'b', '']
  const body = JSON.stringify({ msg_id: 5, registration_ids: asked })
  const reply = await server.ask('/v3/status/message', { method: 'POST', body })
  expect(reply.status).toBe(200)
  const entries = [...new Set(asked)].map((id) => {
    return `${JSON.stringify(id)}:{"status":${id === 'a' || id === 'b' ? 0 : 2}}`
  })
  expect(reply.text).toBe(`{${entries.join(',')}}`)
  expect(await ask({ msg_id: 5, registration_ids: noIds })).toContain('"":{"status":2}')
})

it('answers {} where nothing is asked, and a thousand at once', async () => {
  expect(await ask({ registration_ids: [] })).toBe('{}')
  const many = Array.from({ length: 1000 }, (_, i) => `1507bfd3a7c568d${i}`)
  const answer = JSON.parse(await ask({ registration_ids: many })) as StatusBody
  expect(Object.keys(answer)).toEqual(many)
  expect(answer['1507bfd3a7c568d999']).toEqual({ status: 2 })
})

it('tells 4 for an id that cannot be read, and the others as ever', async () => {
  const memory = openMemory(defaultStoreSettings)
  const store: Store = {
    ...memory,
    statuses: async (app, asked) => {
      const statuses = await memory.statuses(app, asked)
      return statuses.map((status, i) => (i === 1 ? STATUS.unreadable : status))
    },
  }
  const damaged = await startServer({ store })
  expect(await ask({ registration_ids: ['a', 'b', 'c'] }, damaged)).toBe(
    '{"a":{"status":2},"b":{"status":4},"c":{"status":2}}',
  )
  await damaged.close()
})
