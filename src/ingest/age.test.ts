// How old an event may be: by civil days of the app's zone, as messages expire. Of each zone a night in
// which its clocks change, or a day is skipped, and one without.
import { describe, expect, it } from 'vitest'
import { buffers } from '../../test/support/buffers.ts'
import { openZone } from '../ledger/day.ts'
import type { App } from '../ledger/store.ts'
import { openMemory } from '../store/memory/store.ts'
import { readerHere } from './body/parser.ts'
import { defaultIngestSettings, openIngest } from './ingest.ts'

const reader = readerHere(defaultIngestSettings, buffers)
const dayMs = 86_400_000

const appIn = (zoneName: string): App => ({ id: 1, zone: openZone(zoneName)! })

/** The code of the refusal of one event, or whether its message is visible. */
const outcomeOf = async (app: App, event: object, nowMs: number): Promise<string> => {
  const store = openMemory()
  const body = new TextEncoder().encode(JSON.stringify({ registration_id: 'd', ...event }))
  const { errors } = await openIngest(store, reader)(app, body, nowMs)
  if (errors[0] !== undefined) return errors[0].code
  return (await store.messages(app, undefined, 1, nowMs)).length === 1 ? 'visible' : 'no message'
}

const target = (time: string | number): object => ({
  type: 'target',
  msg_id: '7',
  platform: 'android',
  time,
})

/** zone, now, the oldest moment that is accepted */
const nights: readonly (readonly [string, string, string])[] = [
  ['Europe/Berlin', '2026-04-10T00:10:00+02:00', '2026-03-10T00:00:00+01:00'],
  ['Europe/Berlin', '2026-11-10T23:50:00+01:00', '2026-10-10T00:00:00+02:00'],
  ['America/New_York', '2026-04-02T00:30:00-04:00', '2026-03-02T00:00:00-05:00'],
  ['America/Santiago', '2026-09-20T00:10:00-03:00', '2026-08-20T00:00:00-04:00'],
  ['Australia/Lord_Howe', '2026-10-20T00:10:00+11:00', '2026-09-19T00:00:00+10:30'],
  ['Australia/Lord_Howe', '2026-04-20T23:50:00+10:30', '2026-03-20T00:00:00+11:00'],
  ['Pacific/Apia', '2012-01-10T00:10:00+14:00', '2011-12-10T00:00:00-10:00'],
  ['Pacific/Apia', '2012-01-30T00:10:00+14:00', '2011-12-31T00:00:00+14:00'],
  ['America/St_Johns', '2026-04-01T00:10:00-02:30', '2026-03-01T00:00:00-03:30'],
  ['Asia/Shanghai', '2026-04-10T00:10:00+08:00', '2026-03-10T00:00:00+08:00'],
  ['UTC', '2026-04-10T23:59:59Z', '2026-03-10T00:00:00Z'],
]

describe('a message event', () => {
  it.each(nights)('in %s at %s is accepted from %s on, and visible', async (zone, now, oldest) => {
    const app = appIn(zone)
    const [nowMs, oldestMs] = [Date.parse(now), Date.parse(oldest)]
    expect(await outcomeOf(app, target(oldestMs), nowMs)).toBe('visible')
    expect(await outcomeOf(app, target(oldestMs - 1), nowMs)).toBe('time_too_old')
  })

  it('of the night that was accepted and never seen is refused', async () => {
    const nowMs = Date.parse('2026-04-10T00:10:00+02:00')
    const event = target('2026-03-09T23:30:00+01:00')
    expect(nowMs - Date.parse('2026-03-09T23:30:00+01:00')).toBeLessThan(31 * dayMs)
    expect(await outcomeOf(appIn('Europe/Berlin'), event, nowMs)).toBe('time_too_old')
  })
})

describe('an event about a device', () => {
  const app = appIn('Europe/Berlin')
  const nowMs = Date.parse('2026-05-11T00:10:00+02:00')
  const about = (type: string, time: string) =>
    outcomeOf(app, { type, platform: 'android', time }, nowMs)

  it.each(['online', 'active'])('%s is accepted for 62 civil days', async (type) => {
    expect(await about(type, '2026-03-10T00:00:00+01:00')).toBe('no message')
    expect(await about(type, '2026-03-09T23:30:00+01:00')).toBe('time_too_old')
  })

  it('register is accepted back to 2009', async () => {
    expect(await about('register', '2026-03-09T23:30:00+01:00')).toBe('no message')
    expect(await about('register', '2009-01-01T00:00:00+01:00')).toBe('no message')
    expect(await about('register', '2008-12-31T23:59:59+01:00')).toBe('time_too_old')
  })
})

it('an event is too old by the time that is believed, however far ahead the clock is', async () => {
  const app = appIn('Asia/Shanghai')
  const store = openMemory()
  const keptMs = Date.parse('2026-04-10T12:00:00+08:00')
  const wallMs = keptMs + 40 * dayMs
  const clock = { times: () => ({ nowMs: keptMs, keptMs }), stored: () => {} }
  const ingest = openIngest(store, reader, () => {}, clock)
  const body = (time: string) =>
    new TextEncoder().encode(JSON.stringify({ registration_id: 'd', ...target(time) }))
  const old = await ingest(app, body('2026-03-09T23:59:59+08:00'), wallMs)
  expect(old.errors.map(({ code }) => code)).toEqual(['time_too_old'])
  expect((await ingest(app, body('2026-03-10T00:00:00+08:00'), wallMs)).accepted).toBe(1)
  expect(await store.messages(app, undefined, 1, keptMs)).toHaveLength(1)
})
