// Sums of the feed.
import { expect, it } from 'vitest'
import { refusedCodes, refusedOf, sumsOf } from './feed.ts'

const hour = (refused: Record<string, number>) => ({
  hour: '2026-01-01 08',
  bodies: 1,
  accepted: 10,
  repeated: 2,
  refused,
})
const hours = [hour({ bad_json: 1, bad_time: 0 }), hour({ bad_type: 5, bad_json: 1 }), hour({})]

it('hours add up, refused lines over all codes', () => {
  expect(sumsOf(hours)).toEqual({ bodies: 3, accepted: 30, repeated: 6, refused: 7 })
  expect(sumsOf([])).toEqual({ bodies: 0, accepted: 0, repeated: 0, refused: 0 })
})

it('codes stand in order of how often they were told', () => {
  expect(refusedCodes(hours)).toEqual(['bad_type', 'bad_json'])
  expect(refusedOf(hours[1], 'bad_type')).toBe(5)
  expect(refusedOf(undefined, 'bad_type')).toBe(0)
})
