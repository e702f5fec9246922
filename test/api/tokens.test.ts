// Feed tokens over the wire: both forms tell, neither asks; whatever is not the app's own is refused.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import type { IssuedToken } from '../../src/apps/tokens.ts'
import { parseTokenName } from '../../src/apps/tokens.ts'
import type { AppKey } from '../../src/ledger/ids.ts'
import { openLog } from '../../src/runtime/log.ts'
import { request, talk } from '../support/raw.ts'
import { basic, key, type Reply, secret, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let issued: IssuedToken
beforeEach(async () => {
  server = await startServer()
  issued = await issue()
})
afterEach(() => server.close())

const issue = async (app: AppKey = server.record.key, of = server): Promise<IssuedToken> =>
  (await of.tokens.create(app, parseTokenName('gateway')!)) as IssuedToken

const createApp = async () => {
  const timeZone = parseTimeZone('Asia/Shanghai')!
  return (await server.apps.create({ name: parseAppName('other')!, vip: true, timeZone }))!
}

const bearer = (token: string): string => `Bearer ${token}`
const basicOf = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

const line =
  '{"type":"received","msg_id":7,"platform":"android","channel":"jpush","registration_id":"a"}'

const tell = (authorization: string, of = server): Promise<Reply> =>
  of.ask('/v1/events', { method: 'POST', body: line, headers: { authorization } })
const devicesOf = async (authorization: string): Promise<unknown> => {
  const { text } = await server.ask('/v3/received?msg_ids=7', { headers: { authorization } })
  return (JSON.parse(text) as { android_received: unknown }[])[0]?.android_received
}
const expectRefused = ({ status, text, headers }: Reply): void => {
  expect([status, text]).toEqual([401, expect.stringMatching(/^\{"error":\{"code":3001,/)])
  expect(headers.get('www-authenticate')).toMatch(/^Basic /)
}

describe('a 401 names the scheme that was tried', () => {
  const received = '/v3/received?msg_ids=7'
  const unknown = bearer(`plf_ffffffffffff_${'0'.repeat(32)}`)
  const messageOf = ({ text }: Reply): string =>
    (JSON.parse(text) as { error: { message: string } }).error.message
  const both = 'Basic realm="pushledger", Bearer realm="pushledger", error="invalid_token"'

  it('a wrong token, where events are sent', async () => {
    const reply = await tell(unknown)
    expect(messageOf(reply)).toMatch(/^Bearer authentication failed: there is no such feed token/)
    expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([401, both])
  })

  it('any token, where reports are queried: a good one is not told from a wrong one', async () => {
    const replies = await Promise.all(
      [unknown, bearer(issued.token)].map((authorization) =>
        server.ask(received, { headers: { authorization } }),
      ),
    )
    for (const reply of replies) {
      expect(messageOf(reply)).toMatch(/^Bearer authentication failed: this needs Basic/)
      expect(reply.headers.get('www-authenticate')).toBe('Basic realm="pushledger"')
    }
  })

  it('an unknown key and a wrong secret, as one', async () => {
    const wrong = [basicOf('0'.repeat(24), secret), basicOf(key, 'wrong')]
    for (const authorization of wrong) {
      for (const reply of [
        await tell(authorization),
        await server.ask(received, { headers: { authorization } }),
      ]) {
        expect(messageOf(reply)).toBe('Basic authentication failed')
        expect(reply.headers.get('www-authenticate')).toBe('Basic realm="pushledger"')
      }
    }
  })
})

describe('on events', () => {
  it.each([
    ['as a bearer', (token: string) => bearer(token)],
    ['as a bearer, loosely written', (token: string) => `bearer   ${token} `],
    ['as the password of Basic', (token: string) => basicOf(key, token)],
  ])('it tells %s', async (_, form) => {
    const { status, text } = await tell(form(issued.token))
    expect([status, JSON.parse(text)]).toEqual([200, expect.objectContaining({ accepted: 1 })])
    expect(await devicesOf(basic)).toBe(1)
  })

  it('it tells only into its own app', async () => {
    const other = await createApp()
    const { token } = await issue(other.record.key)
    expectRefused(await tell(basicOf(key, token)))
    expectRefused(await tell(basicOf(other.record.key, issued.token)))
    expect((await tell(bearer(token))).status).toBe(200)
    expect(await devicesOf(basic)).toBe(null)
    expect(await devicesOf(basicOf(other.record.key, other.secret))).toBe(1)
  })

  it('the masterSecret is no bearer', async () => {
    expectRefused(await tell(bearer(secret)))
    expectRefused(await tell(bearer(`${key}:${secret}`)))
    expect((await tell(basic)).status).toBe(200)
  })

  it('whatever is no token of the app is refused', async () => {
    const { token } = issued
    const garbage = ['', 'plf_', 'plf__', 'plf___proto___', `${token}0`, token.slice(0, -1)]
    const wrong = [token.slice(0, -32) + '0'.repeat(32), `plf_ffffffffffff_${token.slice(-32)}`]
    const odd = [token.toUpperCase(), `${token}\u00ff`, `x${token}`, 'plf_'.repeat(1000)]
    const texts = [...garbage, ...wrong, ...odd]
    const users = ['', ' ', key.toUpperCase(), '0'.repeat(24), '__proto__', token]
    const refused = [
      ...texts.flatMap((text) => [bearer(text), basicOf(key, text)]),
      ...users.map((user) => basicOf(user, token)),
    ]
    // Together, because failures wait.
    for (const reply of await Promise.all(refused.map((header) => tell(header))))
      expectRefused(reply)
    expectRefused(await tell(`Bearer ${token} ${token}`))
    expectRefused(await tell(`Token ${token}`))
    expectRefused(await tell(token))
    expect(await devicesOf(basic)).toBe(null)
  })

  it('two Authorization headers count as the first', async () => {
    const say = async (...headers: string[]) => {
      const length = `Content-Length: ${line.length}`
      const head = request('POST /v1/events HTTP/1.1', 'Host: a', ...headers, length)
      return (await talk(server.port, [head + line, 1])).answers[0]?.status
    }
    const good = `Authorization: ${bearer(issued.token)}`
    const bad = 'Authorization: Bearer x'
    expect(await say(good, bad)).toBe(200)
    expect(await say(bad, good)).toBe(401)
  })

  it('ends when it is revoked, not when the masterSecret is rotated', async () => {
    await server.apps.rotate(server.record.key)
    expectRefused(await tell(basic))
    expect((await tell(bearer(issued.token))).status).toBe(200)
    await server.tokens.revoke(issued.record.id)
    expectRefused(await tell(bearer(issued.token)))
    expectRefused(await tell(basicOf(key, issued.token)))
  })

  it('ends with its app, also where the key is given again', async () => {
    await server.apps.remove(server.record.key)
    expectRefused(await tell(bearer(issued.token)))
    const { record } = server
    const [name, timeZone] = [parseAppName('again')!, parseTimeZone('Asia/Shanghai')!]
    await server.apps.create({ name, key: record.key, vip: true, timeZone })
    expectRefused(await tell(bearer(issued.token)))
    expectRefused(await tell(basicOf(key, issued.token)))
  })
})

describe('on reports it is refused, in both forms', () => {
  it.each<readonly [string, RequestInit]>([
    ['/v3/received?msg_ids=7', {}],
    ['/v3/received/detail?msg_ids=7', {}],
    ['/v3/status/message', { method: 'POST', body: '{"msg_id":7,"registration_ids":["a"]}' }],
    ['/v3/messages?msg_ids=7', {}],
    ['/v3/messages/detail?msg_ids=7', {}],
    ['/v3/users?time_unit=DAY&start=2014-06-12&duration=1', {}],
    ['/v3/report/received?msg_ids=7', {}],
  ])('%s', async (path, init) => {
    expect((await server.ask(path, init)).status).toBe(200)
    for (const authorization of [bearer(issued.token), basicOf(key, issued.token)]) {
      const reply = await server.ask(path, { ...init, headers: { authorization } })
      expectRefused(reply)
      expect(reply.headers.get('x-rate-limit-limit')).toBe(null)
    }
  })
})

describe('its last use', () => {
  const lastUseOf = async (of: TestServer) =>
    (await of.tokens.list(of.record.key))?.map(({ lastUsedAtMs }) => lastUsedAtMs)

  it('is noted by either form, and by no refusal', async () => {
    const more = await issue()
    expectRefused(await tell(bearer(`plf_${issued.record.id}_${'0'.repeat(32)}`)))
    await server.ask('/v3/received?msg_ids=7', {
      headers: { authorization: bearer(issued.token) },
    })
    expect(await lastUseOf(server)).toEqual([undefined, undefined])
    await tell(bearer(issued.token))
    server.clock.nowMs += 61_000
    await tell(basicOf(key, more.token))
    const uses = await lastUseOf(server)
    expect(new Set(uses)).toEqual(new Set([server.clock.nowMs - 61_000, server.clock.nowMs]))
  })

  it('loses no answer where it cannot be noted, and is logged without the token', async () => {
    const lines: string[] = []
    const failing = await startServer({
      log: openLog('info', { write: (text) => lines.push(text) }),
      throughTokens: (tokens) => ({
        ...tokens,
        use: () => Promise.reject(new Error('on purpose')),
      }),
    })
    try {
      const { token } = await issue(failing.record.key, failing)
      for (let i = 0; i < 3; i++) expect((await tell(bearer(token), failing)).status).toBe(200)
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain('on purpose')
      expect(lines[0]).not.toContain(token.slice(-32))
    } finally {
      await failing.close()
    }
  })

  it('holds up no answer while it is being noted', async () => {
    let finish = () => {}
    const slow = await startServer({
      throughTokens: (tokens) => ({
        ...tokens,
        use: () =>
          new Promise((resolve) => {
            finish = resolve
          }),
      }),
    })
    try {
      const { token } = await issue(slow.record.key, slow)
      expect((await tell(bearer(token), slow)).status).toBe(200)
    } finally {
      finish()
      await slow.close()
    }
  })
})
