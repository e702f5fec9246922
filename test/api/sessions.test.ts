// Sessions: logging in to several apps and out of each, what a session may ask, and when it ends.
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { key, secret, startServer, type TestServer, type TestSettings } from '../support/server.ts'
import { cookieName, type Visitor, visitorOf } from '../support/visitor.ts'

const start = async (settings: TestSettings = {}) => {
  const server = await startServer(settings)
  onTestFinished(server.close)
  return { server, visitor: visitorOf(server) }
}

const createOther = async ({ apps }: TestServer) => {
  const timeZone = parseTimeZone('Europe/Berlin')!
  const issued = (await apps.create({ name: parseAppName('other')!, vip: false, timeZone }))!
  return { key: issued.record.key, secret: issued.secret }
}

const received = '/v3/received?msg_ids=1'
const hourMs = 3_600_000
const ofTest = { key, name: 'test', vip: true, time_zone: 'Asia/Shanghai' }
const appsOf = async (visitor: Visitor): Promise<unknown> => {
  const { status, text } = await visitor.ask('/v1/sessions')
  expect(status).toBe(200)
  return (JSON.parse(text) as { apps: unknown }).apps
}

describe('logging in', () => {
  it('sets a cookie of the app that no script sees and no other site sends', async () => {
    const { visitor } = await start()
    expect(await appsOf(visitor)).toEqual([])
    const { status, text, headers } = await visitor.logIn(key, secret)
    expect([status, JSON.parse(text)]).toEqual([200, { apps: [ofTest] }])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.getSetCookie()).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${cookieName(key)}=[\\w-]{43}; Path=/; Max-Age=86400; HttpOnly; SameSite=Strict$`,
        ),
      ),
    ])
    expect(await appsOf(visitor)).toEqual([ofTest])
  })

  it('sets one that never leaves without TLS, where the page came by it', async () => {
    const { server, visitor } = await start()
    const origin = server.url.replace('http:', 'https:')
    const { status, headers } = await visitor.logIn(key, secret, { origin })
    expect([status, headers.getSetCookie()]).toEqual([200, [expect.stringMatching(/; Secure$/)]])
  })

  it('is to as many apps as one likes, and out of each by itself', async () => {
    const { server, visitor } = await start()
    const other = await createOther(server)
    await visitor.logIn(key, secret)
    const both = await visitor.logIn(other.key, other.secret)
    const ofOther = { key: other.key, name: 'other', vip: false, time_zone: 'Europe/Berlin' }
    expect(JSON.parse(both.text)).toEqual({ apps: [ofTest, ofOther] })
    expect((await visitor.askOf(key, received)).status).toBe(200)
    const left = await visitor.logOut(key)
    expect([left.status, JSON.parse(left.text)]).toEqual([200, { apps: [ofOther] }])
    expect((await visitor.askOf(key, received)).status).toBe(401)
    expect((await visitor.askOf(other.key, received)).status).toBe(200)
  })

  it.each([
    ['a wrong secret', key, `${secret.slice(0, -1)}0`],
    ['an unknown key', '0'.repeat(24), secret],
    ['no key at all', '', ''],
  ])('is refused with %s, and asks no browser for a password', async (_, name, word) => {
    const { visitor } = await start()
    const { status, text, headers } = await visitor.logIn(name, word)
    expect([status, JSON.parse(text)]).toMatchObject([401, { error: { code: 3001 } }])
    expect(headers.get('www-authenticate')).toBe('Session realm="pushledger"')
    expect(headers.getSetCookie()).toEqual([])
  })

  it.each(['', 'null', '[]', '{', '{"key":1,"secret":2}', `{"key":"${key}"}`, '"x"'])(
    'is no log-in with the body %s',
    async (body) => {
      const { visitor } = await start()
      const { status, text } = await visitor.ask('/v1/sessions', { method: 'POST', body })
      expect([status, JSON.parse(text)]).toMatchObject([400, { error: { code: 3002 } }])
    },
  )

  it('out of no app is a bad parameter, out of one without a session is fine', async () => {
    const { visitor } = await start()
    expect((await visitor.ask('/v1/sessions', { method: 'DELETE' })).status).toBe(400)
    expect((await visitor.logOut('x')).status).toBe(400)
    expect((await visitor.logOut(key)).status).toBe(200)
  })
})

describe('a session', () => {
  const status = { method: 'POST', body: '{"msg_id":1,"registration_ids":["a"]}' }
  it.each<readonly [string, RequestInit]>([
    [received, {}],
    ['/v3/received/detail?msg_ids=1', {}],
    ['/v3/messages/detail?msg_ids=1', {}],
    ['/v3/users?time_unit=DAY&start=2014-06-12&duration=1', {}],
    ['/v3/report/received?msg_ids=1', {}],
    ['/v3/status/message', status],
  ])('asks %s as the secret does', async (path, init) => {
    const { server, visitor } = await start()
    await visitor.logIn(key, secret)
    const replies = [await visitor.askOf(key, path, init), await server.ask(path, init)]
    expect(replies[0]).toMatchObject({ status: 200, text: replies[1]!.text })
    expect(replies[0]!.headers.get('etag')).toBe(replies[1]!.headers.get('etag'))
  })

  it('asks of VIP only where the app has it', async () => {
    const { visitor } = await start({ vip: false })
    await visitor.logIn(key, secret)
    expect((await visitor.askOf(key, '/v3/messages/detail?msg_ids=1')).status).toBe(403)
  })

  it('tells nothing, and is none of a group', async () => {
    const { server, visitor } = await start()
    await visitor.logIn(key, secret)
    const line =
      '{"type":"received","msg_id":1,"platform":"android","channel":"jpush","registration_id":"a"}'
    const told = await visitor.askOf(key, '/v1/events', { method: 'POST', body: line })
    expect(told.status).toBe(401)
    expect((await server.ask(received)).text).toContain('"android_received":null')
    expect((await visitor.askOf(key, '/v3/group/users')).status).toBe(401)
  })

  it('is asked for by the header; the cookie alone opens nothing', async () => {
    const { visitor } = await start()
    await visitor.logIn(key, secret)
    expect((await visitor.ask(received)).status).toBe(401)
    for (const name of ['', 'x', key.toUpperCase(), `${key}, ${key}`, '0'.repeat(24)]) {
      expect([name, (await visitor.askOf(name, received)).status]).toEqual([name, 401])
    }
    const { text, headers } = await visitor.askOf('x', received)
    expect(text).toContain('log in')
    expect(headers.get('www-authenticate')).toBe('Session realm="pushledger"')
  })

  it('is not looked at where there are credentials', async () => {
    const { visitor } = await start()
    await visitor.logIn(key, secret)
    const headers = { authorization: 'Basic eDp5' }
    expect((await visitor.askOf(key, received, { headers })).status).toBe(401)
  })

  it('takes no call from the programs of the app', async () => {
    const { server, visitor } = await start({ rateLimit: 2 })
    await visitor.logIn(key, secret)
    const statuses = [1, 2, 3].map(async () => (await visitor.askOf(key, received)).status)
    expect((await Promise.all(statuses)).sort()).toEqual([200, 200, 429])
    expect((await server.ask(received)).headers.get('x-rate-limit-remaining')).toBe('1')
  })
})

describe('a session ends', () => {
  const logged = async () => {
    const { server, visitor } = await start()
    await visitor.logIn(key, secret)
    const askAfter = async (ms: number) => {
      server.clock.nowMs += ms
      return (await visitor.askOf(key, received)).status
    }
    return { server, visitor, askAfter }
  }

  it('eight hours after its last use', async () => {
    const { askAfter } = await logged()
    expect(await askAfter(8 * hourMs - 1)).toBe(200)
    expect(await askAfter(8 * hourMs - 1)).toBe(200)
    expect(await askAfter(8 * hourMs)).toBe(401)
    expect(await askAfter(-8 * hourMs)).toBe(401)
  })

  it('after a day, however often it is used', async () => {
    const { askAfter } = await logged()
    for (let i = 0; i < 3; i++) expect(await askAfter(7 * hourMs)).toBe(200)
    expect(await askAfter(3 * hourMs)).toBe(401)
  })

  it('where the clock goes back by more than it may last', async () => {
    const { askAfter } = await logged()
    expect(await askAfter(-hourMs)).toBe(200)
    expect(await askAfter(-9 * hourMs)).toBe(401)
  })

  it('when the secret changes', async () => {
    const { server, visitor, askAfter } = await logged()
    await server.apps.set(server.record.key, { vip: false })
    expect(await askAfter(0)).toBe(200)
    const again = await server.apps.rotate(server.record.key)
    expect(await askAfter(0)).toBe(401)
    expect(await appsOf(visitor)).toEqual([])
    expect((await visitor.logIn(key, again!.secret)).status).toBe(200)
  })

  it('when the app is removed, also where one with the same credentials comes after it', async () => {
    const { server, askAfter } = await logged()
    const { record } = server
    await server.apps.remove(record.key)
    expect(await askAfter(0)).toBe(401)
    const [name, timeZone] = [parseAppName('again')!, parseTimeZone('Asia/Shanghai')!]
    await server.apps.create({ name, key: record.key, vip: true, timeZone })
    expect(await askAfter(0)).toBe(401)
  })

  it('when too many others of the app began after it, the one longest unused first', async () => {
    const { server, visitor, askAfter } = await logged()
    const other = await createOther(server)
    await visitor.logIn(other.key, other.secret)
    const others = Array.from({ length: 99 }, () => visitorOf(server))
    for (const one of others) await one.logIn(key, secret)
    expect(await askAfter(0)).toBe(200)
    await visitorOf(server).logIn(key, secret)
    expect(await askAfter(0)).toBe(200)
    expect((await others[0]!.askOf(key, received)).status).toBe(401)
    expect((await others[1]!.askOf(key, received)).status).toBe(200)
    expect((await visitor.askOf(other.key, received)).status).toBe(200)
  })
})

it('there are none where the console is off', async () => {
  const { visitor } = await start({ console: false })
  expect((await visitor.logIn(key, secret)).status).toBe(404)
  expect((await visitor.askOf(key, received)).status).toBe(401)
  const { text } = await visitor.ask('/openapi.json')
  expect(text).not.toContain('/v1/sessions')
})

describe('longer answers', () => {
  it('go out packed to people who look, and to nobody else', async () => {
    const { server, visitor } = await start()
    await visitor.logIn(key, secret)
    const seen = await visitor.askOf(key, '/v1/days')
    const { text, headers } = await server.ask('/v1/days')
    expect(headers.get('content-encoding')).toBe(null)
    expect(seen.headers.get('content-encoding')).toBe('gzip')
    expect(seen.headers.get('vary')).toBe('accept-encoding')
    expect(seen.text).toBe(text)
    const tag = seen.headers.get('etag') ?? ''
    expect(tag).toBe(`W/${headers.get('etag')}`)
    const again = await visitor.askOf(key, '/v1/days', { headers: { 'if-none-match': tag } })
    expect([again.status, again.text]).toEqual([304, ''])
    const plainly = { headers: { 'accept-encoding': 'br, gzip;q=0' } }
    const plain = await visitor.askOf(key, '/v1/days', plainly)
    expect([plain.headers.get('content-encoding'), plain.text]).toEqual([null, text])
    const short = await visitor.askOf(key, '/v1/feed')
    expect(short.headers.get('content-encoding')).toBe(null)
  })
})
