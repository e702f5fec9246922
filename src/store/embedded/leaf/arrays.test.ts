// Devices of an open leaf: found, and made room for, against a plain map.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { StageMemory } from '../states/arena.ts'
import { Newcomers, placeOf, withNewcomers } from './arrays.ts'
import { type Entries, noEntries } from './codec.ts'

const heldBy = ({ ordinals, states, length }: Entries): [number, number][] =>
  Array.from({ length }, (_, i) => [ordinals[i] ?? 0, states[i] ?? 0])

it('holds what came, in rising order, whatever came before', () => {
  const batch = fc
    .uniqueArray(fc.nat(3000), { maxLength: 300 })
    .map((all) => all.sort((a, b) => a - b))
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), (batches) => {
      const newcomers = new Newcomers(300)
      const model = new Map<number, number>()
      const memory = new StageMemory()
      let entries = noEntries
      for (const [n, ordinals] of batches.entries()) {
        newcomers.length = 0
        let place = 0
        for (const ordinal of ordinals) {
          place = placeOf(entries, ordinal, place)
          const isHeld = place < entries.length && entries.ordinals[place] === ordinal
          expect(isHeld).toBe(model.has(ordinal))
          if (!isHeld) newcomers.add(place, ordinal, n + 1)
          if (!isHeld) model.set(ordinal, n + 1)
        }
        entries = withNewcomers(entries, newcomers, memory)
        expect(heldBy(entries)).toEqual([...model].sort(([a], [b]) => a - b))
      }
    }),
    { numRuns: 300 },
  )
  expect(noEntries.length).toBe(0)
})
