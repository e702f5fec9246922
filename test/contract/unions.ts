// The contract, chapter two: a count is the number of distinct devices in the union of a selection.
import { describe, expect, it } from 'vitest'
import { CELLS, type Cell, type Channel, stageOf, trackOf } from '../../src/ledger/channel.ts'
import type { RegistrationId } from '../../src/ledger/ids.ts'
import { SELECTIONS, SELECTIONS_OF_CELL } from '../../src/ledger/selection.ts'
import { randomOf } from '../support/random.ts'
import { devices, type Line, msgId, told } from '../support/told.ts'
import { appIn, at, countOf, type Fresh, sizesOf } from './asking.ts'

const now = at('2024-05-20T12:00:00+08:00')
const app = appIn()
const push = msgId(7)

const factIn = (cell: Cell, listed: readonly RegistrationId[], id = push): Line => ({
  ...trackOf(cell),
  stage: stageOf(cell),
  msgId: id,
  atMs: now,
  devices: listed,
})

const sizesByHand = (facts: readonly (readonly [Cell, RegistrationId])[]): readonly number[] =>
  SELECTIONS.map((cells) => {
    const counted = facts.filter(([cell]) => cells.includes(cell))
    return new Set(counted.map(([, device]) => device)).size
  })

export const unionsChapter = (fresh: Fresh): void => {
  describe('unions', () => {
    it('count a device once, by however many channels it was reached', async () => {
      const { store } = await fresh()
      const [a, b, c] = devices(3) as [RegistrationId, RegistrationId, RegistrationId]
      const by = (channel: Channel, ...listed: RegistrationId[]): Line => ({
        msgId: push,
        platform: 'android',
        channel,
        stage: 'received',
        atMs: now,
        devices: listed,
      })
      await store.append(app, told(by('jpush', a, b), by('xm', b, c), by('hw', b)), now)
      await store.append(app, told(by('fcm', a, c)), now)
      const counts = async (name: string) => countOf(store, app, push, name, now)
      expect(await counts('/received android_received')).toBe(3)
      expect(await counts('/received/detail jpush_received')).toBe(2)
      expect(await counts('/received/detail android_pns_received')).toBe(3)
      expect(await counts('/messages/detail android_pns.xm_detail.received')).toBe(2)
      expect(await counts('/messages/detail android_pns.hw_detail.received')).toBe(1)
      expect(await counts('/messages/detail android_pns.mz_detail.received')).toBe(0)
    })

    it('put each fact alone into exactly the selections of its cell', async () => {
      const { store } = await fresh()
      const idOf = (cell: Cell) => msgId(1000 + cell)
      await store.append(
        app,
        told(...CELLS.map((cell) => factIn(cell, devices(2), idOf(cell)))),
        now,
      )
      const answers = await store.counts(app, CELLS.map(idOf), now)
      for (const cell of CELLS) {
        const expected = SELECTIONS.map((_, i) => (SELECTIONS_OF_CELL[cell]?.includes(i) ? 2 : 0))
        expect(SELECTIONS.map((_, i) => answers[cell]?.[i] ?? 0)).toEqual(expected)
      }
    })

    it.each([1, 2, 3, 4, 5])(
      'are those counted by hand over random facts (seed %i)',
      async (seed) => {
        const { store } = await fresh()
        const random = randomOf(seed)
        const listed = devices(random.pick([3, 20, 60]))
        const cells = random.sample(CELLS, random.pick([0.05, 0.3, 1]))
        const facts: [Cell, RegistrationId][] = []
        for (let body = 0; body < 12; body++) {
          const lines = Array.from({ length: random.int(1, 12) }, () => {
            const cell = random.pick(cells)
            const reached = random.sample(listed, random.pick([0.05, 0.4, 1]))
            for (const device of reached) facts.push([cell, device])
            return factIn(cell, random.shuffle(reached))
          })
          await store.append(app, told(...lines), now)
          expect(await sizesOf(store, app, push, now)).toEqual(sizesByHand(facts))
        }
      },
    )
  })
}
