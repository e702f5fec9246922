// The header codec: sizes, when it was told of and the leaves' places come back as they were written.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { writeLeaf } from '../leaf/codec.ts'
import { Runs } from '../leaf/runs.ts'
import { ByteWriter } from '../lmdb/bytes.ts'
import type { SheetKind } from '../states/selections.ts'
import { Sizes } from '../states/sizes.ts'
import { factCode, StateTable } from '../states/state-table.ts'
import { readHeader, summaryOf, writeHeader } from './header.ts'

const kindOf = (sizeCount: number, revision = 0): SheetKind => ({
  sizeCount,
  selectionsOfCell: (cell) => [cell, cell + 3],
  revision,
  revisionMax: revision,
  since: new Uint8Array(sizeCount),
})

const written = (
  latestDay: number,
  firstHour: number,
  sizes: readonly number[],
  starts: readonly number[],
  revision = 0,
) => {
  const out = new ByteWriter()
  const held = new Sizes()
  // In any order, some in two parts.
  for (const [number, size] of [...sizes.entries()].reverse()) held.add(number, size - (size % 2))
  for (const [number, size] of sizes.entries()) held.add(number, size % 2)
  writeHeader(out, { latestDay, firstHour }, revision, held, starts)
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
      fc.oneof(fc.nat(40), fc.nat(100_000)),
      (day, sizes, leaves, hours, revision) => {
        const firstHour = day === 0 ? 0 : Math.max(0, day * 24 + 23 - hours)
        const bytes = written(day, firstHour, sizes, leaves, revision)
        const header = readHeader(bytes, kindOf(250, revision))
        expect(header.revision).toBe(revision)
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
  expect(() => readHeader(written(1, 24, [0, 0, 5], []), kindOf(2))).toThrow('damaged')
})

test('the sizes of a sheet of one state follow from its leaf, whatever revision is asked', () => {
  const table = new StateTable(() => [])
  const runs = new Runs()
  const state = table.numberOf([factCode(1, 500_000), factCode(4, 500_001)])
  runs.add(7, 9, state)
  runs.add(12, 13, state)
  const out = new ByteWriter()
  writeHeader(out, { latestDay: 20_833, firstHour: 500_000 }, 2, undefined, [])
  writeLeaf(out, table, runs, 0, runs.length, 0)
  const kind = kindOf(8, 5)
  const header = readHeader(out.written(), kind)
  expect(header.revision).toBe(5)
  expect(header.sizes.dense(8)).toEqual([0, 3, 0, 0, 3, 0, 0, 3])
  expect(summaryOf(out.written(), kind).sizes).toEqual([0, 3, 0, 0, 3, 0, 0, 3])
  expect(header.rest.varint()).toBe(1)
})

test('a header of a revision that came later is not read', () => {
  const bytes = written(20_000, 480_010, [1], [], 3)
  expect(() => readHeader(bytes, kindOf(1, 2))).toThrow('came later')
})
