// The contract, chapter one: what is told is held, once, however often and however it is told.
import { describe, expect, it } from 'vitest'
import { type DeviceList, factsIn, type Told } from '../../src/ledger/event-batch.ts'
import type { RegistrationId } from '../../src/ledger/ids.ts'
import { device, devices, type Line, msgId, told } from '../support/told.ts'
import {
  appIn,
  at,
  countOf,
  expectRepeated,
  type Fresh,
  noSizes,
  sizesOf,
  statusesOf,
  usersOf,
} from './asking.ts'

const now = at('2024-05-20T12:00:00+08:00')
const app = appIn()
const push = msgId('18446744073709551')
const received = (listed: readonly RegistrationId[]): Line => ({
  msgId: push,
  platform: 'android',
  stage: 'received',
  atMs: now,
  devices: listed,
})
const androidReceived = '/received android_received'

export const appendChapter = (fresh: Fresh): void => {
  describe('append', () => {
    it('holds nothing at first', async () => {
      const { store } = await fresh()
      expect(await store.counts(app, [], now)).toEqual([])
      expect(await sizesOf(store, app, push, now)).toEqual(noSizes)
      expect(await statusesOf(store, app, push, devices(1), '2024-05-20', now)).toEqual([2])
      expect(await statusesOf(store, app, push, [], '2024-05-20', now)).toEqual([])
      expect(await usersOf(store, app, '2024-05-20 12', '2024-05-20', '2024-05')).toEqual([
        '',
        '',
        '',
      ])
    })

    it('takes a body that tells nothing', async () => {
      const { store } = await fresh()
      expectRepeated([await store.append(app, told(), now)], 0)
      expectRepeated([await store.append(app, told(received([])), now)], 0)
      expect(await sizesOf(store, app, push, now)).toEqual(noSizes)
    })

    it('says how many facts were held, earlier in the same body included', async () => {
      const { store } = await fresh()
      const [a, b, c] = devices(3) as [RegistrationId, RegistrationId, RegistrationId]
      expectRepeated([await store.append(app, told(received([a, b, a]), received([b])), now)], 2)
      expectRepeated([await store.append(app, told(received([a, b, c])), now)], 2)
      expectRepeated([await store.append(app, told({ ...received([a]), atMs: now - 9e7 }), now)], 1)
      const byXm: Line = { ...received([a]), channel: 'xm' }
      expectRepeated([await store.append(app, told(byXm), now)], 0)
      expect(await countOf(store, app, push, androidReceived, now)).toBe(3)
    })

    it('tells device facts apart by platform, type and hour, a registration by device', async () => {
      const { store } = await fresh()
      const listed = devices(2)
      const online = (hours: number, platform: 'android' | 'ios' = 'android'): Line => ({
        about: 'online',
        platform,
        atMs: now + hours * 3_600_000,
        devices: listed,
      })
      const lines: readonly (readonly [number, Line])[] = [
        [0, online(0)],
        [2, online(0.5)],
        [0, online(-1)],
        [0, online(0, 'ios')],
        [0, { ...online(0), about: 'active' } as Line],
        [0, { ...online(0), about: 'register' } as Line],
        [2, { ...online(-7), about: 'register' } as Line],
        [2, { ...online(0, 'ios'), about: 'register' } as Line],
      ]
      for (const [repeated, line] of lines) {
        expectRepeated([await store.append(app, told(line), now)], repeated)
      }
      const everything = told(...lines.map(([, line]) => line))
      expectRepeated([await store.append(app, everything, now)], factsIn(everything))
    })

    it('answers counts per id, in the order asked', async () => {
      const { store } = await fresh()
      const lines = [1, 2, 3].map((count) => ({ ...received(devices(count)), msgId: msgId(count) }))
      await store.append(app, told(...lines), now)
      const ids = [3, 9, 1, 2].map(msgId)
      const sizes = await store.counts(app, ids, now)
      expect(sizes.map((size) => Math.max(0, ...Array.from(size)))).toEqual([3, 0, 1, 2])
    })

    it('adds up when the same body is appended many times at once', async () => {
      const { store } = await fresh()
      const body = told(received(devices(500)), { ...received(devices(300)), stage: 'click' })
      const times = 8
      const appended = await Promise.all(
        Array.from({ length: times }, () => store.append(app, body, now)),
      )
      expectRepeated(appended, factsIn(body) * (times - 1))
      expect(await countOf(store, app, push, androidReceived, now)).toBe(500)
      expect(await countOf(store, app, push, '/messages android.click', now)).toBe(300)
    })

    it('adds up when bodies that overlap are appended at once', async () => {
      const { store } = await fresh()
      const all = devices(400)
      const bodies = Array.from({ length: 7 }, (_, i) =>
        told(received(all.slice(i * 50, i * 50 + 100))),
      )
      const appended = await Promise.all(bodies.map((body) => store.append(app, body, now)))
      expectRepeated(appended, 300)
      expect(await countOf(store, app, push, androidReceived, now)).toBe(400)
    })
  })

  describe('ids', () => {
    const odd = [
      ...['__proto__', 'constructor', 'toString', 'error', 'hasOwnProperty', '0', '-1', 'null'],
      ...['a', 'aa', 'aaa', 'aaaa', 'A', ' ', '  ', 'a ', ' a', 'a\u00a0', '\u{1f600}'],
      ...['\ufeff', '\ufeffa', 'é', 'e\u0301', '\ufffd', '"', '\\', '/', ',', '{}'],
      ...['x'.repeat(128), 'x'.repeat(127), `${'x'.repeat(127)}y`, '好'.repeat(42), 'é'.repeat(64)],
      ...[253, 254, 255, 256, 510, 511, 512].map((length) => 'x'.repeat(length)),
      ...[`${'x'.repeat(511)}y`, 'é'.repeat(256), '\u{1f600}'.repeat(128)],
      ...['\u{1f600}'.repeat(32), `${'\u{1f600}'.repeat(31)}abcd`, '1506bfd3a7c568d4761'],
    ].map(device)

    it('are opaque text: each its own device, though one be the prefix of another', async () => {
      const { store } = await fresh()
      for (const [i, id] of odd.entries()) {
        expectRepeated([await store.append(app, told(received([id])), now)], 0)
        expect(await countOf(store, app, push, androidReceived, now)).toBe(i + 1)
      }
      expectRepeated([await store.append(app, told(received(odd)), now)], odd.length)
      const strangers = odd.map((id) => device(`${id.slice(0, 20)}?`))
      const asked = odd.flatMap((id, i) => [id, strangers[i] as RegistrationId])
      expect(await statusesOf(store, app, push, asked, '2024-05-20', now)).toEqual(
        odd.flatMap(() => [0, 2]),
      )
    })

    it('of messages are text too, the largest included', async () => {
      const { store } = await fresh()
      const ids = ['9223372036854775807', '9223372036854775806', '9007199254740993', '1', '10']
      const near = ['9223372036854775805', '9007199254740992', '9007199254740994', '100', '2']
      const lines = ids.map((id, i) => ({ ...received(devices(i + 1)), msgId: msgId(id) }))
      await store.append(app, told(...lines), now)
      for (const [i, id] of ids.entries()) {
        expect(await countOf(store, app, msgId(id), androidReceived, now)).toBe(i + 1)
      }
      for (const id of near) expect(await sizesOf(store, app, msgId(id), now)).toEqual(noSizes)
    })

    it('may stand anywhere in the buffer, in any order, again and again', async () => {
      const { store } = await fresh()
      const text = '{"ids":["first","second","third"]}'
      const bytes = new TextEncoder().encode(text)
      const words = ['third', 'first', 'first', 'second']
      const list: DeviceList = {
        bytes,
        starts: Uint32Array.from(words, (word) => text.indexOf(word)),
        lengths: Uint16Array.from(words, (word) => word.length),
      }
      const shape = told(received(devices(2)), { ...received(devices(2)), stage: 'sent' })
      const body: Told = { ...shape, devices: list }
      expectRepeated([await store.append(app, body, now)], 0)
      const asked = ['first', 'second', 'third', 'fourth'].map(device)
      expect(await statusesOf(store, app, push, asked, '2024-05-20', now)).toEqual([0, 1, 0, 2])
    })
  })
}
