// Sorting facts: by sheet, then device, then in the order told.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkFacts, FactChunk } from './fact-sorter.ts'

const fact = fc.record({
  sheet: fc.oneof(fc.nat(3), fc.nat(2 ** 18)),
  ordinal: fc.oneof(fc.nat(5), fc.nat(2 ** 31)),
})

test('a chunk sorts stably, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fact, { maxLength: 60 }), { maxLength: 3 }), (rounds) => {
      const chunk = new FactChunk()
      for (const round of rounds) {
        chunk.clear()
        round.forEach(({ sheet, ordinal }, i) => {
          chunk.add(sheet, ordinal, i, i + 1)
        })
        expect([...chunk.sort()].length).toBeLessThan(10)
        const expected = round
          .map(({ sheet, ordinal }, i) => [sheet, ordinal, i, i + 1])
          .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0))
        const sorted = Array.from({ length: chunk.length }, (_, i) => [
          chunk.sheets[i],
          chunk.ordinals[i],
          chunk.codes[i],
          chunk.owners[i],
        ])
        expect(sorted).toEqual(expected)
      }
    }),
  )
})

test('a full chunk says so', () => {
  const chunk = new FactChunk()
  for (let i = 0; i < chunkFacts; i++) chunk.add(0, i, 0, 0)
  expect(chunk.isFull).toBe(true)
})
