// Users by day and platform.
import { expect, it } from 'vitest'
import { platformLines, usersOn } from './user-days.ts'

const items = [
  { time: '2026-01-01' },
  { time: '2026-01-02', android: { new: 2, active: 1 }, hmos: { new: 1 } },
]

it('the users of a day are those of its platforms together', () => {
  expect(usersOn(items, '2026-01-02', 'new')).toBe(3)
  expect(usersOn(items, '2026-01-01', 'new')).toBe(0)
  expect(usersOn(items, '2025-01-01', 'new')).toBe(0)
})

it('a platform with data has a line without gaps, others have none', () => {
  expect(platformLines(items, 'active')).toEqual([{ platform: 'android', values: [0, 1] }])
  expect(platformLines(items, 'online')).toEqual([])
})
