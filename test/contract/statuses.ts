// The contract, chapter three: the status of a device for a message, as of the end of a day.
import { describe, expect, it } from 'vitest'
import type { RegistrationId } from '../../src/ledger/ids.ts'
import { device, devices, type Line, msgId, told } from '../support/told.ts'
import { appIn, at, expectRepeated, type Fresh, statusesOf } from './asking.ts'

const app = appIn()
const push = msgId(7)
const [a, b, c, d] = devices(4) as [RegistrationId, RegistrationId, RegistrationId, RegistrationId]

const reached = (
  stage: 'target' | 'received',
  time: string,
  ...listed: RegistrationId[]
): Line => ({
  msgId: push,
  platform: 'android',
  stage,
  atMs: at(time),
  devices: listed,
})

export const statusesChapter = (fresh: Fresh): void => {
  describe('statuses', () => {
    it('tell delivered, not delivered, stranger and no target apart', async () => {
      const { store } = await fresh()
      const now = at('2024-05-20T12:00:00+08:00')
      const today = '2024-05-20'
      const other: Line = {
        ...reached('received', '2024-05-20T08:00:00+08:00', d),
        msgId: msgId(8),
      }
      await store.append(
        app,
        told(reached('target', '2024-05-20T08:00:00+08:00', a, b), other),
        now,
      )
      const listed = [a, b, d, device('stranger'), a]
      expect(await statusesOf(store, app, push, listed, today, now)).toEqual([1, 1, 3, 2, 1])
      await store.append(app, told(reached('received', '2024-05-20T09:00:00+08:00', b, c)), now)
      expect(await statusesOf(store, app, push, listed, today, now)).toEqual([1, 0, 3, 2, 1])
      expect(await statusesOf(store, app, msgId(9), listed, today, now)).toEqual([3, 3, 3, 2, 3])
    })

    it.each(['target', 'online_push', 'sent', 'received', 'display', 'click'] as const)(
      'after %s alone',
      async (stage) => {
        const { store } = await fresh()
        const now = at('2024-05-20T12:00:00+08:00')
        await store.append(
          app,
          told({ ...reached('target', '2024-05-20T08:00+08:00', a), stage }),
          now,
        )
        const status = ['received', 'display', 'click'].includes(stage) ? 0 : 1
        expect(await statusesOf(store, app, push, [a], '2024-05-20', now)).toEqual([status])
        expect(await statusesOf(store, app, push, [a], '2024-05-19', now)).toEqual([3])
      },
    )

    it.each(['register', 'online', 'active'] as const)(
      'make a member of who was heard of by %s',
      async (about) => {
        const { store } = await fresh()
        const now = at('2024-05-20T12:00:00+08:00')
        await store.append(app, told({ about, platform: 'ios', atMs: now, devices: [a] }), now)
        expect(await statusesOf(store, app, push, [a, b], '2024-05-20', now)).toEqual([3, 2])
        expect(await statusesOf(store, app, push, [a, b], '2023-01-01', now)).toEqual([3, 2])
      },
    )

    it('stand on the earliest day; a later repeat moves nothing, an earlier one does', async () => {
      const { store } = await fresh()
      const now = at('2024-05-20T12:00:00+08:00')
      const asOf = async (...days: string[]) =>
        Promise.all(days.map(async (day) => (await statusesOf(store, app, push, [a], day, now))[0]))
      await store.append(app, told(reached('received', '2024-05-15T23:59:59+08:00', a)), now)
      expect(await asOf('2024-05-14', '2024-05-15', '2024-05-20')).toEqual([3, 0, 0])
      await store.append(app, told(reached('received', '2024-05-18T08:00:00+08:00', a)), now)
      expect(await asOf('2024-05-14', '2024-05-15', '2024-05-20')).toEqual([3, 0, 0])
      await store.append(app, told(reached('target', '2024-05-13T00:00:00+08:00', a)), now)
      expect(await asOf('2024-05-12', '2024-05-13', '2024-05-14', '2024-05-15')).toEqual([
        3, 1, 1, 0,
      ])
      const earlier = told(reached('received', '2024-05-14T00:00:00+08:00', a))
      expectRepeated([await store.append(app, earlier, now)], 1)
      expect(await asOf('2024-05-12', '2024-05-13', '2024-05-14', '2024-05-15')).toEqual([
        3, 1, 0, 0,
      ])
    })

    it('cut days at midnight of the app, in a zone of half hours too', async () => {
      const zones: readonly (readonly [string, string, string])[] = [
        ['Asia/Shanghai', '2024-05-15T23:59:59.999+08:00', '2024-05-16T00:00:00+08:00'],
        ['America/New_York', '2024-03-09T23:59:59.999-05:00', '2024-03-10T00:00:00-05:00'],
        ['Australia/Lord_Howe', '2024-04-06T23:59:59.999+11:00', '2024-04-07T00:00:00+11:00'],
        ['Asia/Kathmandu', '2024-05-15T18:14:59.999Z', '2024-05-15T18:15:00Z'],
      ]
      for (const [zone, last, first] of zones) {
        const { store } = await fresh()
        const there = appIn(zone)
        const body = told(reached('received', last, a), reached('received', first, b))
        await store.append(there, body, at(first))
        const asOf = there.zone.dayOf(at(last))
        const ask = { msgId: push, devices: [a, b], asOf, nowMs: at(first) }
        expect(await store.statuses(there, ask)).toEqual([0, 3])
        expect(await store.statuses(there, { ...ask, asOf: asOf + 1 })).toEqual([0, 0])
      }
    })

    it('a fact told of tomorrow does not stand today', async () => {
      const { store } = await fresh()
      const now = at('2024-05-20T23:58:00+08:00')
      await store.append(app, told(reached('received', '2024-05-21T00:02:00+08:00', a)), now)
      expect(await statusesOf(store, app, push, [a], '2024-05-20', now)).toEqual([3])
      const later = at('2024-05-21T00:00:00+08:00')
      expect(await statusesOf(store, app, push, [a], '2024-05-21', later)).toEqual([0])
    })

    it('tell 62 days apart; older facts of a message kept alive stand before all', async () => {
      const { store } = await fresh()
      const days = ['2024-03-01', '2024-03-02', '2024-03-25', '2024-04-20', '2024-05-02']
      for (const [i, day] of days.entries()) {
        const time = `${day}T10:00:00+08:00`
        const stage = i === 1 ? 'target' : 'received'
        await store.append(app, told(reached(stage, time, devices(5)[i]!)), at(time))
      }
      const statuses = async (asOf: string, now: string) =>
        (await statusesOf(store, app, push, devices(5), asOf, at(`${now}T12:00:00+08:00`))).join('')
      // 2024-05-01 is day 62 when 2024-03-01 is day 1.
      expect(await statuses('2024-02-29', '2024-05-01')).toBe('33333')
      expect(await statuses('2024-03-01', '2024-05-01')).toBe('03333')
      expect(await statuses('2024-02-29', '2024-05-02')).toBe('03333')
      expect(await statuses('2024-03-01', '2024-05-03')).toBe('01333')
      expect(await statuses('2024-03-24', '2024-05-03')).toBe('01333')
      expect(await statuses('2024-03-25', '2024-05-03')).toBe('01033')
      // What stood before all is not told anew by a later repeat.
      const repeat = told(reached('received', '2024-05-03T10:00:00+08:00', device('device-0')))
      expectRepeated([await store.append(app, repeat, at('2024-05-03T12:00:00+08:00'))], 1)
      expect(await statuses('2024-03-24', '2024-05-03')).toBe('01333')
    })
  })
}
