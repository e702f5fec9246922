// The token verbs of the built program beside a running server: what they change there, and how soon.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { type Credentials, openWorkplace, type Server, type Workplace } from '../support/program.ts'
import { until } from '../support/until.ts'

const noticedWithinMs = 1000

let place: Workplace
let server: Server

beforeAll(async () => {
  place = openWorkplace()
  server = await place.serve()
})

afterAll(() => place?.close())

interface Created {
  readonly id: string
  readonly name: string
  readonly app: string
  readonly token: string
}

interface Listed {
  readonly id: string
  readonly name: string
  readonly created_at: string
  readonly last_used_at: string | null
}

/** A verb that must be done; its JSON. */
const verb = async <T>(...args: string[]): Promise<T> => {
  const { code, stdout, stderr } = await place.run(['token', ...args, '--json'])
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as T
}
const create = (app: Credentials, name = 'gateway-1'): Promise<Created> =>
  verb('create', app.key, '--name', name)

const line = (device: string): string =>
  JSON.stringify({ type: 'received', msg_id: '7', channel: 'xm', registration_id: device })

const tell = async (authorization: string, of = server): Promise<number> => {
  const init = { method: 'POST', body: line('a'), headers: { authorization } }
  return (await fetch(`${of.url}/v1/events`, init)).status
}
const bearer = ({ token }: Created): string => `Bearer ${token}`
const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const noticed = (authorization: string, status: number): Promise<void> =>
  until(
    `a call is answered ${status}`,
    async () => (await tell(authorization)) === status,
    noticedWithinMs,
  )

describe('beside a running server', () => {
  it('create: tells at once, in both forms, and asks nothing', async () => {
    const app = await place.createApp('fresh')
    const created = await create(app)
    expect(Object.keys(created)).toEqual(['id', 'name', 'app', 'token'])
    expect(created).toMatchObject({ name: 'gateway-1', app: app.key })
    expect(created.token).toMatch(new RegExp(`^plf_${created.id}_[0-9a-f]{32}$`))
    await noticed(bearer(created), 200)
    expect(await tell(basic(app.key, created.token))).toBe(200)
    const asTold = callerOf(server.url, { key: app.key, secret: created.token })
    expect(await asTold.faultOf('/v3/received?msg_ids=7')).toBe(3001)
    expect(await callerOf(server.url, app).received(['7'])).toEqual([1])
  })

  it('list: what there is and when it was used, never a token', async () => {
    const app = await place.createApp('listed')
    const [used, idle] = [await create(app, '网关 1'), await create(app, 'idle')]
    const before = await verb<Listed[]>('list', app.key)
    expect(before.map(({ name, last_used_at }) => [name, last_used_at])).toEqual([
      ['网关 1', null],
      ['idle', null],
    ])
    const since = Date.now()
    await noticed(bearer(used), 200)
    const lastUse = async () => {
      const listed = await verb<Listed[]>('list', app.key)
      expect(Object.keys(listed[0] ?? {})).toEqual([
        ...['id', 'name', 'app', 'created_at', 'last_used_at'],
      ])
      return listed.find(({ id }) => id === used.id)?.last_used_at ?? null
    }
    await until('the use is noted', async () => (await lastUse()) !== null)
    const usedAt = Date.parse(String(await lastUse()))
    expect(usedAt).toBeGreaterThanOrEqual(since)
    expect(usedAt).toBeLessThanOrEqual(Date.now())
    const { stdout } = await place.run(['token', 'list', app.key])
    expect(stdout).toMatch(/^ID +NAME +CREATED +LAST USED\n/)
    expect(stdout).toMatch(new RegExp(`${idle.id} +idle +\\S+Z +never\n`))
    for (const { token } of [used, idle]) expect(stdout).not.toContain(token.slice(-32))
  })

  it('revoke: that token ends, the others do not', async () => {
    const app = await place.createApp('revoked')
    const [one, two] = [await create(app), await create(app)]
    await noticed(bearer(one), 200)
    expect(await verb('revoke', one.id)).toMatchObject({ id: one.id, app: app.key })
    await noticed(bearer(one), 401)
    expect(await tell(basic(app.key, one.token))).toBe(401)
    expect(await tell(bearer(two))).toBe(200)
    expect((await verb<Listed[]>('list', app.key)).map(({ id }) => id)).toEqual([two.id])
  })

  it('rotating the masterSecret leaves it, removing the app ends it for good', async () => {
    const app = await place.createApp('removed')
    const created = await create(app)
    await noticed(bearer(created), 200)
    expect((await place.run(['app', 'rotate', app.key])).code).toBe(0)
    await noticed(basic(app.key, app.secret), 401)
    expect(await tell(bearer(created))).toBe(200)
    expect((await place.run(['app', 'remove', app.key, '--yes'])).code).toBe(0)
    await noticed(bearer(created), 401)
    await place.createApp('again', '--key', app.key, '--secret', app.secret)
    await noticed(basic(app.key, app.secret), 200)
    expect(await tell(bearer(created))).toBe(401)
    expect(await verb('list', app.key)).toEqual([])
    expect((await place.run(['token', 'revoke', created.id])).code).toBe(1)
  })
})

it('is kept over a restart, with its last use', async () => {
  const other = openWorkplace()
  try {
    const first = await other.serve()
    const app = await other.createApp('kept')
    const made = await other.run(['token', 'create', app.key, '--name', 'g', '--json'])
    const created = JSON.parse(made.stdout) as Created
    expect(await tell(bearer(created), first)).toBe(200)
    const { code, stderr } = await first.stop('SIGTERM')
    expect(code).toBe(0)
    expect(stderr).not.toContain('could not')
    const listed = await other.run(['token', 'list', app.key, '--json'])
    expect((JSON.parse(listed.stdout) as Listed[])[0]?.last_used_at).not.toBe(null)
    expect(await tell(bearer(created), await other.serve())).toBe(200)
  } finally {
    await other.close()
  }
})

it('create prints for people too, the token once', async () => {
  const app = await place.createApp('people')
  const { code, stdout } = await place.run(['token', 'create', app.key, '--name', 'x'])
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^token +plf_[0-9a-f]{12}_[0-9a-f]{32}\nThe token is not shown again\.\n$/m,
  )
})

describe('what cannot be done is one sentence on stderr', () => {
  const key = '7d431e42dfa6a6d693ac2d04'
  const id = '0123456789ab'
  it.each<readonly [number, readonly string[], RegExp]>([
    [1, ['create', key, '--name', 'a'], /there is no app with key/],
    [1, ['list', key], /there is no app with key/],
    [1, ['revoke', id], /there is no token 0123456789ab/],
    [2, ['create', key], /required option '--name <name>'/],
    [2, ['create', '--name', 'a'], /missing required argument 'app'/],
    [2, ['create', 'X', '--name', 'a'], /24 lowercase hexadecimal digits/],
    [2, ['create', key, '--name', ''], /1 to 100 characters/],
    [2, ['create', key, '--name', 'x'.repeat(101)], /1 to 100 characters/],
    [2, ['create', key, '--name', 'a\nb'], /1 to 100 characters/],
    [2, ['list'], /missing required argument 'app'/],
    [2, ['list', key, '--data', ''], /--data must be/],
    [2, ['revoke', 'X'], /12 lowercase hexadecimal digits/],
    [2, ['revoke'], /missing required argument 'id'/],
    [2, ['nonsense'], /unknown command/],
  ])('%i: %j', async (code, args, sentence) => {
    const outcome = await place.run(['token', ...args])
    expect([outcome.code, outcome.stdout]).toEqual([code, ''])
    expect(outcome.stderr).toMatch(sentence)
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1)
  })
})
