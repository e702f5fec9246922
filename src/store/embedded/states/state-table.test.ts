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

test('states whose facts have one hash are two', () => {
  const table = new StateTable(() => [])
  const states = [
    [122_901_507, 122_901_508],
    [122_947_875, 122_947_876],
  ]
  const numbers = states.map((facts) => table.numberOf(facts))
  expect(new Set(numbers).size).toBe(2)
  expect(states.map((facts) => table.numberOf(facts))).toEqual(numbers)
  expect(numbers.map((number) => table.factsOf(number))).toEqual(states)
})

test('a state is named by the facts that stand first in an array, which may be used again', () => {
  const table = new StateTable(() => [])
  const facts = [7, 9, 11]
  const state = table.numberOf(facts, 2)
  facts[0] = 8
  expect(table.factsOf(state)).toEqual([7, 9])
  expect(table.numberOf([7, 9])).toBe(state)
  expect(table.numberOf(facts, 0)).toBe(emptyState)
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
