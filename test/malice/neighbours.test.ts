// Two apps of one server that use the same ids, and try to see and change what is the other's.
import { expect, it } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { workplace } from '../support/program.ts'

const time = Date.now()
const about = { msg_id: '18101211308815829', platform: 'android', time }
const reports = [
  '/v3/received?msg_ids=18101211308815829',
  '/v3/received/detail?msg_ids=18101211308815829',
  '/v3/messages?msg_ids=18101211308815829',
  '/v3/messages/detail?msg_ids=18101211308815829',
]

it('see and change nothing of each other', async () => {
  const place = workplace()
  const [first, second] = [await place.createApp('first'), await place.createApp('second')]
  const { stdout } = await place.run(['token', 'create', first.key, '--name', 'x', '--json'])
  const { token } = JSON.parse(stdout) as { token: string }
  const server = await place.serve()
  const [one, two] = [callerOf(server.url, first), callerOf(server.url, second)]
  await one.told([
    { ...about, type: 'received', registration_ids: ['shared', 'own', '__proto__'] },
    { type: 'register', platform: 'android', registration_ids: ['shared'], time },
  ])
  const asked = async () => Promise.all(reports.map(async (path) => (await one.ask(path)).text))
  const before = await asked()

  // The same ids, in another app: strangers there, until that app tells of them itself.
  expect(await two.statuses(about.msg_id, ['shared', 'own', '__proto__'])).toEqual(
    new Map([
      ['shared', 2],
      ['own', 2],
      ['__proto__', 2],
    ]),
  )
  expect(await two.received([about.msg_id])).toEqual([null])
  await two.told([{ ...about, type: 'received', registration_ids: ['shared', 'other'] }])
  expect(await two.received([about.msg_id])).toEqual([2])
  expect(await two.statuses(about.msg_id, ['own'])).toEqual(new Map([['own', 2]]))

  // A token of the first tells for the first alone, whatever key stands beside it, and asks nothing.
  const more = JSON.stringify({ ...about, type: 'received', registration_id: 'forged' })
  const tell = (authorization: string) =>
    two.ask('/v1/events', { method: 'POST', body: more, headers: { authorization } })
  const encoded = (user: string) => Buffer.from(`${user}:${token}`).toString('base64')
  expect((await tell(`Basic ${encoded(second.key)}`)).status).toBe(401)
  for (const path of reports) {
    const headers = { authorization: `Basic ${encoded(first.key)}` }
    expect((await one.ask(path, { headers })).status).toBe(401)
  }
  expect(await two.received([about.msg_id])).toEqual([2])
  expect(await asked()).toEqual(before)

  // The second goes, and comes back with the same key: the first stays, the second is empty.
  await place.run(['app', 'remove', second.key, '--yes'])
  await place.run(['app', 'create', 'again', '--key', second.key, '--secret', second.secret])
  expect(await two.received([about.msg_id])).toEqual([null])
  expect(await asked()).toEqual(before)
})
