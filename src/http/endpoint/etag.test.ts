// Tags: the same for the same bytes alone, and found in whatever list a caller sends.
import { expect, it } from 'vitest'
import { isHeld, tagOf } from './etag.ts'

it('a tag is of the bytes', () => {
  expect(tagOf('[1]')).toBe(tagOf('[1]'))
  expect(tagOf('[1]')).not.toBe(tagOf('[2]'))
  expect(tagOf('商店')).toMatch(/^"[\w-]+"$/)
})

it.each([
  [undefined, false],
  ['', false],
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['"b","a","c"', true],
  ['*', true],
  [' * ', true],
  ['a', false],
  ['"b"', false],
  ['"aa"', false],
] as const)('If-None-Match: %s', (header, held) => {
  expect(isHeld(header, '"a"')).toBe(held)
})
