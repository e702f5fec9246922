// How long is waited after each kind of trouble.
import { describe, expect, it } from 'vitest'
import { backOffMs, retryAfterMsOf, waitAfter } from './trouble.ts'

const fault = (status: number) => ({ kind: 'fault', status, code: 10, message: 'm' }) as const

describe('the back-off', () => {
  it.each([
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [6, 30_000],
    [60, 30_000],
  ])('after %i failures is at most %i ms and at least three quarters of it', (failures, most) => {
    expect(backOffMs(failures, () => 1)).toBe(most)
    expect(backOffMs(failures, () => 0)).toBe(most * 0.75)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z')
  it.each([
    [null, 0],
    ['7', 7_000],
    ['Thu, 01 Jan 2026 00:00:03 GMT', 3_000],
    ['Thu, 01 Jan 2025 00:00:03 GMT', 0],
    ['soon', 0],
  ])('%s is %i ms', (header, ms) => {
    expect(retryAfterMsOf(header, now)).toBe(ms)
  })
})

describe('asking again', () => {
  const wait = (trouble: Parameters<typeof waitAfter>[0]) => waitAfter(trouble, 1, () => 1)
  it('waits as long as it is told', () => {
    expect(wait({ kind: 'throttled', retryAfterMs: 9_000 })).toBe(9_000)
    expect(wait({ kind: 'throttled', retryAfterMs: 0 })).toBe(1_000)
    expect(wait({ kind: 'away', retryAfterMs: 5_000 })).toBe(5_000)
  })
  it('goes on after what the server did wrong, and not after what we did', () => {
    expect(wait({ kind: 'away', retryAfterMs: 0 })).toBe(1_000)
    expect(wait(fault(500))).toBe(1_000)
    expect(wait(fault(403))).toBeUndefined()
    expect(wait({ kind: 'refused', message: 'm' })).toBeUndefined()
  })
})
