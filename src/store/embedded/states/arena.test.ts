// Memory of a stage: no two pieces share a byte until it is cleared, and then it is used again.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { StageMemory } from './arena.ts'

const piece = fc.record({ isNumbers: fc.boolean(), length: fc.integer({ min: 0, max: 400_000 }) })

it('gives every piece its own bytes, and numbers where they may stand', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const memory = new StageMemory()
      const ends = new Map<ArrayBufferLike, number>()
      for (const { isNumbers, length } of pieces) {
        const taken = isNumbers ? memory.numbers(length) : memory.bytes(length)
        expect(taken).toHaveLength(length)
        expect(taken.byteOffset).toBeGreaterThanOrEqual(ends.get(taken.buffer) ?? 0)
        ends.set(taken.buffer, taken.byteOffset + taken.byteLength)
      }
    }),
  )
})

it('is used again after it is cleared, but for what is too much to keep', () => {
  const memory = new StageMemory()
  const take = (count: number) => Array.from({ length: count }, () => memory.bytes(2 ** 20).buffer)
  const first = take(20)
  memory.clear()
  const second = take(20)
  expect(second.slice(0, 16)).toEqual(first.slice(0, 16))
  for (const [i, buffer] of second.slice(0, 16).entries()) expect(buffer).toBe(first[i])
  for (const buffer of second.slice(16)) expect(first).not.toContain(buffer)
})

it('takes back what was lent since a mark, and nothing before it', () => {
  const memory = new StageMemory()
  const before = memory.numbers(100).fill(7)
  const mark = memory.mark()
  const lent = memory.bytes(2 ** 20)
  memory.release(mark)
  const again = memory.bytes(100).fill(1)
  expect(again.buffer).toBe(before.buffer)
  expect(again.byteOffset).toBe(before.byteOffset + before.byteLength)
  expect(before.every((number) => number === 7)).toBe(true)
  expect(memory.bytes(2 ** 20).buffer).toBe(lent.buffer)
})
