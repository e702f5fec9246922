// The contract, chapter ten: what became of what was told stands beside the facts, hour by hour.
import { describe, expect, it } from 'vitest'
import type { Refusals } from '../../src/ledger/ingest-history.ts'
import { type FeedHour, feedDaysKept, refusedLinesKept } from '../../src/ledger/ingest-history.ts'
import { REFUSALS, type RefusalCode } from '../../src/ledger/refusal.ts'
import type { Store } from '../../src/ledger/store.ts'
import { devices, msgId, told } from '../support/told.ts'
import { appIn, at, type Fresh } from './asking.ts'

const app = appIn()
const now = at('2024-05-20T12:30:00+08:00')
const msPerHour = 3_600_000
const hour = app.zone.hourOf(now)

const body = (count: number, refusals?: Refusals) => {
  const facts =
    count === 0
      ? told()
      : told({
          msgId: msgId(1),
          platform: 'android',
          stage: 'sent',
          atMs: now,
          devices: devices(count),
        })
  return { ...facts, refusals }
}

const refused = (from: number, count: number, code: RefusalCode = 'bad_time'): Refusals => ({
  byCode: new Map([[code, count]]),
  lines: Array.from({ length: count }, (_, i) => ({
    atMs: now,
    line: from + i,
    code,
    message: `line ${from + i} is <wrong>, "truly"`,
    text: `{"type":"sent","zeit":${from + i}}…`,
  })).slice(-refusedLinesKept),
})

const feedOf = (store: Store, from = hour - 48, to = hour, nowMs = now) =>
  store.feed(app, from, to, nowMs)

/** Without the repeats, where an engine says of all its hours that it cannot tell them. */
const toldIn = <T extends { readonly repeated: number | null }>(
  found: readonly FeedHour[],
  hours: readonly T[],
): readonly object[] =>
  found.every(({ repeated }) => repeated === null)
    ? hours.map((hour) => ({ ...hour, repeated: null }))
    : hours

const codes = (counts: Partial<Record<RefusalCode, number>>) =>
  REFUSALS.map((code) => counts[code] ?? 0)

export const feedChapter = (fresh: Fresh): void => {
  describe('the feed', () => {
    it('counts bodies, facts, repeats and refusals in the hour of the ledger', async () => {
      const { store, reopen } = await fresh()
      expect(await feedOf(store)).toEqual({ hours: [], refusedLines: [] })
      const early = now - 3 * msPerHour
      await store.append(app, body(4), early)
      await store.append(app, body(6, refused(3, 2)), now)
      await store.append(app, body(6), now)
      await store.append(app, body(0, refused(9, 1, 'bad_json')), now)
      // An empty body is none.
      await store.append(app, body(0), now)
      const expected = {
        hours: [
          { hour: hour - 3, bodies: 1, accepted: 4, repeated: 0, refused: codes({}) },
          {
            hour,
            bodies: 3,
            accepted: 12,
            repeated: 10,
            refused: codes({ bad_time: 2, bad_json: 1 }),
          },
        ],
        refusedLines: [
          refused(9, 1, 'bad_json').lines[0],
          refused(3, 2).lines[1],
          refused(3, 2).lines[0],
        ],
      }
      const found = await feedOf(store)
      const hours = toldIn(found.hours, expected.hours)
      expect(found).toEqual({ ...expected, hours })
      expect((await feedOf(store, hour - 2)).hours).toEqual(hours.slice(1))
      expect((await feedOf(store, hour - 9, hour - 1)).hours).toEqual(hours.slice(0, 1))
      expect((await feedOf(store, hour, hour - 1)).hours).toEqual([])
      expect(await store.feed(appIn('UTC', 2), hour - 48, hour, now)).toEqual({
        hours: [],
        refusedLines: [],
      })
      const again = await reopen?.()
      if (again !== undefined) expect(await feedOf(again)).toEqual({ ...expected, hours })
    })

    it('remembers the last refused lines, and no more', async () => {
      const { store } = await fresh()
      for (let from = 1; from <= 161; from += 40) {
        await store.append(app, body(1, refused(from, 40)), now)
      }
      const { hours, refusedLines } = await feedOf(store)
      expect(hours[0]?.refused).toEqual(codes({ bad_time: 200 }))
      expect(refusedLines.map(({ line }) => line)).toEqual(
        Array.from({ length: refusedLinesKept }, (_, i) => 200 - i),
      )
    })

    it('adds up bodies that are told at once', async () => {
      const { store } = await fresh()
      const bodies = Array.from({ length: 20 }, (_, i) => body(i, refused(i, 1)))
      await Promise.all(bodies.map((each) => store.append(app, each, now)))
      const { hours } = await feedOf(store)
      const [only] = hours
      const [expected] = toldIn(hours, [{ bodies: 20, accepted: 190, repeated: 190 - 19 }])
      expect(only).toMatchObject(expected ?? {})
      expect(only?.refused).toEqual(codes({ bad_time: 20 }))
    })

    it('forgets hours of long ago, swept or not', async () => {
      const { store } = await fresh()
      await store.append(app, body(1), now)
      const firstForgotten = now + (feedDaysKept + 1) * 24 * msPerHour
      const kept = async (nowMs: number) => (await feedOf(store, 0, hour + 9_999, nowMs)).hours
      expect(await kept(firstForgotten - 24 * msPerHour)).toHaveLength(1)
      expect(await kept(firstForgotten)).toEqual([])
      await store.sweep(app, firstForgotten)
      expect(await kept(firstForgotten - 24 * msPerHour)).toEqual([])
      await store.removeApp(app.id)
    })
  })
}
