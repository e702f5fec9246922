// What an Authorization header may look like; nothing in it may throw.
import { expect, it } from 'vitest'
import { parseBasic, parseBearer } from './authorization.ts'

const encode = (text: string) => Buffer.from(text, 'latin1').toString('base64')

it.each<readonly [string | undefined, object | undefined]>([
  [`Basic ${encode('key:secret')}`, { key: 'key', secret: 'secret' }],
  [`basic  ${encode('key:secret')} `, { key: 'key', secret: 'secret' }],
  [`BASIC ${encode('key:secret').replaceAll('=', '')}`, { key: 'key', secret: 'secret' }],
  [`Basic ${encode('key:se:cr:et')}`, { key: 'key', secret: 'se:cr:et' }],
  [`Basic ${encode(':')}`, { key: '', secret: '' }],
  [`Basic ${encode('key:\u0000\u00ff')}`, { key: 'key', secret: '\u0000\u00ff' }],
  [`Basic ${encode('no colon')}`, undefined],
  ['Basic !!!', undefined],
  ['Basic ', undefined],
  [`Basic ${encode('key:secret')} ${encode('key:secret')}`, undefined],
  [`Basic${' '.repeat(16_000)}x y`, undefined],
  ['Basic', undefined],
  [`Bearer ${encode('key:secret')}`, undefined],
  [encode('key:secret'), undefined],
  ['', undefined],
  [undefined, undefined],
])('%s', (header, credentials) => {
  expect(parseBasic(header)).toEqual(credentials)
})

it('reads the page’s own broken example as credentials that nobody has', () => {
  const header = 'Basic MjllYTg1MTQxOWY3NDdiZTdiNTc4NWEwOjc5ZjQ4Njk3MGVjNMM0MWJmZTM4MWJjMw=='
  expect(parseBasic(header)?.key).toBe('29ea851419f747be7b5785a0')
})

it.each<readonly [string | undefined, string | undefined]>([
  ['Bearer plf_0_1', 'plf_0_1'],
  ['bearer   plf_0_1 ', 'plf_0_1'],
  ['BEARER \u00ff', '\u00ff'],
  ['Bearer ', ''],
  ['Bearer', undefined],
  ['Bearer two words', undefined],
  [`Bearer${' '.repeat(16_000)}x${' '.repeat(16_000)}`, 'x'],
  ['Basic plf_0_1', undefined],
  ['plf_0_1', undefined],
  ['', undefined],
  [undefined, undefined],
])('as a bearer: %s', (header, token) => {
  expect(parseBearer(header)).toBe(token)
})
