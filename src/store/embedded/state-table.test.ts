// States: sets of facts, each cell in its earliest hour, and the sizes that follow their devices.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Sizes } from './sizes.ts'
import { cellOfCode, emptyState, factCode, hourOfCode, StateTable } from './state-table.ts'

const fact = fc.record({ cell: fc.nat(7), hour: fc.integer({ min: 100, max: 105 }) })

test('the order and repetition of facts change neither state nor what was new', () => {
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 20 }), (facts) => {
      const table = new StateTable(() => [])
      const told = (list: typeof facts) => {
        let isMore = 0
        const state = list.reduce((before, { cell, hour }) => {
          const after = table.after(before, factCode(cell, hour))
          if (table.isMore(before, after)) isMore++
          return after
        }, emptyState)
        return { state, isMore }
      }
      const forwards = told(facts)
      expect(told([...facts].reverse())).toEqual(forwards)
      expect(told([...facts, ...facts])).toEqual(forwards)
      const earliest = new Map<number, number>()
      for (const { cell, hour } of facts) {
        earliest.set(cell, Math.min(hour, earliest.get(cell) ?? hour))
      }
      expect(forwards.isMore).toBe(earliest.size)
      const held = table.factsOf(forwards.state).map((code) => [cellOfCode(code), hourOfCode(code)])
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
