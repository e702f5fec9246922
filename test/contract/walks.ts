// The contract, chapter eight: everything that is held can be taken out, a page at a time.
import { describe, expect, it } from 'vitest'
import { type Channel, stageOf, trackOf } from '../../src/ledger/channel.ts'
import { dayOfHour, formatDay } from '../../src/ledger/day.ts'
import type { MsgId, RegistrationId } from '../../src/ledger/ids.ts'
import type { App, Store } from '../../src/ledger/store.ts'
import { randomOf } from '../support/random.ts'
import { devices, type Line, type MessageLine, msgId, told } from '../support/told.ts'
import { appIn, at, type Fresh } from './asking.ts'

const app = appIn()
const now = at('2024-05-20T12:00:00+08:00')
const msPerDay = 86_400_000
const push = msgId('9223372036854775807')

const received = (atMs: number, listed: readonly RegistrationId[], channel?: Channel): Line => ({
  msgId: push,
  platform: 'android',
  ...(channel && { channel }),
  stage: 'received',
  atMs,
  devices: listed,
})

/** Each as `device platform channel kind stage day`, in the order met. */
const allFacts = async (store: Store, of: App, id: MsgId, limit: number, nowMs = now) => {
  const rows: string[] = []
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = await store.facts(of, { msgId: id, from, limit }, nowMs)
    expect(new Set(page.facts.map(({ device }) => device)).size).toBeLessThanOrEqual(limit)
    expect(page.next ?? page.end).toBeGreaterThan(from - 1)
    expect(page.next ?? 0).toBeLessThanOrEqual(page.end)
    rows.push(
      ...page.facts.map(({ device, cell, hour }) => {
        const { platform, channel, kind } = trackOf(cell)
        return [device, platform, channel, kind, stageOf(cell), formatDay(dayOfHour(hour))].join(
          ' ',
        )
      }),
    )
    from = page.next
  }
  return rows
}

const allMessages = async (store: Store, of: App, limit: number, nowMs = now) => {
  const found: string[] = []
  for (let after: MsgId | undefined; ; ) {
    const page = await store.messages(of, after, limit, nowMs)
    found.push(...page.map(({ msgId: id, latestDay }) => `${id} ${formatDay(latestDay)}`))
    if (page.length < limit) return found
    after = page.at(-1)?.msgId
  }
}

export const walksChapter = (fresh: Fresh): void => {
  describe('walks', () => {
    it('over messages go by rising number, and each tells its latest day', async () => {
      const { store } = await fresh()
      const ids = ['9', '10', '100', '9007199254740993', '9223372036854775807', '1'].map(msgId)
      const lines = ids.map((id, i): Line => {
        return { ...(received(now - i * msPerDay, devices(1)) as MessageLine), msgId: id }
      })
      await store.append(app, told(...lines), now)
      await store.append(app, told(received(now - 9 * msPerDay, devices(2))), now)
      const rising = [
        '1 2024-05-15',
        '9 2024-05-20',
        '10 2024-05-19',
        '100 2024-05-18',
        '9007199254740993 2024-05-17',
        '9223372036854775807 2024-05-16',
      ]
      for (const limit of [1, 2, 3, 6, 100]) {
        expect(await allMessages(store, app, limit)).toEqual(rising)
      }
      expect(await store.messages(app, msgId(11), 1, now)).toEqual([
        { msgId: '100', latestDay: app.zone.dayOf(now) - 2 },
      ])
      expect(await allMessages(store, appIn('UTC', 2), 10)).toEqual([])
    })

    it('do not meet what is gone, swept or not', async () => {
      const { store } = await fresh({ keepDays: 5 })
      const lines = Array.from({ length: 12 }, (_, i): Line => {
        const line = received(now - i * msPerDay, devices(2)) as MessageLine
        return { ...line, msgId: msgId(i + 1) }
      })
      await store.append(app, told(...lines), now)
      const held = ['1', '2', '3', '4', '5', '6']
      const numbers = async () => (await allMessages(store, app, 2)).map((row) => row.split(' ')[0])
      expect(await numbers()).toEqual(held)
      expect(await allFacts(store, app, msgId(6), 10)).toHaveLength(2)
      expect(await allFacts(store, app, msgId(7), 10)).toEqual([])
      await store.sweep(app, now)
      expect(await numbers()).toEqual(held)
    })

    it('over facts tell each once, on the earliest day told of it', async () => {
      const { store } = await fresh()
      const [a, b, c] = devices(3) as [RegistrationId, RegistrationId, RegistrationId]
      const body = told(
        received(now, [a, b]),
        received(now - msPerDay, [b], 'xm'),
        received(now - 2 * msPerDay, [a]),
        { ...(received(now, [b]) as MessageLine), stage: 'click' },
        { ...(received(now, [c]) as MessageLine), msgId: msgId(8) },
        { about: 'online', platform: 'ios', atMs: now, devices: [c] },
      )
      await store.append(app, body, now)
      // Which device comes first is the engine's own.
      const of = (device: RegistrationId, rows: readonly string[]) =>
        rows.filter((row) => row.startsWith(`${device} `))
      for (const limit of [1, 2, 50]) {
        const rows = await allFacts(store, app, push, limit)
        expect(rows).toHaveLength(4)
        expect(of(a, rows)).toEqual([`${a} android jpush notification received 2024-05-18`])
        expect(of(b, rows)).toEqual([
          `${b} android xm notification received 2024-05-19`,
          `${b} android jpush notification received 2024-05-20`,
          `${b} android jpush notification click 2024-05-20`,
        ])
      }
      expect(await allFacts(store, app, msgId(9), 50)).toEqual([])
      expect(await allFacts(store, appIn('UTC', 2), push, 50)).toEqual([])
    })

    it('over many facts, in pages of any size, tell all that was told', async () => {
      const { store, reopen } = await fresh()
      const random = randomOf(33)
      const all = devices(9_000)
      const lines = (['jpush', 'xm', 'hw'] as const).flatMap((channel, i) => [
        received(now - i * msPerDay, random.sample(all, 0.5), channel),
        {
          ...(received(now - i * msPerDay, random.sample(all, 0.1), channel) as MessageLine),
          stage: 'click' as const,
        },
      ])
      await store.append(app, told(...lines), now)
      const expected = lines.flatMap((line) => {
        const { platform, channel, stage, atMs, devices: listed } = line as MessageLine
        const day = formatDay(app.zone.dayOf(atMs))
        return listed.map((id) => `${id} ${platform} ${channel} notification ${stage} ${day}`)
      })
      expected.sort()
      const whole = await allFacts(store, app, push, 100_000)
      expect([...whole].sort()).toEqual(expected)
      for (const limit of [333, 1_024, 4_096]) {
        expect(await allFacts(store, app, push, limit)).toEqual(whole)
      }
      if (reopen === undefined) return
      const again = await reopen()
      expect(await allFacts(again, app, push, 5_000)).toEqual(whole)
    })

    it('meet each device once, whatever is told between their pages', async () => {
      const { store } = await fresh()
      const random = randomOf(7)
      const first = devices(3_000)
      await store.append(app, told(received(now, random.shuffle(first))), now)
      const met: RegistrationId[] = []
      let told1 = 0
      for (let from: number | undefined = 0; from !== undefined; ) {
        const page = await store.facts(app, { msgId: push, from, limit: 250 }, now)
        met.push(...new Set(page.facts.map(({ device }) => device)))
        from = page.next
        if (told1 === 20) continue
        const more = devices(200, `more-${told1++}`)
        const again = random.sample(first, 0.2)
        await store.append(app, told(received(now, more), received(now, again, 'xm')), now)
      }
      expect(new Set(met).size).toBe(met.length)
      const held = new Set<string>(met)
      expect(first.filter((device) => !held.has(device))).toEqual([])
    })
  })
}
