// The contract of the table of apps (src/apps/app-table.ts): one suite that every engine passes.
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AppRecord, AppTable } from '../../src/apps/app-table.ts'
import { type AppKey, parseAppKey } from '../../src/ledger/ids.ts'

export interface OpenedApps {
  readonly apps: AppTable
  /** Lets go of the table and opens what it kept; missing where an engine keeps nothing. */
  readonly reopen?: () => Promise<AppTable>
  readonly close: () => Promise<void>
}

const keyOf = (digit: string): AppKey => {
  const key = parseAppKey(digit.repeat(24))
  if (key === undefined) throw new Error(`${digit} makes no key`)
  return key
}
const [a, b, c] = ['a', 'b', '0'].map(keyOf) as [AppKey, AppKey, AppKey]

const newApp = (key: AppKey, name = 'An app'): Omit<AppRecord, 'id'> => ({
  key,
  name,
  vip: true,
  timeZone: 'Asia/Shanghai',
  salt: '00ff',
  secretHash: 'ab'.repeat(32),
  createdAtMs: 1_716_177_600_000,
})

const created = async (apps: AppTable, key: AppKey): Promise<AppRecord> => {
  const app = await apps.create(newApp(key))
  if (app === undefined) throw new Error(`${key} is taken`)
  return app
}

export const appTableContractOf = (open: () => Promise<OpenedApps>, name: string): void => {
  const fresh = async (): Promise<OpenedApps> => {
    const opened = await open()
    onTestFinished(opened.close)
    return opened
  }
  describe(`the ${name} table of apps`, () => {
    it('is empty at first', async () => {
      const { apps } = await fresh()
      expect(await apps.list()).toEqual([])
      expect(await apps.removed()).toEqual([])
      expect(await apps.find(a)).toBeUndefined()
      expect(await apps.change(a, (app) => app)).toBeUndefined()
      expect(await apps.remove(a)).toBeUndefined()
      await apps.forget(1)
    })

    it('finds and lists what was created, whole, in order of creation', async () => {
      const { apps } = await fresh()
      const names = ['__proto__', 'Ünïcödé 应用', '']
      const records = []
      for (const [i, key] of [b, a, c].entries()) {
        records.push(await apps.create({ ...newApp(key, names[i]), vip: i !== 1 }))
      }
      const ids = records.map((record) => record?.id)
      expect(new Set(ids).size).toBe(3)
      expect(ids.every((id) => Number.isSafeInteger(id) && Number(id) > 0)).toBe(true)
      expect(records[1]).toEqual({ ...newApp(a, names[1]), vip: false, id: ids[1] })
      expect(await apps.find(a)).toEqual(records[1])
      expect(await apps.list()).toEqual(records)
    })

    it('gives a key once', async () => {
      const { apps } = await fresh()
      const held = await created(apps, a)
      expect(await apps.create(newApp(a, 'Another'))).toBeUndefined()
      expect(await apps.list()).toEqual([held])
    })

    it('gives a key once when it is asked for many times at once', async () => {
      const { apps } = await fresh()
      const many = await Promise.all(Array.from({ length: 9 }, () => apps.create(newApp(a))))
      expect(many.filter((app) => app !== undefined)).toEqual(await apps.list())
      expect(await apps.list()).toHaveLength(1)
    })

    it('changes an app at its place, never its id and key', async () => {
      const { apps } = await fresh()
      const [first, second] = [await created(apps, a), await created(apps, b)]
      const changed = await apps.change(a, (app) => ({ ...app, vip: false, id: 99, key: c }))
      expect(changed).toEqual({ ...first, vip: false })
      expect(await apps.find(a)).toEqual(changed)
      expect(await apps.find(c)).toBeUndefined()
      expect(await apps.list()).toEqual([changed, second])
    })

    it('loses no change of several at once', async () => {
      const { apps } = await fresh()
      await created(apps, a)
      const grow = () => apps.change(a, (app) => ({ ...app, name: `${app.name}.` }))
      await Promise.all(Array.from({ length: 7 }, grow))
      expect((await apps.find(a))?.name).toBe('An app.......')
    })

    it('a change that throws changes nothing', async () => {
      const { apps } = await fresh()
      const held = await created(apps, a)
      const failing = apps.change(a, () => {
        throw new Error('on purpose')
      })
      await expect(failing).rejects.toThrow('on purpose')
      expect(await apps.find(a)).toEqual(held)
    })

    it('remembers the ids of removed apps until they are forgotten, and gives none again', async () => {
      const { apps } = await fresh()
      const [one, two, three] = [
        await created(apps, a),
        await created(apps, b),
        await created(apps, c),
      ]
      expect(await apps.remove(a)).toEqual(one)
      expect(await apps.remove(a)).toBeUndefined()
      expect(await apps.remove(c)).toEqual(three)
      expect(await apps.find(a)).toBeUndefined()
      expect(await apps.list()).toEqual([two])
      expect([...(await apps.removed())].sort()).toEqual([one.id, three.id].sort())
      await apps.forget(three.id)
      await apps.forget(three.id)
      expect(await apps.removed()).toEqual([one.id])
      const again = await created(apps, c)
      expect([one.id, two.id, three.id]).not.toContain(again.id)
      expect(await apps.list()).toEqual([two, again])
      expect(await apps.removed()).toEqual([one.id])
    })

    it('keeps all of it when it is opened again', async ({ skip }) => {
      const { apps, reopen } = await fresh()
      if (reopen === undefined) return skip('keeps nothing once it is closed')
      const [one, two] = [await created(apps, b), await created(apps, a)]
      const three = await created(apps, c)
      await apps.remove(c)
      const changed = await apps.change(a, (app) => ({ ...app, name: 'Renamed' }))
      const again = await reopen()
      expect(await again.list()).toEqual([one, changed])
      expect(await again.removed()).toEqual([three.id])
      const fourth = await created(again, c)
      expect([one.id, two.id, three.id]).not.toContain(fourth.id)
    })
  })
}
