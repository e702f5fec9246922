// No owner has more than is left for the others.
import { expect, it } from 'vitest'
import { Shares } from './shares.ts'

const takeAll = (shares: Shares<string>, owner: string): number => {
  while (shares.mayTake(owner, 1)) shares.take(owner, 1)
  return shares.takenBy(owner)
}

it('gives one alone half, two a third each, and always something to one more', () => {
  const shares = new Shares<string>(120)
  expect(takeAll(shares, 'a')).toBe(60)
  expect(takeAll(shares, 'b')).toBe(30)
  shares.giveBack('a', 20)
  expect(takeAll(shares, 'b')).toBe(40)
  expect(takeAll(shares, 'a')).toBe(40)
  expect(takeAll(shares, 'c')).toBe(20)
  expect(shares.taken).toBe(100)
})

it('has all of it back in the end', () => {
  const shares = new Shares<string>(100)
  shares.take('a', 10)
  shares.take('a', 5)
  shares.giveBack('a', 15)
  expect([shares.taken, shares.takenBy('a')]).toEqual([0, 0])
})
