// The window: starts with the first call, lasts a minute, is each app's own.
import { expect, it } from 'vitest'
import { openRateLimit } from './rate-limit.ts'

it('counts down from the limit and says when it begins anew', () => {
  const spend = openRateLimit(2)
  const start = 1_000_500
  expect(spend('a', start)).toEqual({ limit: 2, remaining: 1, resetSeconds: 60, isOver: false })
  expect(spend('a', start + 1)).toEqual({ limit: 2, remaining: 0, resetSeconds: 60, isOver: false })
  expect(spend('a', start + 1000)).toEqual({
    limit: 2,
    remaining: 0,
    resetSeconds: 59,
    isOver: true,
  })
  expect(spend('a', start + 59_999)).toMatchObject({ resetSeconds: 1, isOver: true })
  expect(spend('a', start + 60_000)).toEqual({
    limit: 2,
    remaining: 1,
    resetSeconds: 60,
    isOver: false,
  })
})

it('is each app’s own', () => {
  const spend = openRateLimit(1)
  expect(spend('a', 0)?.isOver).toBe(false)
  expect(spend('b', 0)?.isOver).toBe(false)
  expect(spend('a', 0)?.isOver).toBe(true)
})

it('begins anew when the clock is set back', () => {
  const spend = openRateLimit(1)
  spend('a', 10_000_000)
  expect(spend('a', 1)).toEqual({ limit: 1, remaining: 0, resetSeconds: 60, isOver: false })
})

it('of 0 is none', () => {
  expect(openRateLimit(0)('a', 0)).toBeUndefined()
})
