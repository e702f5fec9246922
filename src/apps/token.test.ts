// What a token looks like, and what does not.
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { isLikeToken, mintToken, parseToken, parseTokenId, textOfToken } from './token.ts'

const id = '0123456789ab'
const secret = '0123456789abcdef0123456789abcdef'

it('is a prefix, an id and a secret', () => {
  expect(parseToken(`plf_${id}_${secret}`)).toEqual({ id, secret })
  expect(isLikeToken(`plf_${id}_${secret}`)).toBe(true)
})

it.each([
  '',
  'plf_',
  `plf_${id}`,
  `plf_${id}_`,
  `plf_${id}_${secret}_`,
  `plf_${id}_${secret}0`,
  `plf_${id}_${secret}\n`,
  ` plf_${id}_${secret}`,
  `plf_${id}0_${secret}`,
  `PLF_${id}_${secret}`,
  `plf_${id}_${secret.toUpperCase()}`,
  `plf_${id}${secret}`,
  `${id}_${secret}`,
  'plf___proto___',
  '5e987ac6d2e04d95a9d8f0d1',
])('%j is none', (text) => {
  expect(parseToken(text)).toBeUndefined()
})

it.each(['', id.toUpperCase(), `${id}0`, id.slice(1), '__proto__'])('%j is no id', (text) => {
  expect(parseTokenId(text)).toBeUndefined()
})

it('is minted from random bytes alone: 6 for its id, 16 for its secret', () => {
  const asked: number[] = []
  const token = mintToken((bytes) => {
    asked.push(bytes)
    return createHash('sha512').update(String(asked.length)).digest().subarray(0, bytes)
  })
  expect(asked).toEqual([6, 16])
  const text = textOfToken(token)
  expect(text).toMatch(/^plf_[0-9a-f]{12}_[0-9a-f]{32}$/)
  expect(encodeURIComponent(text)).toBe(text)
  expect(parseToken(text)).toEqual(token)
})
