// Which tokens a Cookie header holds, whatever stands in it.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cookieOf, noCookieOf, tokensIn } from './session-cookie.ts'

const one = '7d431e42dfa6a6d693ac2d04'
const two = 'ffffffffffffffffffffffff'
const token = `${'aB3-_'.repeat(8)}xyz`
const pair = (key: string, value = token) => `pushledger_session_${key}=${value}`

describe('the tokens', () => {
  it.each<readonly [string | undefined, Record<string, string>]>([
    [undefined, {}],
    ['', {}],
    [pair(one), { [one]: token }],
    [`a=b; ${pair(one)};${pair(two)} ; c`, { [one]: token, [two]: token }],
    [`${pair(one)}; ${pair(one)}`, { [one]: '' }],
    [`${pair(one)}; ${pair(one, 'x'.repeat(43))}; ${pair(one)}`, { [one]: '' }],
    [pair(one.toUpperCase()), {}],
    [pair(one, `"${token}"`), {}],
    [pair(one, `${token}x`), {}],
    [pair(one, token.slice(1)), {}],
    [`x${pair(one)}`, {}],
    [`${pair('__proto__')}; pushledger_session_=${token}`, {}],
  ])('of %s', (header, tokens) => {
    expect(Object.fromEntries(tokensIn(header))).toEqual(tokens)
  })

  it('are found among any others', () => {
    const others = fc.array(fc.string().map((text) => text.replaceAll(/;|pushledger/g, '')))
    fc.assert(
      fc.property(others, others, (before, after) => {
        const header = [...before, pair(one), ...after].join(';')
        expect(tokensIn(header)).toEqual(new Map([[one, token]]))
      }),
    )
  })
})

it('a cookie that is set is read again, and ends by one without a token', () => {
  expect(tokensIn(cookieOf(tokenKey(), token, true).split(';')[0])).toEqual(new Map([[one, token]]))
  expect(noCookieOf(tokenKey(), false)).toBe(
    `${pair(one, '')}; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`,
  )
})

const tokenKey = () => [...tokensIn(pair(one)).keys()][0]!
