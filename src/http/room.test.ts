// The room for bodies: what is taken is given back, and only so many are unpacked at a time.

import { expect, test } from 'vitest'
import { openBuffers } from '../buffers.ts'
import { openRoom } from './room.ts'

test('refuses what does not fit, and takes it once there is room again', () => {
  const room = openRoom(openBuffers(), 100)
  const first = room.hold()
  first.take(60)
  first.take(30)
  const second = room.hold()
  expect(() => second.take(11)).toThrow(
    expect.objectContaining({ fault: 'unavailable', retryAfterSeconds: 1 }),
  )
  second.take(10)
  first.release()
  second.take(90)
  second.release()
  second.release()
  room.hold().take(100)
})

test('lends memory that keeps what was in it as it grows, and lends it again after the release', () => {
  const room = openRoom(openBuffers())
  const first = room.hold()
  first.memory(70_000).write('begun')
  const grown = first.memory(300_000)
  expect(grown.length).toBeGreaterThanOrEqual(300_000)
  expect(grown.toString('latin1', 0, 5)).toBe('begun')
  const other = room.hold()
  expect(other.memory(300_000).byteOffset).not.toBe(grown.byteOffset)
  first.release()
  expect(room.hold().memory(300_000).byteOffset).toBe(grown.byteOffset)
  expect(room.hold().memory(300_000).byteOffset).not.toBe(grown.byteOffset)
  expect(room.hold().memory(20_000_000).length).toBe(20_000_000)
})

test('unpacks four at a time, the others in the order they came', async () => {
  const room = openRoom(openBuffers())
  const begun: number[] = []
  const ends: (() => void)[] = []
  const works = [0, 1, 2, 3, 4, 5].map((i) =>
    room.unpack(async () => {
      begun.push(i)
      await new Promise<void>((resolve) => ends.push(resolve))
      if (i === 1) throw new Error('broken')
    }),
  )
  const settled = Promise.allSettled(works)
  await Promise.resolve()
  expect(begun).toEqual([0, 1, 2, 3])
  while (ends.length > 0) {
    ends.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(begun).toEqual([0, 1, 2, 3, 4, 5])
  expect((await settled).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
})
