// The contract of the table of groups (src/apps/group.ts): one suite that every engine passes.
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type GroupKey,
  type GroupRecord,
  type GroupTable,
  parseGroupKey,
} from '../../src/apps/group.ts'
import { type GroupMsgId, type MsgId, parseGroupMsgId, parseMsgId } from '../../src/ledger/ids.ts'

export interface OpenedGroups {
  readonly groups: GroupTable
  /** Lets go of the table and opens what it kept; missing where an engine keeps nothing. */
  readonly reopen?: () => Promise<GroupTable>
  readonly close: () => Promise<void>
}

const keyOf = (digit: string): GroupKey => parseGroupKey(digit.repeat(24))!
const pushId = (text: string): GroupMsgId => parseGroupMsgId(text)!
const noon = 1_716_177_600_000
const always = 0

const newGroup = (digit: string): Omit<GroupRecord, 'id'> => ({
  key: keyOf(digit),
  name: '一组',
  timeZone: 'Asia/Shanghai',
  members: [],
  salt: '00ff',
  secretHash: 'ab'.repeat(32),
  createdAtMs: noon,
})

const partsOf = (parts: Readonly<Record<number, string>>): ReadonlyMap<number, MsgId> =>
  new Map(Object.entries(parts).map(([app, id]) => [Number(app), parseMsgId(id)!]))

/** @param many so many pushes are swept at once; each takes two calls where an engine is far away */
export const groupTableContractOf = (
  open: () => Promise<OpenedGroups>,
  name: string,
  many = 600,
): void => {
  const fresh = async () => {
    const opened = await open()
    onTestFinished(opened.close)
    return opened
  }
  describe(`the ${name} table of groups`, () => {
    it('is empty at first', async () => {
      const { groups } = await fresh()
      expect(await groups.list()).toEqual([])
      expect(await groups.find(keyOf('a'))).toBeUndefined()
      expect(await groups.change(keyOf('a'), (group) => group)).toBeUndefined()
      expect(await groups.remove(keyOf('a'))).toBeUndefined()
      expect(await groups.pushes(1, [pushId('x')])).toEqual([undefined])
      await groups.sweep(noon)
    })

    it('keeps what was created and changed, whole and in order', async () => {
      const { groups, reopen } = await fresh()
      const first = (await groups.create(newGroup('b')))!
      const second = (await groups.create(newGroup('a')))!
      expect(await groups.create(newGroup('a'))).toBeUndefined()
      expect(first).toEqual({ ...newGroup('b'), id: first.id })
      const members = [{ key: keyOf('c') as never, appId: 7 }]
      const changed = await groups.change(second.key, (group) => ({ ...group, members, id: 99 }))
      expect(changed).toEqual({ ...second, members })
      const again = (await reopen?.()) ?? groups
      expect(await again.list()).toEqual([first, changed])
      expect(await again.find(second.key)).toEqual(changed)
    })

    it('never gives a number again', async () => {
      const { groups } = await fresh()
      const first = (await groups.create(newGroup('a')))!
      await groups.tell(first.id, pushId('x'), { parts: partsOf({ 1: '5' }), toldAtMs: noon }, 0)
      expect(await groups.remove(first.key)).toEqual(first)
      const second = (await groups.create(newGroup('a')))!
      expect(second.id).toBeGreaterThan(first.id)
      expect(await groups.pushes(second.id, [pushId('x')])).toEqual([undefined])
      await groups.sweep(always)
      expect(await groups.pushes(first.id, [pushId('x')])).toEqual([undefined])
    })

    it('joins what is told of a push, at its latest time', async () => {
      const { groups, reopen } = await fresh()
      const { id } = (await groups.create(newGroup('a')))!
      const other = (await groups.create(newGroup('b')))!
      const told = (parts: Record<number, string>, toldAtMs: number) =>
        groups.tell(id, pushId('c4hm'), { parts: partsOf(parts), toldAtMs }, always)
      await told({ 1: '18101211308815829' }, noon)
      const all = { parts: partsOf({ 1: '18101211308815829', 2: '6' }), toldAtMs: noon + 5 }
      expect(await told({ 2: '6' }, noon + 5)).toEqual(all)
      expect(await told({ 2: '6' }, noon - 5)).toEqual(all)
      const again = (await reopen?.()) ?? groups
      const ids = ['nothing', 'c4hm', 'c4h', 'c4hmx'].map(pushId)
      expect(await again.pushes(id, ids)).toEqual([undefined, all, undefined, undefined])
      expect(await again.pushes(other.id, ids)).toEqual(ids.map(() => undefined))
    })

    it('refuses another message of an app, all or nothing', async () => {
      const { groups } = await fresh()
      const { id } = (await groups.create(newGroup('a')))!
      const before = { parts: partsOf({ 2: '6' }), toldAtMs: noon }
      await groups.tell(id, pushId('x'), before, always)
      const told = { parts: partsOf({ 1: '5', 2: '7', 3: '8' }), toldAtMs: noon + 1 }
      expect(await groups.tell(id, pushId('x'), told, always)).toBe(2)
      expect(await groups.pushes(id, [pushId('x')])).toEqual([before])
    })

    it('begins anew where a push was told too long ago, and frees it', async () => {
      const { groups } = await fresh()
      const { id } = (await groups.create(newGroup('a')))!
      const early = { parts: partsOf({ 1: '5' }), toldAtMs: noon }
      const late = { parts: partsOf({ 1: '9' }), toldAtMs: noon + 10 }
      await groups.tell(id, pushId('x'), early, always)
      await groups.tell(id, pushId('y'), early, always)
      expect(await groups.tell(id, pushId('x'), late, noon + 1)).toEqual(late)
      await groups.sweep(noon)
      expect(await groups.pushes(id, [pushId('x'), pushId('y')])).toEqual([late, early])
      await groups.sweep(noon + 1)
      expect(await groups.pushes(id, [pushId('x'), pushId('y')])).toEqual([late, undefined])
    })

    it('sweeps many', async () => {
      const { groups } = await fresh()
      const { id } = (await groups.create(newGroup('a')))!
      const ids = Array.from({ length: many }, (_, i) => pushId(`push-${i}`))
      for (const [i, push] of ids.entries()) {
        const told = { parts: partsOf({ 1: '5' }), toldAtMs: noon + (i % 2) }
        await groups.tell(id, push, told, always)
      }
      await groups.sweep(noon + 1)
      const left = await groups.pushes(id, ids)
      expect(left.filter((push) => push !== undefined)).toHaveLength(many / 2)
    })
  })
}
