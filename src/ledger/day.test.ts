// Days and hours as the app's people see them: tables of instants, and what holds for all of them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  firstDayOf,
  firstHourOf,
  formatDay,
  formatHour,
  formatMonth,
  lastDayOf,
  monthOf,
  openZone,
  parseDay,
  parseHour,
  parseMonth,
  type Zone,
} from './day.ts'

const zoneOf = (name: string): Zone => {
  const zone = openZone(name)
  if (zone === undefined) throw new Error(`there is no zone ${name}`)
  return zone
}

const zoneNames = [
  ...['UTC', 'Asia/Shanghai', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe'],
  ...['Asia/Kathmandu', 'Pacific/Chatham', 'Pacific/Apia', 'America/St_Johns', 'Africa/Casablanca'],
]

/** One of each way to change clocks: an hour, half an hour, odd offsets, and never. */
const changing = ['America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Asia/Shanghai']

describe('the hour on the wall', () => {
  it.each([
    ['Asia/Shanghai', '2024-05-20T00:00:00+08:00', '2024-05-20 00'],
    ['Asia/Shanghai', '2024-05-19T15:59:59.999Z', '2024-05-19 23'],
    ['UTC', '1970-01-01T00:00:00Z', '1970-01-01 00'],
    ['UTC', '2024-02-29T23:59:59.999Z', '2024-02-29 23'],
    // Clocks go forward at 02:00 to 03:00, and back at 02:00 to 01:00.
    ['America/New_York', '2024-03-10T01:59:59.999-05:00', '2024-03-10 01'],
    ['America/New_York', '2024-03-10T03:00:00-04:00', '2024-03-10 03'],
    ['America/New_York', '2024-11-03T01:30:00-04:00', '2024-11-03 01'],
    ['America/New_York', '2024-11-03T01:30:00-05:00', '2024-11-03 01'],
    ['America/New_York', '2024-11-03T02:00:00-05:00', '2024-11-03 02'],
    ['Europe/London', '2024-03-31T00:59:59.999Z', '2024-03-31 00'],
    ['Europe/London', '2024-03-31T01:00:00Z', '2024-03-31 02'],
    // Half an hour forward at 02:00, half an hour back at 02:00.
    ['Australia/Lord_Howe', '2024-10-06T01:59:59.999+10:30', '2024-10-06 01'],
    ['Australia/Lord_Howe', '2024-10-06T02:30:00+11:00', '2024-10-06 02'],
    ['Australia/Lord_Howe', '2024-04-07T01:59:59.999+11:00', '2024-04-07 01'],
    ['Australia/Lord_Howe', '2024-04-07T01:30:00+10:30', '2024-04-07 01'],
    ['Asia/Kathmandu', '2024-05-20T18:14:59.999Z', '2024-05-20 23'],
    ['Asia/Kathmandu', '2024-05-20T18:15:00Z', '2024-05-21 00'],
  ])('in %s at %s', (name, instant, hour) => {
    const zone = zoneOf(name)
    expect(formatHour(zone.hourOf(Date.parse(instant)))).toBe(hour)
    expect(formatDay(zone.dayOf(Date.parse(instant)))).toBe(hour.slice(0, 10))
  })

  it('is the one that the platform shows, at any instant in any zone', () => {
    const zones = zoneNames.map(zoneOf)
    const instant = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2040, 0, 1) })
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, (zone, ms) => {
        const shown = new Date(ms).toLocaleString('sv-SE', { timeZone: zone.name }).slice(0, 13)
        expect(formatHour(zone.hourOf(ms))).toBe(shown)
        expect(zone.dayOf(ms)).toBe(Math.floor(zone.hourOf(ms) / 24))
      }),
      { seed: 1, numRuns: 1_000 },
    )
  })

  it('never goes back over midnight as time goes on', () => {
    for (const name of changing) {
      const zone = zoneOf(name)
      const start = Date.UTC(2024, 0, 1)
      const jumps: string[] = []
      let before = zone.dayOf(start)
      for (let ms = start; ms < Date.UTC(2025, 0, 2); ms += 15 * 60_000) {
        const day = zone.dayOf(ms)
        if (day !== before && day !== before + 1) jumps.push(new Date(ms).toISOString())
        before = day
      }
      expect(jumps, name).toEqual([])
    }
  })
})

describe('hours that do not exist', () => {
  it.each([
    ['America/New_York', '2024-03-10', ['02']],
    ['America/New_York', '2024-11-03', []],
    ['Europe/London', '2024-03-31', ['01']],
    ['Australia/Lord_Howe', '2024-10-06', []],
    ['Asia/Shanghai', '2024-03-10', []],
    ['America/Havana', '2024-03-10', ['00']],
    [
      'Pacific/Apia',
      '2011-12-30',
      Array.from({ length: 24 }, (_, i) => String(i).padStart(2, '0')),
    ],
  ])('in %s on %s', (name, day, missing) => {
    const zone = zoneOf(name)
    const first = firstHourOf(parseDay(day) ?? Number.NaN)
    const found = Array.from({ length: 24 }, (_, i) => first + i).filter(
      (hour) => !zone.hasHour(hour),
    )
    expect(found.map((hour) => formatHour(hour).slice(11))).toEqual(missing)
  })

  it('are those that no instant falls into', () => {
    for (const name of changing) {
      const zone = zoneOf(name)
      const start = Date.UTC(2024, 0, 1)
      const end = Date.UTC(2025, 0, 1)
      const seen = new Set<number>()
      for (let ms = start; ms < end; ms += 15 * 60_000) seen.add(zone.hourOf(ms))
      const wrong: string[] = []
      for (let hour = zone.hourOf(start); hour < zone.hourOf(end); hour++) {
        if (zone.hasHour(hour) !== seen.has(hour)) wrong.push(formatHour(hour))
      }
      expect(wrong, name).toEqual([])
    }
  })
})

describe('zones', () => {
  it.each(['', 'Nowhere', 'Asia/Shanghai ', '__proto__', 'Europe/'])(
    'there is none called %j',
    (name) => expect(openZone(name)).toBeUndefined(),
  )
})

describe('days, months and hours as text', () => {
  const day = fc.integer({ min: 0, max: firstDayOf(10_000 * 12) - 1 })

  it('come back as they were', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 23 }), (d, h) => {
        expect(parseDay(formatDay(d))).toBe(d)
        expect(parseMonth(formatMonth(monthOf(d)))).toBe(monthOf(d))
        expect(parseHour(formatHour(firstHourOf(d) + h))).toBe(d * 24 + h)
      }),
      { seed: 2 },
    )
  })

  it('a day lies in its month', () => {
    fc.assert(
      fc.property(day, (d) => {
        expect(firstDayOf(monthOf(d))).toBeLessThanOrEqual(d)
        expect(lastDayOf(monthOf(d))).toBeGreaterThanOrEqual(d)
        expect(formatDay(d).slice(0, 7)).toBe(formatMonth(monthOf(d)))
      }),
      { seed: 3 },
    )
  })

  it.each([
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2023-02', '2023-02-01', '2023-02-28'],
    ['2100-02', '2100-02-01', '2100-02-28'],
    ['2024-12', '2024-12-01', '2024-12-31'],
    ['2024-04', '2024-04-01', '2024-04-30'],
  ])('%s runs from %s to %s', (text, first, last) => {
    const month = parseMonth(text) ?? Number.NaN
    expect(formatDay(firstDayOf(month))).toBe(first)
    expect(formatDay(lastDayOf(month))).toBe(last)
  })

  it.each([
    ...['2024-02-30', '2023-02-29', '2100-02-29', '2024-04-31', '2024-13-01', '2024-00-10'],
    ...['2024-01-00', '2024-01-32', '0099-12-31', '2024-1-1', '20240101', '2024-01-01 ', ''],
    ...['2024-01-01T00:00', '+2024-01-01', '2024-01-01\n', '２０２４-01-01', '2024/01/01'],
  ])('%j is no day', (text) => expect(parseDay(text)).toBeUndefined())

  it.each(['2024-13', '2024-00', '0099-12', '2024-1', '2024', '2024-01-01', '2024-01 ', ''])(
    '%j is no month',
    (text) => expect(parseMonth(text)).toBeUndefined(),
  )

  it.each([
    ...['2024-01-01 24', '2024-01-01 9', '2024-01-01T09', '2024-02-30 09', '2024-01-01'],
    ...['2024-01-01  09', '2024-01-01 09:00', ' 2024-01-01 09', '2024-01-01 -1', ''],
  ])('%j is no hour', (text) => expect(parseHour(text)).toBeUndefined())

  it('stay whole beyond the year 9999', () => {
    const last = parseDay('9999-12-31') ?? Number.NaN
    expect(formatDay(last + 1)).toBe('+010000-01-01')
    expect(formatMonth(monthOf(last + 1))).toBe('+010000-01')
    expect(formatHour(firstHourOf(last + 1))).toBe('+010000-01-01 00')
  })
})
