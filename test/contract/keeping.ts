// The contract, chapter four: how long a message is kept, and that it begins anew afterwards.
import { describe, expect, it } from 'vitest'
import type { RegistrationId } from '../../src/ledger/ids.ts'
import type { App } from '../../src/ledger/store.ts'
import { devices, type Line, msgId, told } from '../support/told.ts'
import { appIn, at, countOf, expectRepeated, type Fresh, noSizes, sizesOf } from './asking.ts'

const push = msgId(7)
const [a, b] = devices(2) as [RegistrationId, RegistrationId]
const androidReceived = '/received android_received'

const received = (atMs: number, ...listed: RegistrationId[]): Line => ({
  msgId: push,
  platform: 'android',
  stage: 'received',
  atMs,
  devices: listed,
})

/** zone, days kept, the latest time told of, the first instant at which the message is gone */
const borders: readonly (readonly [string, number, string, string])[] = [
  ['Asia/Shanghai', 31, '2024-01-31T00:00:00+08:00', '2024-03-03T00:00:00+08:00'],
  ['Asia/Shanghai', 31, '2024-01-31T23:59:59.999+08:00', '2024-03-03T00:00:00+08:00'],
  ['America/New_York', 31, '2024-02-10T23:30:00-05:00', '2024-03-13T00:00:00-04:00'],
  ['America/New_York', 31, '2024-10-05T00:00:00-04:00', '2024-11-06T00:00:00-05:00'],
  ['Australia/Lord_Howe', 31, '2024-03-10T12:00:00+11:00', '2024-04-11T00:00:00+10:30'],
  ['Europe/London', 31, '2024-02-28T23:59:59Z', '2024-03-31T00:00:00Z'],
  ['UTC', 3, '2024-12-30T10:00:00Z', '2025-01-03T00:00:00Z'],
  ['Asia/Shanghai', 0, '2024-05-20T10:00:00+08:00', '2024-05-21T00:00:00+08:00'],
  ['UTC', 60, '2024-01-01T00:00:00Z', '2024-03-02T00:00:00Z'],
]

const statusOf = async (
  store: Awaited<ReturnType<Fresh>>['store'],
  app: App,
  listed: readonly RegistrationId[],
  nowMs: number,
) => store.statuses(app, { msgId: push, devices: listed, asOf: app.zone.dayOf(nowMs), nowMs })

export const keepingChapter = (fresh: Fresh): void => {
  describe('keeping', () => {
    it.each(borders)('in %s, %i days, after %s until %s', async (zone, keepDays, last, gone) => {
      const { store } = await fresh({ keepDays })
      const app = appIn(zone)
      const told1 = told(received(at(last), a), received(at(last) - 3_600_000, b))
      await store.append(app, told1, at(last))
      const before = at(gone) - 1
      expect(await countOf(store, app, push, androidReceived, before)).toBe(2)
      expect(await statusOf(store, app, [a, b], before)).toEqual([0, 0])
      expect(await store.sweep(app, before)).toEqual({ messages: 0 })
      expect(await sizesOf(store, app, push, at(gone))).toEqual(noSizes)
      expect(await statusOf(store, app, [a, ...devices(3, 'stranger')], at(gone))).toEqual([
        3, 2, 2, 2,
      ])
      // Asking at the border changed nothing, and the last millisecond still sees it all.
      expect(await countOf(store, app, push, androidReceived, before)).toBe(2)
      expect(await store.sweep(app, at(gone))).toEqual({ messages: 1 })
      expect(await store.sweep(app, at(gone))).toEqual({ messages: 0 })
      expect(await sizesOf(store, app, push, at(gone))).toEqual(noSizes)
      expect(await statusOf(store, app, [a], at(gone))).toEqual([3])
    })

    it.each(['swept', 'not swept'])('begins anew without the old facts, %s', async (how) => {
      const { store } = await fresh()
      const app = appIn()
      const first = at('2024-01-10T12:00:00+08:00')
      const click: Line = { ...received(first, a, b), stage: 'click' }
      await store.append(app, told(received(first, a, b), click), first)
      const later = at('2024-02-11T00:00:00+08:00')
      if (how === 'swept') await store.sweep(app, later)
      expectRepeated([await store.append(app, told(received(later, b)), later)], 0)
      expect(await countOf(store, app, push, androidReceived, later)).toBe(1)
      expect(await countOf(store, app, push, '/messages android.click', later)).toBe(0)
      expect(await statusOf(store, app, [a, b], later)).toEqual([3, 0])
      const asOf = app.zone.dayOf(later) - 1
      const ask = { msgId: push, devices: [a, b], asOf, nowMs: later }
      expect(await store.statuses(app, ask)).toEqual([3, 3])
      expect(await store.sweep(app, later)).toEqual({ messages: 0 })
      const gone = at('2024-03-14T00:00:00+08:00')
      expect(await countOf(store, app, push, androidReceived, gone - 1)).toBe(1)
      expect(await countOf(store, app, push, androidReceived, gone)).toBe(0)
    })

    it('counts from the latest time told of, a repeat included, an earlier time never', async () => {
      const { store } = await fresh({ keepDays: 5 })
      const app = appIn('UTC')
      const day = (n: number) => at('2024-06-01T12:00:00Z') + (n - 1) * 86_400_000
      await store.append(app, told(received(day(1), a)), day(1))
      expectRepeated([await store.append(app, told(received(day(4), a)), day(4))], 1)
      await store.append(app, told(received(day(2), b)), day(4))
      expect(await countOf(store, app, push, androidReceived, at('2024-06-09T23:59:59.999Z'))).toBe(
        2,
      )
      expect(await countOf(store, app, push, androidReceived, at('2024-06-10T00:00:00Z'))).toBe(0)
    })

    it('tells a body at one moment: the order of its lines changes nothing', async () => {
      const now = at('2024-06-20T12:00:00Z')
      const app = appIn('UTC')
      const old = received(now - 10 * 86_400_000, a)
      const recent = received(now, b)
      for (const lines of [
        [old, recent],
        [recent, old],
      ]) {
        const { store } = await fresh({ keepDays: 5 })
        await store.append(app, told(...lines), now)
        expect(await countOf(store, app, push, androidReceived, now)).toBe(2)
        expectRepeated([await store.append(app, told(...lines), now)], 2)
      }
    })

    it('takes what is past keeping already, remembers the member and answers nothing', async () => {
      const { store } = await fresh({ keepDays: 5 })
      const now = at('2024-06-20T12:00:00Z')
      const app = appIn('UTC')
      const body = told(received(now - 6 * 86_400_000, a))
      expectRepeated([await store.append(app, body, now)], 0)
      expectRepeated([await store.append(app, body, now)], 0)
      expect(await sizesOf(store, app, push, now)).toEqual(noSizes)
      expect(await statusOf(store, app, [a, b], now)).toEqual([3, 2])
    })

    it('begins nothing anew that had not expired as of the time kept by', async () => {
      const { store } = await fresh({ keepDays: 5 })
      const app = appIn('UTC')
      const first = at('2024-06-01T12:00:00Z')
      await store.append(app, told(received(first, a)), first)
      // The clock stands 40 days ahead, and is not believed.
      const ahead = first + 40 * 86_400_000
      expectRepeated([await store.append(app, told(received(first, a, b)), ahead, first)], 1)
      expect(await countOf(store, app, push, androidReceived, first)).toBe(2)
      expect(await store.sweep(app, first)).toEqual({ messages: 0 })
      expect(await countOf(store, app, push, androidReceived, first)).toBe(2)
      // What arrived is counted in the hour of its arrival.
      const hour = app.zone.hourOf(ahead)
      const { hours } = await store.feed(app, hour, hour, ahead)
      expect(hours.map(({ accepted }) => accepted)).toEqual([2])
      // As of a time at which it has expired, it begins anew.
      expectRepeated([await store.append(app, told(received(ahead, b)), ahead, ahead)], 0)
      expect(await countOf(store, app, push, androidReceived, ahead)).toBe(1)
    })

    it('sweeps only what is gone, and only of the app', async () => {
      const { store } = await fresh({ keepDays: 5 })
      const apps = [appIn('UTC', 1), appIn('UTC', 2)] as const
      const start = at('2024-06-01T12:00:00Z')
      const lines = Array.from({ length: 20 }, (_, i) => ({
        ...received(start + i * 86_400_000, a, b),
        msgId: msgId(i + 1),
      }))
      for (const app of apps) await store.append(app, told(...lines), start)
      const now = start + 15 * 86_400_000
      expect(await store.sweep(apps[0], now)).toEqual({ messages: 10 })
      for (const app of apps) {
        for (const [i, { msgId: id }] of lines.entries()) {
          expect(await countOf(store, app, id, androidReceived, now)).toBe(i < 10 ? 0 : 2)
        }
      }
      expect(await store.sweep(apps[1], now)).toEqual({ messages: 10 })
    })
  })
}
