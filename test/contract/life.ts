// The contract, chapter six: apps stay apart, removal leaves nothing, what was kept outlives a close.
import { describe, expect, it } from 'vitest'
import { factsIn } from '../../src/ledger/event-batch.ts'
import { Fault } from '../../src/ledger/fault.ts'
import type { App, Store } from '../../src/ledger/store.ts'
import { devices, type Line, msgId, told } from '../support/told.ts'
import { appIn, at, countOf, expectRepeated, type Fresh, sizesOf, usersOf } from './asking.ts'

const now = at('2024-05-20T12:00:00+08:00')
const push = msgId(7)
const androidReceived = '/received android_received'

const lines = (count: number): readonly Line[] => {
  const listed = devices(count)
  return [
    { msgId: push, platform: 'android', stage: 'received', atMs: now, devices: listed },
    { msgId: msgId(8), platform: 'ios', stage: 'sent', atMs: now - 1e8, devices: listed.slice(1) },
    { about: 'register', platform: 'ios', atMs: now, devices: listed },
    { about: 'online', platform: 'android', atMs: now, devices: listed },
  ]
}

/** All that a store answers about the lines above, as text. */
const everythingOf = async (store: Store, app: App): Promise<string> => {
  const asked = devices(40)
  const asOf = app.zone.dayOf(now)
  return JSON.stringify([
    await sizesOf(store, app, push, now),
    await sizesOf(store, app, msgId(8), now),
    await store.statuses(app, { msgId: push, devices: asked, asOf, nowMs: now }),
    await store.statuses(app, { msgId: msgId(8), devices: asked, asOf: asOf - 1, nowMs: now }),
    await usersOf(store, app, '2024-05-20 12', '2024-05-20', '2024-05'),
  ])
}

export const lifeChapter = (fresh: Fresh): void => {
  describe('apps', () => {
    it('share nothing, though every id be the same', async () => {
      const { store } = await fresh()
      const one = appIn('Asia/Shanghai', 1)
      const two = appIn('America/New_York', 2)
      await store.append(one, told(...lines(10)), now)
      const empty = await everythingOf(store, appIn('Asia/Shanghai', 3))
      expect(await everythingOf(store, two)).toBe(empty)
      expectRepeated([await store.append(two, told(...lines(20)), now)], 0)
      expect(await countOf(store, one, push, androidReceived, now)).toBe(10)
      expect(await countOf(store, two, push, androidReceived, now)).toBe(20)
    })

    it('removed leave nothing behind, and nobody else is touched', async () => {
      const { store } = await fresh()
      const [gone, stays, again] = [1, 2, 3].map((id) => appIn('Asia/Shanghai', id)) as [
        App,
        App,
        App,
      ]
      const empty = await everythingOf(store, again)
      await store.append(gone, told(...lines(30)), now)
      await store.append(stays, told(...lines(30)), now)
      const before = await everythingOf(store, stays)
      await store.removeApp(gone.id)
      await store.removeApp(gone.id)
      await store.removeApp(77)
      expect(await everythingOf(store, stays)).toBe(before)
      // Nobody may use the id any more, but this is how to see that its data went.
      expect(await everythingOf(store, gone)).toBe(empty)
      expect(await everythingOf(store, again)).toBe(empty)
      const body = told(...lines(30))
      expectRepeated([await store.append(again, body, now)], 0)
      expect(await everythingOf(store, again)).toBe(before)
    })

    it('removed in the midst of appends refuse or take them whole', async () => {
      const { store } = await fresh()
      const app = appIn()
      const appends = Array.from({ length: 5 }, () => store.append(app, told(...lines(30)), now))
      const removal = store.removeApp(app.id)
      for (const result of await Promise.allSettled(appends)) {
        if (result.status === 'fulfilled') continue
        expect(result.reason).toBeInstanceOf(Fault)
        expect((result.reason as Fault).fault).toBe('unauthorized')
      }
      await removal
      const again = appIn('Asia/Shanghai', 2)
      expectRepeated([await store.append(again, told(...lines(30)), now)], 0)
    })
  })

  describe('close', () => {
    it('twice is harmless', async () => {
      const { store } = await fresh()
      await store.append(appIn(), told(...lines(3)), now)
      await store.close()
      await store.close()
    })

    it('finishes appends under way', async () => {
      const { store } = await fresh()
      const appends = Array.from({ length: 5 }, () => store.append(appIn(), told(...lines(9)), now))
      await store.close()
      expectRepeated(await Promise.all(appends), 4 * factsIn(told(...lines(9))))
    })
  })

  describe('reopen', () => {
    it('keeps everything', async ({ skip }) => {
      const { store, reopen } = await fresh()
      if (reopen === undefined) return skip('keeps nothing once it is closed')
      const app = appIn()
      await store.append(app, told(...lines(40)), now)
      const before = await everythingOf(store, app)
      const again = await reopen()
      expect(await everythingOf(again, app)).toBe(before)
      const body = told(...lines(40))
      expectRepeated([await again.append(app, body, now)], factsIn(body))
      expect(await everythingOf(again, app)).toBe(before)
    })

    it('goes on where it stood: new devices beside held ones, message by message', async ({
      skip,
    }) => {
      const { store, reopen } = await fresh()
      if (reopen === undefined) return skip('keeps nothing once it is closed')
      const app = appIn()
      let current = store
      for (const count of [1, 5, 40, 300]) {
        await current.append(app, told(...lines(count)), now)
        current = await reopen()
        expect(await countOf(current, app, push, androidReceived, now)).toBe(count)
        expect(await countOf(current, app, msgId(8), '/received ios_apns_sent', now)).toBe(
          count - 1,
        )
        expect(await usersOf(current, app, '2024-05-20')).toEqual([
          `android 0 ${count} 0, ios ${count} 0 0`,
        ])
      }
    })

    it('keeps appends that were under way, and forgets what was removed', async ({ skip }) => {
      const { store, reopen } = await fresh()
      if (reopen === undefined) return skip('keeps nothing once it is closed')
      const [one, two] = [appIn('UTC', 1), appIn('UTC', 2)] as const
      const empty = await everythingOf(store, appIn('UTC', 3))
      await store.append(one, told(...lines(40)), now)
      await store.removeApp(one.id)
      const telling = store.append(two, told(...lines(40)), now)
      const again = await reopen()
      await telling
      expect(await everythingOf(again, one)).toBe(empty)
      expect(await countOf(again, two, push, androidReceived, now)).toBe(40)
    })
  })
}
