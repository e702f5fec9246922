// The room for bodies: what is taken is given back, nobody takes all of it, and only so many are unpacked
// at a time.

import { expect, test } from 'vitest'
import { openBuffers } from '../../runtime/buffer-pool.ts'
import { openRoom, roomBytesFor } from './body-budget.ts'

test('refuses what does not fit, and takes it once there is room again', () => {
  const room = openRoom(openBuffers(), 200)
  const first = room.hold('a')
  first.take(60)
  first.take(30)
  const second = room.hold('a')
  expect(() => second.take(11)).toThrow(
    expect.objectContaining({ fault: 'unavailable', retryAfterSeconds: 1 }),
  )
  second.take(10)
  first.release()
  second.take(90)
  expect(room.taken()).toBe(100)
  second.release()
  second.release()
  expect(room.taken()).toBe(0)
  room.hold('a').take(100)
})

test('has room for others, however much one caller wants', () => {
  const room = openRoom(openBuffers(), 120)
  room.hold('a').take(60)
  expect(() => room.hold('a').take(1)).toThrow(expect.objectContaining({ fault: 'unavailable' }))
  room.hold('b').take(30)
  expect(() => room.hold('b').take(1)).toThrow(expect.objectContaining({ fault: 'unavailable' }))
  room.hold('c').take(15)
})

test('has room for the largest body of a caller, packed and unpacked', () => {
  expect(roomBytesFor(16 * 2 ** 20)).toBe(256 * 2 ** 20)
  const room = openRoom(openBuffers(), roomBytesFor(2 ** 30))
  const held = room.hold('a')
  held.take(2 ** 30)
  held.take(2 ** 30)
})

test('lends memory that keeps what was in it as it grows, and lends it again after the release', () => {
  const room = openRoom(openBuffers())
  const first = room.hold('a')
  first.memory(70_000).write('begun')
  const grown = first.memory(300_000)
  expect(grown.length).toBeGreaterThanOrEqual(300_000)
  expect(grown.toString('latin1', 0, 5)).toBe('begun')
  const other = room.hold('a')
  expect(other.memory(300_000).byteOffset).not.toBe(grown.byteOffset)
  first.release()
  expect(room.hold('a').memory(300_000).byteOffset).toBe(grown.byteOffset)
  expect(room.hold('a').memory(300_000).byteOffset).not.toBe(grown.byteOffset)
  expect(room.hold('a').memory(20_000_000).length).toBe(20_000_000)
})

test('unpacks four at a time, three of one caller, the others by turns', async () => {
  const room = openRoom(openBuffers())
  const begun: string[] = []
  const ends: (() => void)[] = []
  const { signal } = new AbortController()
  const works = ['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'b2'].map((name) =>
    room.hold(name.charAt(0)).unpack(signal, async () => {
      begun.push(name)
      await new Promise<void>((resolve) => ends.push(resolve))
      if (name === 'a2') throw new Error('broken')
    }),
  )
  const settled = Promise.allSettled(works)
  await Promise.resolve()
  expect(begun).toEqual(['a1', 'a2', 'a3', 'b1'])
  while (ends.length > 0) {
    ends.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'a4', 'b2', 'a5'])
  const failed = (await settled).flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))
  expect(failed).toEqual([1])
})
