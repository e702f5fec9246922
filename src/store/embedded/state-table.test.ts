// States: sets of facts, each cell on its earliest day, and the sizes that follow their devices.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Sizes } from './sizes.ts'
import { cellOfCode, dayOfCode, emptyState, factCode, StateTable } from './state-table.ts'

const fact = fc.record({ cell: fc.nat(7), day: fc.integer({ min: 100, max: 105 }) })

test('the order and repetition of facts change neither state nor what was new', () => {
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 20 }), (facts) => {
      const table = new StateTable(() => [])
      const told = (list: typeof facts) => {
        let isMore = 0
        const state = list.reduce((before, { cell, day }) => {
          const after = table.after(before, factCode(cell, day))
          if (table.isMore(before, after)) isMore++
          return after
        }, emptyState)
        return { state, isMore }
      }
      const forwards = told(facts)
      expect(told([...facts].reverse())).toEqual(forwards)
      expect(told([...facts, ...facts])).toEqual(forwards)
      const earliest = new Map<number, number>()
      for (const { cell, day } of facts) {
        earliest.set(cell, Math.min(day, earliest.get(cell) ?? day))
      }
      expect(forwards.isMore).toBe(earliest.size)
      const held = table.factsOf(forwards.state).map((code) => [cellOfCode(code), dayOfCode(code)])
      expect(new Map(held as [number, number][])).toEqual(earliest)
    }),
  )
})

test('sizes count a device once in each selection any of its cells belongs to', () => {
  const selections = [[0], [0, 1], [1], []]
  const table = new StateTable((cell) => selections[cell] ?? [])
  const sizes = new Sizes()
  const first = table.after(emptyState, factCode(0, 1))
  const both = table.after(first, factCode(1, 1))
  table.move(emptyState, first)
  table.move(emptyState, both)
  table.move(emptyState, table.after(emptyState, factCode(3, 1)))
  table.settle(sizes)
  expect(sizes.dense(2)).toEqual([2, 1])
  table.move(first, both)
  table.settle(sizes)
  expect(sizes.dense(2)).toEqual([2, 2])
})
