// The bits of a packed leaf: a run of places filled at once, against each of them alone.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changeAt, emptyPacked, fillEmpty, localAt, packedBytes, slackBytes } from './bits.ts'

const span = 400

it('a run is filled as each of its places would be, and nothing beside it', () => {
  const world = fc.record({
    bits: fc.integer({ min: 1, max: 24 }),
    base: fc.nat(9),
    runs: fc.array(fc.record({ gap: fc.nat(20), run: fc.nat(70), local: fc.nat() })),
  })
  fc.assert(
    fc.property(world, ({ bits, base, runs }) => {
      const bytes = packedBytes(span, bits) + slackBytes
      const [filled, placed] = [0, 1].map(() =>
        emptyPacked(new Uint8Array(base + bytes), base, bits, 0, span),
      ) as [ReturnType<typeof emptyPacked>, ReturnType<typeof emptyPacked>]
      let place = 0
      for (const { gap, run, local } of runs) {
        const from = Math.min(place + gap, span)
        const number = 1 + (local % (2 ** bits - 1))
        place = Math.min(from + run, span)
        fillEmpty(filled, from, place, number)
        for (let i = from; i < place; i++) changeAt(placed, i, number)
        if (from < place) expect(localAt(filled, place - 1)).toBe(number)
      }
      expect(filled.bytes).toEqual(placed.bytes)
    }),
    { numRuns: 500 },
  )
})
