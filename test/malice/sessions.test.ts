// Somebody is after the sessions of others: guesses them, begins one in a stranger's browser, asks from a
// page of their own, or uses one for an app it is not of.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { openLog } from '../../src/runtime/log.ts'
import { request, talk } from '../support/raw.ts'
import { key, secret, startServer, type TestServer } from '../support/server.ts'
import { cookieName, type Visitor, visitorOf } from '../support/visitor.ts'

const elsewhere = 'https://elsewhere.example'
const received = '/v3/received?msg_ids=1'
const written: string[] = []

let server: TestServer
let visitor: Visitor
let token: string
beforeEach(async () => {
  written.length = 0
  const log = openLog('trace', { write: (line) => written.push(line) })
  server = await startServer({ log, corsOrigins: [elsewhere] })
  visitor = visitorOf(server)
  expect((await visitor.logIn(key, secret)).status).toBe(200)
  token = visitor.cookies.get(cookieName(key)) ?? ''
})
afterEach(() => server.close())

/** As somebody who has written their own cookies. */
const askWith = (cookie: string, app = key) =>
  visitorOf(server).ask(received, { headers: { cookie, 'x-pushledger-app': app } })
const cookieOf = (value: string, app = key) => `${cookieName(app)}=${value}`

const createOther = async () => {
  const timeZone = parseTimeZone('Asia/Shanghai')!
  const issued = (await server.apps.create({ name: parseAppName('b')!, vip: true, timeZone }))!
  return { otherKey: issued.record.key, otherSecret: issued.secret }
}

describe('guessing', () => {
  const changed = (at: number) =>
    token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)

  it('no token but the very one opens anything', async () => {
    // The last digit carries two bits that stand for nothing: the text counts, not the bytes.
    const wrong = [changed(0), changed(20), changed(42), token.toLowerCase(), token.slice(1), '']
    for (const guess of [...wrong, `${token}=`, `"${token}"`, 'A'.repeat(43)]) {
      expect([guess, (await askWith(cookieOf(guess))).status]).toEqual([guess, 401])
    }
    expect((await askWith(cookieOf(token))).status).toBe(200)
  })

  it('failures wait, of secrets and of tokens; whoever is logged in does not', async () => {
    const finished: string[] = []
    const note = async (name: string, asked: Promise<{ status: number }>) => {
      finished.push(`${name} ${(await asked).status}`)
    }
    const guessed = () => [
      note('late', visitorOf(server).logIn(key, `${secret}0`)),
      note('late', askWith(cookieOf(changed(7)))),
    ]
    for (let i = 0; i < 5; i++) await Promise.all(guessed())
    finished.length = 0
    const failures = Array.from({ length: 5 }, guessed).flat()
    for (let i = 0; i < 3; i++) await note('right', visitor.askOf(key, received))
    await note('right', visitorOf(server).logIn(key, secret))
    expect(finished).toEqual(Array.from({ length: 4 }, () => 'right 200'))
    await Promise.all(failures)
    expect(finished.slice(4)).toEqual(failures.map(() => 'late 401'))
  })
})

describe('a page of somebody else', () => {
  it.each<readonly [string, Record<string, string>]>([
    ['of another site', { 'sec-fetch-site': 'cross-site' }],
    ['of a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['that says where it is', { origin: 'http://127.0.0.1:1' }],
    ['that is let read answers', { origin: elsewhere }],
    ['in a sandbox', { origin: 'null' }],
  ])('%s logs nobody in', async (_, headers) => {
    const victim = visitorOf(server)
    const { status, text } = await victim.logIn(key, secret, headers)
    expect([status, JSON.parse(text)]).toMatchObject([403, { error: { code: 2003 } }])
    expect(victim.cookies.size).toBe(0)
  })

  it('cannot send the header, nor read what a cookie opens', async () => {
    for (const [path, method] of [
      [received, 'GET'],
      ['/v3/status/message', 'POST'],
      ['/v1/sessions', 'DELETE'],
    ] as const) {
      const asked = await visitor.ask(path, {
        method: 'OPTIONS',
        headers: {
          origin: elsewhere,
          'access-control-request-method': method,
          'access-control-request-headers': 'x-pushledger-app',
        },
      })
      expect(asked.status).toBe(204)
      expect(asked.headers.get('access-control-allow-headers')).not.toMatch(/x-pushledger-app|\*/i)
      expect(asked.headers.get('access-control-allow-credentials')).toBeNull()
    }
    const read = await visitor.ask('/v1/sessions', { headers: { origin: elsewhere } })
    expect(read.headers.get('access-control-allow-origin')).toBe(elsewhere)
    expect(read.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('is told nothing by the cookie alone, which a form or an image would bring', async () => {
    const status = { method: 'POST', body: '{"msg_id":1,"registration_ids":["a"]}' }
    expect((await visitor.ask(received)).status).toBe(401)
    expect((await visitor.ask('/v3/status/message', status)).status).toBe(401)
    expect((await visitor.ask('/v1/sessions', { method: 'DELETE' })).status).toBe(400)
    expect((await visitor.askOf(key, received)).status).toBe(200)
  })
})

describe('a token', () => {
  it('that somebody put there is not the one of the log-in', async () => {
    const victim = visitorOf(server)
    const planted = 'A'.repeat(43)
    victim.cookies.set(cookieName(key), planted)
    await victim.logIn(key, secret)
    expect(victim.cookies.get(cookieName(key))).not.toBe(planted)
    expect((await askWith(cookieOf(planted))).status).toBe(401)
  })

  it('ends when its browser logs in again', async () => {
    await visitor.logIn(key, secret)
    expect((await askWith(cookieOf(token))).status).toBe(401)
    expect((await visitor.askOf(key, received)).status).toBe(200)
  })

  it('is worth nothing after its browser has logged out', async () => {
    await visitor.logOut(key)
    expect((await askWith(cookieOf(token))).status).toBe(401)
  })

  it('is of one app, whatever the header and the name of the cookie say', async () => {
    const { otherKey, otherSecret } = await createOther()
    expect((await askWith(cookieOf(token), otherKey)).status).toBe(401)
    expect((await askWith(cookieOf(token, otherKey), otherKey)).status).toBe(401)
    await visitor.logIn(otherKey, otherSecret)
    const theirs = visitor.cookies.get(cookieName(otherKey)) ?? ''
    expect((await askWith(cookieOf(theirs), key)).status).toBe(401)
    const swapped = `${cookieOf(theirs)}; ${cookieOf(token, otherKey)}`
    expect((await askWith(swapped, key)).status).toBe(401)
    expect((await askWith(swapped, otherKey)).status).toBe(401)
    // Nor does it end by being tried elsewhere.
    expect((await askWith(cookieOf(token))).status).toBe(200)
  })
})

describe('hostile cookies', () => {
  const garbage = [
    ';'.repeat(8000),
    ' '.repeat(8000),
    'c'.repeat(8000),
    `${cookieOf('')};`.repeat(180),
    `${cookieOf('A'.repeat(8000))}`,
    `${' '.repeat(4000)}=${' '.repeat(3000)};`,
    'pushledger_session_; =; ;;=;__proto__=x',
    Array.from({ length: 90 }, (_, i) =>
      cookieOf('A'.repeat(43), i.toString(16).padStart(24, '0')),
    ).join('; '),
  ]
  it.each(garbage.map((cookie) => [cookie.slice(0, 30), cookie]))('%j', async (_, cookie) => {
    const list = request('GET /v1/sessions HTTP/1.1', 'Host: a', `Cookie: ${cookie}`)
    const asked = request(
      `GET ${received} HTTP/1.1`,
      'Host: a',
      `Cookie: ${cookie}`,
      `X-Pushledger-App: ${key}`,
    )
    const { answers } = await talk(server.port, [list, 1, asked, 2])
    expect(answers.map(({ status }) => status)).toEqual([200, 401])
    expect(answers[0]?.body).toBe('{"apps":[]}')
  })

  it('do not hide the right one, but two of a name are none', async () => {
    expect((await askWith(`${'c'.repeat(8000)}; ${cookieOf(token)}`)).status).toBe(200)
    for (const two of [
      [token, 'A'.repeat(43)],
      ['A'.repeat(43), token],
      [token, token],
    ]) {
      expect((await askWith(two.map((value) => cookieOf(value)).join('; '))).status).toBe(401)
    }
    const lines = [cookieOf(token), cookieOf('A'.repeat(43))].map((cookie) => `Cookie: ${cookie}`)
    const app = `X-Pushledger-App: ${key}`
    const { answers } = await talk(server.port, [
      request(`GET ${received} HTTP/1.1`, 'Host: a', app, ...lines),
      1,
    ])
    expect(answers[0]?.status).toBe(401)
  })
})

it('the log holds neither secrets nor tokens', async () => {
  await visitorOf(server).logIn(key, `${secret}0`)
  await visitorOf(server).logIn('\n{"level":60}', secret)
  await visitor.ask('/v1/sessions', {
    method: 'POST',
    body: `{"key":"${key}","secret":"${secret}"`,
  })
  await visitor.askOf(key, received)
  await visitor.logOut(key)
  await visitor.askOf(key, received, { headers: { cookie: cookieOf(token) } })
  expect(written.length).toBeGreaterThan(5)
  for (const line of written) {
    expect(line).toMatch(/^\{[^\n]*\}\n$/)
    expect((JSON.parse(line) as { level: number }).level).toBeLessThan(50)
    for (const hidden of [secret, token, 'pushledger_session']) expect(line).not.toContain(hidden)
  }
})
