// The contract, chapter five: who was new, online and active in an hour, a day, a month.
import { describe, expect, it } from 'vitest'
import type { Platform } from '../../src/ledger/channel.ts'
import type { DeviceEventType } from '../../src/ledger/event-batch.ts'
import type { RegistrationId } from '../../src/ledger/ids.ts'
import { devices, type Line, msgId, told } from '../support/told.ts'
import { appIn, at, expectRepeated, type Fresh, usersOf } from './asking.ts'

const app = appIn()
const now = at('2024-05-31T23:00:00+08:00')
const [a, b, c] = devices(3) as [RegistrationId, RegistrationId, RegistrationId]

const was = (
  about: DeviceEventType,
  time: string,
  listed: readonly RegistrationId[],
  platform: Platform = 'android',
): Line => ({ about, platform, atMs: at(time), devices: listed })

export const usersChapter = (fresh: Fresh): void => {
  describe('users', () => {
    it('are distinct in each slot: a day and a month are unions, not sums', async () => {
      const { store } = await fresh()
      const body = told(
        was('online', '2024-05-01T00:00:00+08:00', [a, b]),
        was('online', '2024-05-01T00:59:59.999+08:00', [b, a]),
        was('online', '2024-05-01T01:00:00+08:00', [b, c]),
        was('online', '2024-05-31T23:59:59+08:00', [a]),
        was('active', '2024-05-01T13:00:00+08:00', [a]),
        was('online', '2024-04-30T23:59:59.999+08:00', [c]),
      )
      await store.append(app, body, now)
      const slots = ['2024-05-01 00', '2024-05-01 01', '2024-05-01', '2024-05-31', '2024-05']
      expect(await usersOf(store, app, ...slots)).toEqual([
        'android 0 2 0',
        'android 0 2 0',
        'android 0 3 1',
        'android 0 1 0',
        'android 0 3 1',
      ])
      expect(await usersOf(store, app, '2024-04', '2024-06', '2024-05-01 13')).toEqual([
        'android 0 1 0',
        '',
        'android 0 0 1',
      ])
    })

    it('are counted on each platform they were seen on', async () => {
      const { store } = await fresh()
      const platforms = ['quickapp', 'ios', 'hmos', 'winphone', 'android'] as const
      const lines = platforms.flatMap((platform, i) => [
        was('online', '2024-05-02T10:00:00+08:00', devices(i + 1), platform),
        was('active', '2024-05-02T10:30:00+08:00', devices(i), platform),
      ])
      await store.append(app, told(...lines), now)
      const expected = 'android 0 5 4, ios 0 2 1, winphone 0 4 3, hmos 0 3 2, quickapp 0 1 0'
      expect(await usersOf(store, app, '2024-05-02 10', '2024-05-02', '2024-05')).toEqual([
        expected,
        expected,
        expected,
      ])
    })

    it('are new once, in the slot and on the platform of the earliest registration', async () => {
      const { store } = await fresh()
      const slots = ['2024-05-03', '2024-05-03 09', '2024-05-04 10', '2024-05']
      await store.append(app, told(was('register', '2024-05-04T10:00:00+08:00', [a, b])), now)
      expect(await usersOf(store, app, ...slots)).toEqual([
        '',
        '',
        'android 2 0 0',
        'android 2 0 0',
      ])
      const later = told(was('register', '2024-05-05T10:00:00+08:00', [a], 'ios'))
      expectRepeated([await store.append(app, later, now)], 1)
      expect((await usersOf(store, app, ...slots))[3]).toBe('android 2 0 0')
      const earlier = told(was('register', '2024-05-03T09:30:00+08:00', [a], 'ios'))
      expectRepeated([await store.append(app, earlier, now)], 1)
      expect(await usersOf(store, app, ...slots)).toEqual([
        'ios 1 0 0',
        'ios 1 0 0',
        'android 1 0 0',
        'android 1 0 0, ios 1 0 0',
      ])
    })

    it('are new to the millisecond; of a tie the first platform of the list', async () => {
      const { store } = await fresh()
      const register = async (time: string, platform: Platform) =>
        store.append(app, told(was('register', time, [a], platform)), now)
      const day = async () => (await usersOf(store, app, '2024-05-04'))[0]
      await register('2024-05-04T10:00:00.500+08:00', 'winphone')
      await register('2024-05-04T10:00:00.501+08:00', 'android')
      expect(await day()).toBe('winphone 1 0 0')
      await register('2024-05-04T10:00:00.500+08:00', 'hmos')
      expect(await day()).toBe('winphone 1 0 0')
      await register('2024-05-04T10:00:00.500+08:00', 'ios')
      expect(await day()).toBe('ios 1 0 0')
      await register('2024-05-04T10:00:00.499+08:00', 'quickapp')
      expect(await day()).toBe('quickapp 1 0 0')
      expect(await usersOf(store, app, '2024-05')).toEqual(['quickapp 1 0 0'])
    })

    it('registered years ago are members and never new, in any order, swept or not', async () => {
      const old = told(was('register', '2009-01-01T00:00:00+08:00', [a, b]))
      const months = told(was('register', '2023-11-02T10:00:00+08:00', [c]))
      const recent = told(was('register', '2024-05-04T10:00:00+08:00', [a, b, c]))
      const slots = ['2024-05-04 10', '2024-05-04', '2024-05', '2024-03']
      for (const bodies of [
        [old, months, recent],
        [recent, months, old],
      ]) {
        const { store } = await fresh()
        for (const body of bodies) {
          await store.append(app, body, now)
          await store.sweep(app, now)
        }
        expect(await usersOf(store, app, ...slots)).toEqual(['', '', '', ''])
        const ask = { msgId: msgId(1), devices: [a, b, c], asOf: app.zone.dayOf(now), nowMs: now }
        expect(await store.statuses(app, ask)).toEqual([3, 3, 3])
        expectRepeated([await store.append(app, recent, now)], 3)
      }
    })

    it('registered 87 days ago are new in that month, which can be asked', async () => {
      const { store } = await fresh()
      await store.append(app, told(was('register', '2024-03-05T10:00:00+08:00', [a])), now)
      await store.sweep(app, now)
      expect(await usersOf(store, app, '2024-03-05', '2024-03')).toEqual([
        'android 1 0 0',
        'android 1 0 0',
      ])
    })

    it('are not new by being heard of otherwise', async () => {
      const { store } = await fresh()
      await store.append(app, told(was('online', '2024-05-04T10:00:00+08:00', [a])), now)
      expect(await usersOf(store, app, '2024-05')).toEqual(['android 0 1 0'])
    })

    it('of the hour that the clock shows twice are of one hour', async () => {
      const { store } = await fresh()
      const newYork = appIn('America/New_York')
      const first = told(was('online', '2024-11-03T01:30:00-04:00', [a, b]))
      const second = told(was('online', '2024-11-03T01:30:00-05:00', [b, c]))
      await store.append(newYork, first, at('2024-11-04T00:00:00Z'))
      expectRepeated([await store.append(newYork, second, at('2024-11-04T00:00:00Z'))], 1)
      const slots = ['2024-11-03 00', '2024-11-03 01', '2024-11-03 02', '2024-11-03']
      expect(await usersOf(store, newYork, ...slots)).toEqual([
        '',
        'android 0 3 0',
        '',
        'android 0 3 0',
      ])
    })

    it('are cut by half hours where the zone is', async () => {
      const { store } = await fresh()
      const lordHowe = appIn('Australia/Lord_Howe')
      // Clocks go back from 02:00 (+11:00) to 01:30 (+10:30).
      const body = told(
        was('online', '2024-04-07T01:59:00+11:00', [a]),
        was('online', '2024-04-07T01:31:00+10:30', [b]),
        was('online', '2024-04-07T02:00:00+10:30', [c]),
      )
      await store.append(lordHowe, body, at('2024-04-08T00:00:00Z'))
      expect(await usersOf(store, lordHowe, '2024-04-07 01', '2024-04-07 02')).toEqual([
        'android 0 2 0',
        'android 0 1 0',
      ])
    })

    it('outlive a sweep for 93 days, so that each month that can be asked is whole', async () => {
      const { store } = await fresh()
      const oldest = '2024-02-28'
      const lines = [0, 1, 40, 92, 93].map((back) => ({
        ...was('online', `${oldest}T12:00:00+08:00`, devices(back + 1)),
        atMs: at('2024-05-31T12:00:00+08:00') - back * 86_400_000,
      }))
      const body = told(...lines, was('register', `${oldest}T12:00:00+08:00`, [a]))
      await store.append(app, body, now)
      const slots = ['2024-05-31', '2024-05-30', '2024-04-21', '2024-02-29', oldest, '2024-04']
      const before = await usersOf(store, app, ...slots)
      expect(before).toEqual([
        'android 0 1 0',
        'android 0 2 0',
        'android 0 41 0',
        'android 0 93 0',
        'android 1 94 0',
        'android 0 41 0',
      ])
      await store.sweep(app, now)
      expect(await usersOf(store, app, ...slots)).toEqual(before)
    })
  })
}
