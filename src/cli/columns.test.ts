// Cells in columns: alignment, and characters that are wider or narrower than one place.
import { expect, it } from 'vitest'
import { columnsOf, count, countOrDash, share, widthOf } from './columns.ts'

it.each([
  ['', 0],
  ['abc', 3],
  ['推送', 4],
  ['한국', 4],
  ['ｆｕｌｌ', 8],
  ['é', 1],
  ['e\u0301', 1],
  ['👍', 2],
  ['👨‍👩‍👧', 2],
  ['❤️', 2],
  ['a\u200bb', 2],
])('%s takes %i places', (text, width) => {
  expect(widthOf(text)).toBe(width)
})

it('aligns numbers to the right and text to the left', () => {
  const columns = [
    { name: 'ID', isNumber: false },
    { name: 'N', isNumber: true },
    { name: 'WORDS', isNumber: false },
  ]
  const rows = [
    ['设备', '1,234', 'x'],
    ['abc', '-', ''],
  ]
  expect(columnsOf(columns, rows).split('\n')).toEqual([
    'ID        N  WORDS',
    '设备  1,234  x',
    'abc       -',
  ])
})

it.each([
  [1, 3, '33.3%'],
  [3, 3, '100.0%'],
  [null, 3, '-'],
  [3, null, '-'],
  [undefined, undefined, '-'],
  [4, 3, '–'],
])('the share of %s in %s is %s', (part, whole, text) => {
  expect(share(part, whole)).toBe(text)
})

it('parts thousands', () => {
  expect([count(0), count(1234567), countOrDash(null), countOrDash(1000)]).toEqual([
    '0',
    '1,234,567',
    '-',
    '1,000',
  ])
})
