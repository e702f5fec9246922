// Clients that cannot be had here ask by their recorded bytes: each is answered as whoever asks plainly.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { basicOf, openGroup, type TestGroup } from '../support/group.ts'
import { talk } from '../support/raw.ts'
import { basic, startServer, type TestServer } from '../support/server.ts'
import { DIALECTS, type Question, type Report, requestOf } from './dialect.ts'

let server: TestServer
let group: TestGroup

const small = '1613113584'
const big = '18101211308815829'
const pushes = ['c4hmbne09s6bbaca91vg', 'bsp54sn8bpn8hc3etq40']
const users = { unit: 'HOUR', start: '2014-06-12 11', duration: 24 }
const byDay = { unit: 'DAY', start: '2014-06-12', duration: 1 }
const ask: Question = { ids: [small, big], devices: ['d0', 'd9'], date: '2014-06-12', users }
// As of a day before anything was told, so that a date that is not read shows.
const other: Question = { ...ask, ids: [big, small], date: '2014-06-11', users: byDay }

beforeAll(async () => {
  server = await startServer()
  group = await openGroup(server)
  const jpush = { platform: 'android', channel: 'jpush', stage: 'received' } as const
  await server.told({ ...jpush, msgId: small, devices: 3 })
  await server.told({ ...jpush, msgId: big, devices: 9 })
  await server.toldOfDevices('online', 'ios', ['a', 'b'])
  await group.tell(pushes[0] ?? '', { [group.apps[0]]: big })
})
afterAll(() => server.close())

/** The same question, asked without any peculiarity. */
const plainAnswer = async (report: Report, { ids, devices, date, users: of }: Question) => {
  if (report === 'status/message') {
    const body = JSON.stringify({ msg_id: ids[0], registration_ids: devices, date })
    return (await server.ask(`/v3/${report}`, { method: 'POST', body })).text
  }
  const start = encodeURIComponent(of.start)
  const query = report.endsWith('users')
    ? `time_unit=${of.unit}&start=${start}&duration=${of.duration}`
    : `msg_ids=${ids.join()}&group_msgids=${ids.join()}`
  const asker = report.startsWith('group/') ? group : server
  return (await asker.ask(`/v3/${report}?${query}`)).text
}

describe.each(DIALECTS)('$client', (dialect) => {
  it.each(dialect.reports)('/%s', async (report) => {
    const isOfGroup = report.startsWith('group/')
    const questions = [ask, other].map((question) =>
      isOfGroup ? { ...question, ids: pushes } : question,
    )
    const user = dialect.groupUser?.(group.key) ?? ''
    const authorization = isOfGroup ? basicOf(user, group.secret) : basic
    for (const question of questions) {
      const bytes = requestOf(dialect, report, question, authorization)
      const { answers } = await talk(server.port, [bytes, 1])
      const plain = await plainAnswer(report, question)
      expect(answers.map(({ status, body }) => [status, body])).toEqual([[200, plain]])
      expect(plain).toMatch(/:[1-9]|"status":0/)
    }
  })
})
