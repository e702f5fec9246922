// When one count is a share of another.
import { expect, it } from 'vitest'
import { type Ratio, shareOf } from './share.ts'

it.each<readonly [number, number, readonly Ratio[], number | undefined]>([
  [1, 4, [], 0.25],
  [4, 4, [], 1],
  [0, 4, [], 0],
  [0, 0, [], undefined],
  [3, 0, [], undefined],
  [5, 4, [], undefined],
  [
    2,
    4,
    [
      { part: 1, whole: 2 },
      { part: 1, whole: 2 },
      { part: 0, whole: 0 },
    ],
    0.5,
  ],
  // One channel reports receipts and not what was sent, another what was sent alone.
  [
    3,
    4,
    [
      { part: 3, whole: 0 },
      { part: 0, whole: 4 },
    ],
    undefined,
  ],
])('%d of %d, made of %j, is %d', (part, whole, rows, share) => {
  expect(shareOf(part, whole, rows)).toBe(share)
})
