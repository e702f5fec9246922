// Days and hours as text and as numbers, in the zone of the app.
import { describe, expect, it } from 'vitest'
import { dayBefore, dayOf, hourIn, hourOf, hoursFrom, secondsOf } from './moment.ts'

describe('moments', () => {
  it.each(['2026-01-31', '2024-02-29'])('%s there and back', (day) => {
    expect(dayOf(secondsOf(day))).toBe(day)
  })
  it.each(['2026-01-31 00', '2026-03-29 02', '2026-12-31 23'])('%s there and back', (hour) => {
    expect(hourOf(secondsOf(hour))).toBe(hour)
  })
  it('a week before', () => {
    expect(dayBefore('2026-03-03', 7)).toBe('2026-02-24')
  })
  it.each([
    ['Asia/Shanghai', '2026-01-01 00'],
    ['UTC', '2025-12-31 16'],
    ['America/New_York', '2025-12-31 11'],
  ])('in %s it is %s', (zone, hour) => {
    expect(hourIn(zone, Date.parse('2025-12-31T16:30:00Z'))).toBe(hour)
  })
  it('hours without a gap, and not too many of them', () => {
    expect(hoursFrom('2026-01-01 22', '2026-01-02 01', 10)).toEqual([
      '2026-01-01 22',
      '2026-01-01 23',
      '2026-01-02 00',
      '2026-01-02 01',
    ])
    expect(hoursFrom('2026-01-01 00', '2026-01-02 01', 2)).toEqual([
      '2026-01-02 00',
      '2026-01-02 01',
    ])
    expect(hoursFrom('2026-01-02 00', '2026-01-01 00', 9)).toEqual([])
  })
})
