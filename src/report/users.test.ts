// Every rule of the query of /users, the order in which they are looked for, and the slots asked.
import { describe, expect, it } from 'vitest'
import type { Platform } from '../ledger/channel.ts'
import { openZone } from '../ledger/day.ts'
import { type DeviceEventType, deviceListOf } from '../ledger/event-batch.ts'
import { Fault, type FaultName } from '../ledger/fault.ts'
import { parseRegistrationId } from '../ledger/ids.ts'
import type { App } from '../ledger/store.ts'
import { openMemory } from '../store/memory/store.ts'
import { parseQuery } from './query.ts'
import { users } from './users.ts'

const appIn = (zone: string): App => ({ id: 1, zone: openZone(zone)! })
const shanghai = appIn('Asia/Shanghai')
/** Noon of 2014-06-12 in Shanghai; sixty days before lies 2014-04-13. */
const noon = Date.parse('2014-06-12T12:00:00+08:00')

const parse = (raw: string, app = shanghai, nowMs = noon) =>
  users.parse(parseQuery(raw), app.zone, nowMs)
const query = (unit: string, start: string, duration: string) =>
  `time_unit=${unit}&start=${start}&duration=${duration}`

interface Told {
  readonly about: DeviceEventType
  readonly platform: Platform
  readonly devices: number
  readonly at: string
}

/** The answer after these have been told. */
const answerTo = async (raw: string, told: readonly Told[] = [], app = shanghai, nowMs = noon) => {
  const store = openMemory()
  for (const { about, platform, devices, at } of told) {
    const ids = Array.from({ length: devices }, (_, i) => parseRegistrationId(`${platform}${i}`)!)
    const event = { about, platform, atMs: Date.parse(at) }
    await store.append(
      app,
      {
        devices: deviceListOf(ids),
        eventOf: new Uint32Array(devices),
        events: [event],
      },
      nowMs,
    )
  }
  const text = await users.answer(store, [app], parse(raw, app, nowMs), nowMs)
  const { items } = JSON.parse(text) as { items: { time: string }[] }
  return { text, items, times: items.map(({ time }) => time) }
}

describe('is refused', () => {
  it.each<readonly [string, FaultName]>([
    ['', 'badParameter'],
    [query('WEEK', '2014-06-10', '3'), 'badParameter'],
    ['start=2014-06-10&duration=3', 'badParameter'],
    ['time_unit=DAY&duration=3', 'badParameter'],
    ['time_unit=DAY&start=&duration=3', 'badParameter'],
    ['time_unit=DAY&start=2014-06-10', 'badParameter'],
    [query('DAY', '2014-06-10', '0'), 'badParameter'],
    [query('DAY', '2014-06-10', '-1'), 'badParameter'],
    [query('DAY', '2014-06-10', '1.5'), 'badParameter'],
    [query('DAY', '2014-06-10', 'three'), 'badParameter'],
    [query('DAY', '2014-06-10', '2147483648'), 'badParameter'],
    [query('DAY', '2014-06-10', '%zz'), 'badParameter'],
    [query('DAY', '2014-06', '3'), 'timeUnitMismatch'],
    [query('DAY', '2014-06-10+09', '3'), 'timeUnitMismatch'],
    [query('DAY', '2014-06-31', '3'), 'timeUnitMismatch'],
    [query('DAY', '2014-6-1', '3'), 'timeUnitMismatch'],
    [query('HOUR', '2014-06-10', '3'), 'timeUnitMismatch'],
    [query('HOUR', '2014-06-10+9', '3'), 'timeUnitMismatch'],
    [query('HOUR', '2014-06-10+24', '3'), 'timeUnitMismatch'],
    [query('HOUR', '2014-06-10+09:00', '3'), 'timeUnitMismatch'],
    [query('MONTH', '2014-06-10', '1'), 'timeUnitMismatch'],
    [query('MONTH', '2014-13', '1'), 'timeUnitMismatch'],
    [query('DAY', '2014-04-12', '3'), 'tooFarBack'],
    [query('HOUR', '2014-04-12+23', '3'), 'tooFarBack'],
    [query('MONTH', '2014-03', '1'), 'tooFarBack'],
    [query('DAY', '2014-06-10', '61'), 'tooFarBack'],
    [query('MONTH', '2014-06', '3'), 'tooFarBack'],
    // Of several faults the first in the order of the parameters is told.
    [query('WEEK', 'x', '0'), 'badParameter'],
    [query('DAY', 'x', '0'), 'timeUnitMismatch'],
    [query('DAY', '2001-01-01', '0'), 'badParameter'],
    // A missing one before all of them; a real day is one, however long ago.
    ['time_unit=DAY&start=x', 'badParameter'],
    [query('DAY', '1969-12-31', '1'), 'tooFarBack'],
  ])('%s: %s', (raw, fault) => {
    expect(() => parse(raw)).toThrow(expect.objectContaining({ fault }))
    expect(() => parse(raw)).toThrow(Fault)
  })
})

describe('slots', () => {
  it.each([
    [query('day', '2014-06-10', '3'), ['2014-06-10', '2014-06-11', '2014-06-12']],
    [query('DAY', '2014-04-13', '1'), ['2014-04-13']],
    [query('DAY', '2014-06-12', '2'), ['2014-06-12', '2014-06-13']],
    [query('DAY', '2031-12-31', '2'), ['2031-12-31', '2032-01-01']],
    [query('Month', '2014-04', '2'), ['2014-04', '2014-05']],
    [query('HOUR', '2014-06-11+09', '2'), ['2014-06-11 09', '2014-06-11 10']],
    [query('HOUR', '2014-06-11%2023', '24'), ['2014-06-11 23']],
    [`${query('DAY', '2014-06-10', '1')}&duration=2&start=x&time_unit=x`, ['2014-06-10']],
  ])('%s', async (raw, times) => {
    expect((await answerTo(raw)).times).toEqual(times)
  })

  it('of hours end with the day of their start', async () => {
    for (const duration of ['20', '24', '2147483647']) {
      const { text, times } = await answerTo(query('HOUR', '2014-06-11+04', duration))
      expect(times).toHaveLength(20)
      expect(times.at(-1)).toBe('2014-06-11 23')
      expect(text).toContain(`"start":"2014-06-11 04","duration":${duration},"items":[`)
    }
  })

  it('of days are sixty at most', async () => {
    expect((await answerTo(query('DAY', '2014-04-13', '60'))).times).toHaveLength(60)
  })

  it('in the future are listed without data, though a gateway be ahead of us', async () => {
    const ahead = ['2014-06-12T12:59+08:00', '2014-06-12T13:01+08:00', '2014-06-13T00:01+08:00']
    const told = ahead.map((at) => ({ about: 'active', platform: 'ios', devices: 1, at }) as const)
    expect((await answerTo(query('HOUR', '2014-06-12+11', '3'), told)).items).toEqual([
      { time: '2014-06-12 11' },
      { time: '2014-06-12 12', ios: { active: 1 } },
      { time: '2014-06-12 13' },
    ])
    expect((await answerTo(query('DAY', '2014-06-12', '2'), told)).items).toEqual([
      { time: '2014-06-12', ios: { active: 1 } },
      { time: '2014-06-13' },
    ])
    expect((await answerTo(query('MONTH', '2014-06', '2'), told)).items).toEqual([
      { time: '2014-06', ios: { active: 1 } },
      { time: '2014-07' },
    ])
  })
})

describe('where clocks change', () => {
  const berlin = appIn('Europe/Berlin')

  it('leaves out the hour that is jumped over', async () => {
    const nowMs = Date.parse('2014-03-30T12:00:00Z')
    const asked = query('HOUR', '2014-03-30+01', '3')
    const { times } = await answerTo(asked, [], berlin, nowMs)
    expect(times).toEqual(['2014-03-30 01', '2014-03-30 03', '2014-03-30 04'])
    const missing = () => parse(query('HOUR', '2014-03-30+02', '1'), berlin, nowMs)
    expect(missing).toThrow(expect.objectContaining({ fault: 'timeUnitMismatch' }))
  })

  it('tells an hour that comes twice once', async () => {
    const nowMs = Date.parse('2014-10-26T12:00:00Z')
    const asked = query('HOUR', '2014-10-26+00', '24')
    expect((await answerTo(asked, [], berlin, nowMs)).times).toHaveLength(24)
  })
})

it('tells platforms and metrics in order, each only with data', async () => {
  const at = '2014-06-10T09:00+08:00'
  const told: readonly Told[] = [
    { about: 'online', platform: 'quickapp', devices: 1, at },
    { about: 'register', platform: 'hmos', devices: 1, at },
    { about: 'active', platform: 'ios', devices: 3, at },
    { about: 'online', platform: 'ios', devices: 2, at },
    { about: 'active', platform: 'android', devices: 6, at },
    { about: 'online', platform: 'android', devices: 5, at },
    { about: 'register', platform: 'android', devices: 4, at },
  ]
  expect((await answerTo(query('DAY', '2014-06-10', '1'), told)).text).toBe(
    '{"time_unit":"DAY","start":"2014-06-10","duration":1,"items":[{"time":"2014-06-10",' +
      '"android":{"new":4,"online":5,"active":6},"ios":{"online":2,"active":3},' +
      '"hmos":{"new":1},"quickapp":{"online":1}}]}',
  )
})
