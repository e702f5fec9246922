// How long failures wait; that right credentials do not is tested in test/api.
import { expect, it } from 'vitest'
import { openFailedLogIns } from './login-throttle.ts'

const waitsOf = (count: number, note: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => note(i))

it('lets five failures for a key go, then waits twice as long each time, up to a second', () => {
  const { note } = openFailedLogIns()
  expect(waitsOf(12, () => note('a', 'k', 0))).toEqual([
    0, 0, 0, 0, 0, 50, 100, 200, 400, 800, 1000, 1000,
  ])
  expect(note('b', 'k', 0)).toBe(0)
})

it('lets twenty failures of an address go, whatever the keys', () => {
  const { note } = openFailedLogIns()
  expect(waitsOf(22, (i) => note('a', `k${i}`, 0)).slice(18)).toEqual([0, 0, 50, 100])
  expect(note('b', 'k1', 0)).toBe(0)
})

it('forgets after a minute of peace, and when the clock is set back', () => {
  const { note } = openFailedLogIns()
  waitsOf(9, () => note('a', 'k', 100_000))
  expect(note('a', 'k', 159_999)).toBe(800)
  expect(note('a', 'k', 220_000)).toBe(0)
  waitsOf(9, () => note('a', 'k', 220_000))
  expect(note('a', 'k', 0)).toBe(0)
})

it('remembers so many at most, and lets go of those longest silent', () => {
  const { note } = openFailedLogIns()
  waitsOf(9, () => note('first', 'k', 0))
  waitsOf(20_000, (i) => note(`a${i}`, 'k', 0))
  expect(note('first', 'k', 0)).toBe(0)
})
