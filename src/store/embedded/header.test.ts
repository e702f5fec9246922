// The header codec: sizes, when it was told of and the leaves' places come back as they were written.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteWriter } from './bytes.ts'
import { readHeader, writeHeader } from './header.ts'
import { Sizes } from './sizes.ts'

const written = (
  latestDay: number,
  firstHour: number,
  sizes: readonly number[],
  starts: readonly number[],
) => {
  const out = new ByteWriter()
  const held = new Sizes()
  // In any order, some in two parts.
  for (const [number, size] of [...sizes.entries()].reverse()) held.add(number, size - (size % 2))
  for (const [number, size] of sizes.entries()) held.add(number, size % 2)
  writeHeader(out, { latestDay, firstHour }, held, starts)
  return Uint8Array.from(out.written())
}

const size = fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
const starts = fc
  .uniqueArray(fc.integer({ min: 1, max: 2 ** 31 }), { maxLength: 20 })
  .map((rest) => (rest.length === 0 ? [] : [0, ...rest.sort((a, b) => a - b)]))

test('a header is read as it was written', () => {
  fc.assert(
    fc.property(
      fc.nat(40_000),
      fc.array(size, { maxLength: 250 }),
      starts,
      fc.nat(2_000),
      (day, sizes, leaves, hours) => {
        const firstHour = day === 0 ? 0 : Math.max(0, day * 24 + 23 - hours)
        const header = readHeader(written(day, firstHour, sizes, leaves), 250)
        expect(header.latestDay).toBe(day)
        expect(header.firstHour).toBe(firstHour)
        expect(header.sizes.dense(250)).toEqual([
          ...sizes,
          ...new Array(250 - sizes.length).fill(0),
        ])
        expect(header.leafStarts).toEqual(leaves)
        expect(header.rest.isAtEnd()).toBe(true)
      },
    ),
  )
})

test('a push to one device spends a byte on each size', () => {
  const sizes = new Array(250).fill(0)
  for (const selection of [0, 3, 9, 17, 40, 90, 200]) sizes[selection] = 1
  expect(written(20_000, 480_010, sizes, []).length).toBeLessThanOrEqual(3 + 1 + 1 + 1 + 7 + 1)
})

test('a size beyond the table is damage', () => {
  expect(() => readHeader(written(1, 24, [0, 0, 5], []), 2)).toThrow('damaged')
})
