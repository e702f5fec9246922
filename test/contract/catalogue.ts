// The contract, chapter nine: what people ask who look at a page: the newest messages, when their devices
// were reached, and what each day's messages came to.
import { describe, expect, it } from 'vitest'
import type { Stage } from '../../src/ledger/channel.ts'
import { dayOfHour, formatHour } from '../../src/ledger/day.ts'
import type { MsgId, RegistrationId } from '../../src/ledger/ids.ts'
import { SELECTIONS } from '../../src/ledger/selection.ts'
import type { App, RecentAsk, RecentMessage, Store } from '../../src/ledger/store.ts'
import { randomOf } from '../support/random.ts'
import { devices, type MessageLine, msgId, told } from '../support/told.ts'
import { appIn, at, type Fresh, sizesOf } from './asking.ts'

const app = appIn()
const now = at('2024-05-20T12:00:00+08:00')
const msPerHour = 3_600_000
const msPerDay = 24 * msPerHour
const push = msgId(5)
const hourMax = 2 ** 31 - 1

const line = (
  stage: Stage,
  atMs: number,
  listed: readonly RegistrationId[],
  more: Partial<MessageLine> = {},
): MessageLine => ({ msgId: push, platform: 'android', stage, atMs, devices: listed, ...more })

const everything = { from: 0, to: hourMax, behind: undefined } as const

/** Page by page. */
const allRecent = async (
  store: Store,
  limit: number,
  { nowMs = now, of = app, ask = everything as Omit<RecentAsk, 'limit'> } = {},
) => {
  const found: RecentMessage[] = []
  for (let behind: RecentAsk['behind'] = ask.behind; ; ) {
    const page = await store.recent(of, { ...ask, behind, limit }, nowMs)
    expect(page.length).toBeLessThanOrEqual(limit)
    found.push(...page)
    behind = page.at(-1)
    if (page.length < limit || behind === undefined) return found
  }
}
const idsOf = (messages: readonly RecentMessage[]) => messages.map(({ msgId: id }) => id)

/** As `hour stage devices`. */
const curve = async (store: Store, id: MsgId = push, of: App = app) =>
  (await store.stageHours(of, id, now)).flatMap(({ hour, devices: reached }) =>
    Object.entries(reached)
      .filter(([, count]) => count > 0)
      .map(([stage, count]) => `${formatHour(hour)} ${stage} ${count}`),
  )

export const catalogueChapter = (fresh: Fresh): void => {
  describe('the newest messages', () => {
    it('come by falling first hour, then by falling number, in pages of any size', async () => {
      const { store, reopen } = await fresh()
      const told1 = [
        [7, 3],
        [9_007_199_254_740_993n, 3],
        [8, 3],
        [3, 50],
        [1, 0],
        [9_223_372_036_854_775_807n, 49],
      ] as const
      for (const [id, hoursAgo] of told1) {
        const sent = line('sent', now - hoursAgo * msPerHour, devices(2), { msgId: msgId(id) })
        await store.append(app, told(sent), now)
      }
      const expected = ['1', '9007199254740993', '8', '7', '9223372036854775807', '3']
      for (const limit of [1, 2, 3, 6, 7]) {
        expect(idsOf(await allRecent(store, limit))).toEqual(expected)
      }
      expect(await allRecent(store, 10, { of: appIn('UTC', 2) })).toEqual([])
      const again = await reopen?.()
      if (again !== undefined) expect(idsOf(await allRecent(again, 4))).toEqual(expected)
    })

    it('move when an earlier time is told, and only then', async () => {
      const { store } = await fresh()
      const [a, b] = [msgId(1), msgId(2)]
      await store.append(app, told(line('sent', now - msPerHour, devices(1), { msgId: a })), now)
      await store.append(app, told(line('sent', now, devices(1), { msgId: b })), now)
      expect(idsOf(await allRecent(store, 9))).toEqual([b, a])
      await store.append(app, told(line('click', now, devices(1), { msgId: a })), now)
      expect(idsOf(await allRecent(store, 9))).toEqual([b, a])
      const early = line('target', now - 3 * msPerDay, devices(1), { msgId: b })
      await store.append(app, told(early), now)
      const today = app.zone.dayOf(now)
      const hour = app.zone.hourOf(now)
      expect(await allRecent(store, 9)).toEqual([
        { msgId: a, latestDay: today, firstHour: hour - 1 },
        { msgId: b, latestDay: today, firstHour: hour - 72 },
      ])
    })

    it('of some hours are those alone, also behind a place that no message has', async () => {
      const { store } = await fresh()
      const hour = app.zone.hourOf(now)
      const lines = Array.from({ length: 40 }, (_, i) =>
        line('sent', now - i * msPerHour, devices(1), { msgId: msgId(100 + i) }),
      )
      await store.append(app, told(...lines), now)
      const ask = { from: hour - 30, to: hour - 20, behind: undefined }
      const within = Array.from({ length: 11 }, (_, i) => String(120 + i))
      for (const limit of [1, 4, 11, 20]) {
        expect(idsOf(await allRecent(store, limit, { ask }))).toEqual(within)
      }
      const behind = { firstHour: hour - 25, msgId: msgId(3) }
      expect(idsOf(await allRecent(store, 20, { ask: { ...ask, behind } }))).toEqual(
        within.slice(6),
      )
      const above = { firstHour: hour - 3, msgId: msgId(3) }
      expect(idsOf(await allRecent(store, 5, { ask: { ...ask, behind: above } }))).toEqual(within)
      const below = { firstHour: hour - 33, msgId: msgId(3) }
      expect(await allRecent(store, 5, { ask: { ...ask, behind: below } })).toEqual([])
    })

    it('are not those that are gone, swept or not, nor in two places when they begin anew', async () => {
      const { store } = await fresh({ keepDays: 5 })
      const lines = Array.from({ length: 12 }, (_, i) =>
        line('sent', now - i * msPerDay, devices(2), { msgId: msgId(i + 1) }),
      )
      await store.append(app, told(...lines), now)
      const held = ['1', '2', '3', '4', '5', '6']
      expect(idsOf(await allRecent(store, 2))).toEqual(held)
      await store.append(app, told(line('click', now, devices(1), { msgId: msgId(9) })), now)
      expect(idsOf(await allRecent(store, 3))).toEqual(['9', ...held])
      await store.sweep(app, now)
      expect(idsOf(await allRecent(store, 3))).toEqual(['9', ...held])
      await store.sweep(app, now + 30 * msPerDay)
      expect(await allRecent(store, 3, { nowMs: now + 30 * msPerDay })).toEqual([])
    })
  })

  describe('the hours of a message', () => {
    it('count a device once a stage, in the earliest hour of any way', async () => {
      const { store } = await fresh()
      const [a, b, c] = devices(3) as [RegistrationId, RegistrationId, RegistrationId]
      const hours = (count: number) => now - count * msPerHour
      await store.append(
        app,
        told(
          line('target', hours(30), [a, b, c]),
          line('received', hours(5), [a, b]),
          line('received', hours(7), [b], { channel: 'xm' }),
          line('received', hours(6), [b], { channel: 'xm' }),
          line('received', hours(1), [c], { kind: 'message' }),
          line('click', hours(5), [a]),
        ),
        now,
      )
      expect(await curve(store)).toEqual([
        '2024-05-19 06 target 3',
        '2024-05-20 05 received 1',
        '2024-05-20 07 received 1',
        '2024-05-20 07 click 1',
        '2024-05-20 11 received 1',
      ])
      await store.append(app, told(line('click', hours(29), [a]), line('click', now, [a])), now)
      expect((await curve(store)).filter((row) => row.includes('click'))).toEqual([
        '2024-05-19 07 click 1',
      ])
      expect(await curve(store, msgId(6))).toEqual([])
      expect(await curve(store, push, appIn('UTC', 2))).toEqual([])
    })

    it('are those of the zone', async () => {
      const { store } = await fresh()
      const kolkata = appIn('Asia/Kolkata', 3)
      const sent = line('sent', at('2024-05-20T00:29:00+05:30'), devices(1))
      const later = line('sent', at('2024-05-20T01:00:00+05:30'), devices(1, 'other'))
      await store.append(kolkata, told(sent, later), now)
      expect(await curve(store, push, kolkata)).toEqual([
        '2024-05-20 00 sent 1',
        '2024-05-20 01 sent 1',
      ])
    })

    it('add up to the devices of the stage, over many devices and in any order told', async () => {
      const { store, reopen } = await fresh()
      const random = randomOf(11)
      const all = devices(9_000)
      const lines = random.shuffle(
        (['jpush', 'xm', 'hw', 'oppo'] as const).flatMap((channel) =>
          Array.from({ length: 40 }, () =>
            line(
              random.pick(['received', 'click'] as const),
              now - random.int(0, 400) * msPerHour,
              random.sample(all, 0.05),
              { channel },
            ),
          ),
        ),
      )
      for (let at = 0; at < lines.length; at += 8) {
        await store.append(app, told(...lines.slice(at, at + 8)), now)
      }
      const expected = (stage: Stage) => {
        const earliest = new Map<string, number>()
        for (const { stage: of, atMs, devices: listed } of lines) {
          if (of !== stage) continue
          for (const id of listed) earliest.set(id, Math.min(atMs, earliest.get(id) ?? atMs))
        }
        const hours = new Map<number, number>()
        for (const atMs of earliest.values()) {
          const hour = app.zone.hourOf(atMs)
          hours.set(hour, (hours.get(hour) ?? 0) + 1)
        }
        return hours
      }
      const check = async (of: Store) => {
        const found = await of.stageHours(app, push, now)
        for (const stage of ['received', 'click'] as const) {
          const counted = found.filter(({ devices: reached }) => reached[stage] > 0)
          expect(new Map(counted.map(({ hour, devices: d }) => [hour, d[stage]]))).toEqual(
            new Map([...expected(stage)].sort(([x], [y]) => x - y)),
          )
        }
      }
      await check(store)
      const again = await reopen?.()
      if (again !== undefined) await check(again)
    })
  })

  describe('the totals of a day', () => {
    it('add up the messages whose first hour is on it', async () => {
      const { store } = await fresh()
      const random = randomOf(5)
      const all = devices(60)
      const ids = Array.from({ length: 25 }, (_, i) => msgId(i + 1))
      for (let body = 0; body < 30; body++) {
        const lines = Array.from({ length: 6 }, () =>
          line(
            random.pick(['target', 'sent', 'received', 'click'] as const),
            now - random.int(0, 6 * 24) * msPerHour,
            random.sample(all, 0.2),
            { msgId: random.pick(ids), channel: random.pick(['jpush', 'fcm'] as const) },
          ),
        )
        await store.append(app, told(...lines.filter(({ devices: d }) => d.length > 0)), now)
      }
      const today = app.zone.dayOf(now)
      const days = Array.from({ length: 9 }, (_, i) => today - 8 + i)
      const recent = await allRecent(store, 100)
      const totals = await store.totals(app, days)
      for (const [i, day] of days.entries()) {
        const ofDay = recent.filter(({ firstHour }) => dayOfHour(firstHour) === day)
        expect(totals[i]?.messages).toBe(ofDay.length)
        const sums = SELECTIONS.map(() => 0)
        for (const { msgId: id } of ofDay) {
          const sizes = await sizesOf(store, app, id, now)
          for (const [n, size] of sizes.entries()) sums[n] = (sums[n] ?? 0) + size
        }
        expect(Array.from(totals[i]?.counts ?? []), `${day}`).toEqual(sums)
      }
      expect((await store.totals(appIn('UTC', 2), [today]))[0]?.messages).toBe(0)
    })

    it('stay when the messages are gone, which count again where they begin anew', async () => {
      const { store } = await fresh({ keepDays: 5 })
      const today = app.zone.dayOf(now)
      const messagesOn = async (...days: number[]) =>
        (await store.totals(app, days)).map(({ messages }) => messages)
      await store.append(app, told(line('sent', now, devices(3))), now)
      const later = now + 6 * msPerDay
      await store.append(app, told(line('sent', later, devices(2))), later)
      expect(await messagesOn(today, today + 6)).toEqual([1, 1])
      await store.sweep(app, later + 30 * msPerDay)
      expect(await messagesOn(today, today + 6, today + 7)).toEqual([1, 1, 0])
      const [total] = await store.totals(app, [today])
      expect(Array.from(total?.counts ?? []).filter((size) => size === 3)).not.toEqual([])
    })
  })
}
