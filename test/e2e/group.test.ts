// The group verbs of the built program beside a running server: what they change there, at once, and
// what they refuse.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { basicOf } from '../support/group.ts'
import { type Credentials, openWorkplace, type Server, type Workplace } from '../support/program.ts'

let place: Workplace
let server: Server
let app: Credentials

beforeAll(async () => {
  place = openWorkplace()
  app = await place.createApp('shop')
  server = await place.serve()
})
afterAll(() => place?.close())

interface Told {
  readonly key: string
  readonly name: string
  readonly time_zone: string
  readonly apps: readonly string[]
}

const run = (...args: string[]) => place.run(['group', ...args])
/** A verb that must be done; its JSON. */
const verb = async <T = Told>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await run(...args, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as T
}
const statusFor = async ({ key, secret }: Credentials): Promise<number> => {
  const headers = { authorization: basicOf(`group-${key}`, secret) }
  const url = `${server.url}/v3/group/messages/detail?group_msgids=x`
  return (await fetch(url, { headers })).status
}
const refused = async (args: string[], says: RegExp, code = 1) => {
  const ended = await run(...args)
  expect([ended.code, ended.stdout]).toEqual([code, ''])
  expect(ended.stderr).toMatch(says)
  expect(ended.stderr).toMatch(/^[^\n]+\n$/)
}

it('a group lives from create to remove', async () => {
  const made = await verb<Credentials & Told>('create', 'both')
  expect(made).toEqual({
    name: 'both',
    key: expect.stringMatching(/^[0-9a-f]{24}$/),
    secret: expect.stringMatching(/^[0-9a-f]{24}$/),
    time_zone: 'Asia/Shanghai',
  })
  const { key } = made
  expect(await statusFor(made)).toBe(200)
  const shown = { key, name: 'both', time_zone: 'Asia/Shanghai', created_at: expect.any(String) }
  expect(await verb('add', key, app.key)).toEqual({ ...shown, apps: [app.key] })
  expect(await verb('add', key, app.key)).toEqual({ ...shown, apps: [app.key] })
  expect(await verb('show', key)).toEqual({ ...shown, apps: [app.key] })
  expect((await run('show', key)).stdout).toMatch(new RegExp(`^apps +${app.key}$`, 'm'))
  expect((await run('list')).stdout).toMatch(new RegExp(`^${key} +both .* 1$|${key}`, 'm'))

  const { secret } = await verb<Credentials>('rotate', key)
  expect(await statusFor(made)).toBe(401)
  expect(await statusFor({ key, secret })).toBe(200)
  expect(await verb('drop', key, app.key)).toEqual({ ...shown, apps: [] })
  await refused(['drop', key, app.key], /is no app of the group/)
  await refused(['remove', key], /say --yes/)
  expect((await run('remove', key, '--yes')).stdout).toBe(`removed both (${key})\n`)
  expect(await statusFor({ key, secret })).toBe(401)
  expect(await verb('list')).toEqual([])
})

it('refuses in one sentence', async () => {
  const nobody = '0'.repeat(24)
  const { key } = await verb('create', 'one', '--key', '5'.repeat(24))
  expect(key).toBe('5'.repeat(24))
  const abroad = await place.createApp('abroad', '--time-zone', 'Europe/Berlin')
  await refused(['create', 'two', '--key', key], /a group with key 5+ already/)
  await refused(['add', key, abroad.key], /another time zone/)
  await refused(['add', key, nobody], /no app with key 0+/)
  await refused(['add', nobody, app.key], /no group with key 0+: pushledger group list/)
  await refused(['show', nobody], /no group with key/)
  await refused(['rotate', nobody], /no group with key/)
  await refused(['remove', nobody, '--yes'], /no group with key/)
  await refused(['show', 'x'], /24 lowercase/, 2)
  await refused(['create', 'x', '--secret', 'short'], /--secret must be/, 2)
  await refused(['create', 'x', '--time-zone', 'Mars'], /time zone/, 2)
  await refused(['create', 'x', '--time-zone', 'CST'], /Asia\/Shanghai or America\/Chicago/, 2)
})
