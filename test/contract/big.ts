// The contract, chapter seven: sizes at which an engine splits, grows and batches.
import { describe, expect, it } from 'vitest'
import type { Channel } from '../../src/ledger/channel.ts'
import { factsIn } from '../../src/ledger/event-batch.ts'
import type { RegistrationId } from '../../src/ledger/ids.ts'
import { randomOf } from '../support/random.ts'
import { devices, inLinesOf, type Line, msgId, told } from '../support/told.ts'
import { appIn, at, countOf, expectRepeated, type Fresh, statusesOf } from './asking.ts'

const now = at('2024-05-20T12:00:00+08:00')
const app = appIn()

export const bigChapter = (fresh: Fresh, most: { readonly apps: number }): void => {
  describe('big', () => {
    it('one message to 70,000 devices, out of order, in several bodies, by several channels', async () => {
      const { store } = await fresh()
      const random = randomOf(70_000)
      const push = msgId('18101211308815829')
      const all = devices(70_000)
      const by = (channel: Channel, from: number, to: number, daysBack: number): Line => ({
        msgId: push,
        platform: 'android',
        channel,
        stage: 'received',
        atMs: now - daysBack * 86_400_000,
        devices: random.shuffle(all.slice(from, to)),
      })
      const lines = [
        by('jpush', 0, 45_000, 0),
        by('xm', 30_000, 60_000, 1),
        by('hw', 55_000, 70_000, 2),
      ]
      const pieces = random.shuffle(lines.flatMap((line) => inLinesOf(2_500, line)))
      let repeated = 0
      for (let from = 0; from < pieces.length; from += 8) {
        const appended = await store.append(app, told(...pieces.slice(from, from + 8)), now)
        repeated += appended.repeated ?? 0
      }
      expect(repeated).toBe(0)
      const chat: Line = { ...by('jpush', 69_000, 69_001, 0), msgId: msgId(2) }
      const segment: Line = { ...by('xm', 0, 70_000, 0), msgId: msgId(3) }
      const few = { ...segment, devices: random.sample(segment.devices, 0.04) }
      await store.append(app, told(chat, few), now)

      const count = async (name: string, id = push) => countOf(store, app, id, name, now)
      expect(await count('/received android_received')).toBe(70_000)
      expect(await count('/received/detail jpush_received')).toBe(45_000)
      expect(await count('/received/detail android_pns_received')).toBe(40_000)
      expect(await count('/messages/detail android_pns.xm_detail.received')).toBe(30_000)
      expect(await count('/received android_received', msgId(2))).toBe(1)
      expect(await count('/received android_received', msgId(3))).toBe(few.devices.length)

      const asked = random.shuffle(all).slice(0, 1_000)
      const place = (id: RegistrationId) => Number(id.slice('device-'.length))
      const statuses = async (day: string) => statusesOf(store, app, push, asked, day, now)
      expect(await statuses('2024-05-18')).toEqual(asked.map((id) => (place(id) >= 55_000 ? 0 : 3)))
      expect(await statuses('2024-05-19')).toEqual(asked.map((id) => (place(id) >= 30_000 ? 0 : 3)))
      expect(await statuses('2024-05-20')).toEqual(asked.map(() => 0))

      const again = told(...random.shuffle(pieces))
      expectRepeated([await store.append(app, again, now)], factsIn(again))
      expect(await count('/received android_received')).toBe(70_000)
    }, 60_000)

    it('5,000 messages to one device each, in one body', async () => {
      const { store } = await fresh()
      const random = randomOf(5_000)
      const listed = devices(900)
      const idOf = (i: number) => msgId(`18101${String(i).padStart(12, '0')}`)
      const lines = Array.from({ length: 5_000 }, (_, i): Line[] => {
        const target: Line = {
          msgId: idOf(i),
          platform: 'android',
          stage: 'target',
          atMs: now,
          devices: [listed[i % 900] as RegistrationId],
        }
        return i % 2 === 0 ? [target, { ...target, stage: 'received' }] : [target]
      })
      const body = told(...random.shuffle(lines.flat()))
      expectRepeated([await store.append(app, body, now)], 0)
      expectRepeated([await store.append(app, body, now)], 7_500)
      for (let from = 0; from < 5_000; from += 100) {
        const ids = Array.from({ length: 100 }, (_, i) => idOf(from + i))
        const counts = await store.counts(app, ids, now)
        const most = counts.map((sizes) => Math.max(...Array.from(sizes)))
        expect(most).toEqual(ids.map(() => 1))
      }
      const asked = [listed[42], listed[43]] as RegistrationId[]
      expect(await statusesOf(store, app, idOf(942), asked, '2024-05-20', now)).toEqual([0, 3])
      expect(await statusesOf(store, app, idOf(943), asked, '2024-05-20', now)).toEqual([3, 1])
    }, 60_000)

    it(`${most.apps} apps at once`, async () => {
      const { store } = await fresh()
      const push = msgId(5)
      const apps = Array.from({ length: most.apps }, (_, i) => appIn('UTC', i + 1))
      const bodyOf = (count: number) =>
        told({
          msgId: push,
          platform: 'android',
          stage: 'received',
          atMs: now,
          devices: devices(count),
        })
      await Promise.all(apps.map((each) => store.append(each, bodyOf(each.id), now)))
      const counts = await Promise.all(
        apps.map((each) => countOf(store, each, push, '/received android_received', now)),
      )
      expect(counts).toEqual(apps.map((each) => each.id))
    }, 60_000)

    it('one message that grows from one device to thousands, a body at a time', async () => {
      const { store } = await fresh()
      const random = randomOf(11)
      const push = msgId(6)
      const all = random.shuffle(devices(6_000))
      let told1 = 0
      while (told1 < all.length) {
        const next = Math.min(all.length, told1 + random.pick([1, 2, 40, 700]))
        const body = told({
          msgId: push,
          platform: 'ios',
          stage: 'sent',
          atMs: now - random.int(0, 30) * 86_400_000,
          devices: all.slice(Math.max(0, told1 - 3), next),
        })
        expectRepeated([await store.append(app, body, now)], Math.min(3, told1))
        told1 = next
        expect(await countOf(store, app, push, '/received ios_apns_sent', now)).toBe(told1)
      }
    }, 60_000)
  })
}
