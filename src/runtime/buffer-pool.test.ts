// The blocks of the shared memory: never two over one another, and whole again once all are back.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Buffers, letGo, openBuffers } from './buffer-pool.ts'

const sizeMax = 2 ** 24

/** As many blocks of the greatest size as there are. */
const takeAll = (buffers: Buffers): Buffer[] => {
  const taken: Buffer[] = []
  for (;;) {
    const block = buffers.take(sizeMax)
    if (block.buffer !== buffers.memory) return taken
    taken.push(block)
  }
}

it('lends blocks that do not overlap, and joins what comes back', () => {
  const wanted = fc.array(fc.tuple(fc.double({ min: 12, max: 24, noNaN: true }), fc.nat()), {
    minLength: 20,
    maxLength: 200,
  })
  const buffers = openBuffers()
  let lentBlocks = 0
  fc.assert(
    fc.property(wanted, (steps) => {
      const lent: Buffer[] = []
      for (const [powers, turn] of steps) {
        const bytes = Math.floor(2 ** powers)
        const next = buffers.take(bytes)
        expect(next.length).toBeGreaterThanOrEqual(bytes)
        if (next.buffer === buffers.memory) lentBlocks++
        for (const { buffer, byteOffset: at, length } of lent) {
          const isApart = at + length <= next.byteOffset || next.byteOffset + next.length <= at
          expect(buffer !== next.buffer || isApart).toBe(true)
        }
        lent.push(next)
        if (turn % 3 > 0)
          for (const back of lent.splice(turn % lent.length, 1)) buffers.giveBack(back)
      }
      for (const block of lent) buffers.giveBack(block)
      const all = takeAll(buffers)
      expect(all).toHaveLength(buffers.memory.byteLength / sizeMax)
      for (const block of all) buffers.giveBack(block)
    }),
    { seed: 1, numRuns: 100 },
  )
  expect(lentBlocks).toBeGreaterThan(1000)
})

it('gives memory of its own to who needs little, or more than any block, or comes too late', () => {
  const buffers = openBuffers()
  expect(buffers.take(100)).toHaveLength(100)
  expect(buffers.take(100).buffer).not.toBe(buffers.memory)
  expect(buffers.take(sizeMax + 1).buffer).not.toBe(buffers.memory)
  const all = takeAll(buffers)
  const late = buffers.take(2 ** 20)
  expect(late.buffer).not.toBe(buffers.memory)
  buffers.giveBack(late)
  for (const block of all) buffers.giveBack(block)
  expect(buffers.take(2 ** 20).buffer).toBe(buffers.memory)
})

it('frees memory at once, if nobody shares it', () => {
  const bytes = 2 ** 23
  const whole = Buffer.allocUnsafeSlow(bytes)
  const before = process.memoryUsage().arrayBuffers
  letGo(whole)
  expect(whole).toHaveLength(0)
  expect(before - process.memoryUsage().arrayBuffers).toBeGreaterThanOrEqual(bytes)
  const shared = Buffer.allocUnsafeSlow(bytes)
  letGo(shared.subarray(1))
  letGo(openBuffers().take(bytes))
  letGo(new Uint8Array(new SharedArrayBuffer(8)))
  expect(shared).toHaveLength(bytes)
})
