// The contract of the table of tokens (src/apps/token.ts) beside that of the apps: one suite that
// every engine passes.
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AppRecord } from '../../src/apps/app-table.ts'
import { type NewTokenRecord, parseTokenId, type TokenId } from '../../src/apps/token.ts'
import type { Tables } from '../../src/apps/tokens.ts'
import { type AppKey, parseAppKey } from '../../src/ledger/ids.ts'

export interface OpenedTables extends Tables {
  /** Lets go of the tables and opens what they kept; missing where an engine keeps nothing. */
  readonly reopen?: () => Promise<Tables>
  readonly close: () => Promise<void>
}

const keyOf = (digit: string): AppKey => parseAppKey(digit.repeat(24))!
const idOf = (number: number): TokenId => parseTokenId(number.toString(16).padStart(12, '0'))!

const noon = 1_716_177_600_000

const newToken = (app: AppKey, number: number, name = 'gateway'): NewTokenRecord => ({
  id: idOf(number),
  app,
  name,
  salt: '00ff',
  secretHash: 'ab'.repeat(32),
  createdAtMs: noon + number,
})

const createApp = async ({ apps }: Tables, digit: string): Promise<AppRecord> => {
  const app = await apps.create({
    key: keyOf(digit),
    name: 'An app',
    vip: true,
    timeZone: 'Asia/Shanghai',
    salt: '00ff',
    secretHash: 'ab'.repeat(32),
    createdAtMs: noon,
  })
  return app!
}

export const tokenTableContractOf = (open: () => Promise<OpenedTables>, name: string): void => {
  const fresh = async () => {
    const tables = await open()
    onTestFinished(tables.close)
    return { tables, tokens: tables.tokens, app: await createApp(tables, 'a') }
  }
  describe(`the ${name} table of tokens`, () => {
    it('is empty at first', async () => {
      const { tokens, app } = await fresh()
      expect(await tokens.list(app.id)).toEqual([])
      expect(await tokens.list(app.id + 1)).toEqual([])
      expect(await tokens.find(idOf(1))).toBeUndefined()
      expect(await tokens.remove(idOf(1))).toBeUndefined()
      await tokens.use(idOf(1), noon)
      expect(await tokens.find(idOf(1))).toBeUndefined()
    })

    it('finds and lists what was created, whole, by time of creation and then by id', async () => {
      const { tokens, app } = await fresh()
      const asked = [
        newToken(app.key, 3, '__proto__'),
        { ...newToken(app.key, 9, 'Ünïcödé 网关'), createdAtMs: noon },
        { ...newToken(app.key, 7, '__proto__'), createdAtMs: noon },
      ]
      const [late, ...early] = asked.map((token) => ({ ...token, appId: app.id }))
      for (const token of asked) {
        expect(await tokens.create(token, 100)).toEqual({ ...token, appId: app.id })
      }
      expect(await tokens.list(app.id)).toEqual([...early.reverse(), late])
      expect(await tokens.find(idOf(3))).toEqual(late)
    })

    it('gives none to an app that is not there', async () => {
      const { tokens, tables, app } = await fresh()
      expect(await tokens.create(newToken(keyOf('b'), 1), 100)).toBe('no app')
      await tables.apps.remove(app.key)
      expect(await tokens.create(newToken(app.key, 1), 100)).toBe('no app')
      expect(await tokens.find(idOf(1))).toBeUndefined()
    })

    it('gives an id once, also to another app', async () => {
      const { tokens, tables, app } = await fresh()
      const other = await createApp(tables, 'b')
      const held = await tokens.create(newToken(app.key, 1), 100)
      expect(await tokens.create(newToken(app.key, 1, 'x'), 100)).toBe('id taken')
      expect(await tokens.create(newToken(other.key, 1, 'x'), 100)).toBe('id taken')
      expect(await tokens.find(idOf(1))).toEqual(held)
      expect(await tokens.list(other.id)).toEqual([])
    })

    it('gives an app no more than so many, also when they are asked for at once', async () => {
      const { tokens, tables, app } = await fresh()
      const other = await createApp(tables, 'b')
      const create = (number: number) => tokens.create(newToken(app.key, number), 5)
      const many = await Promise.all(Array.from({ length: 9 }, (_, i) => create(i)))
      expect(many.filter((made) => made === 'too many')).toHaveLength(4)
      expect(await tokens.list(app.id)).toHaveLength(5)
      expect(await tokens.create(newToken(other.key, 20), 5)).toHaveProperty('appId', other.id)
      await tokens.remove(idOf(0))
      expect(await create(30)).toHaveProperty('id', idOf(30))
      expect(await create(31)).toBe('too many')
    })

    it('notes a use, and nothing of a token that is gone', async () => {
      const { tokens, app } = await fresh()
      const held = await tokens.create(newToken(app.key, 1), 100)
      await tokens.use(idOf(1), noon + 5)
      expect(await tokens.find(idOf(1))).toEqual({ ...(held as object), lastUsedAtMs: noon + 5 })
      await Promise.all([6, 7, 8].map((ms) => tokens.use(idOf(1), noon + ms)))
      expect(await tokens.list(app.id)).toEqual([{ ...(held as object), lastUsedAtMs: noon + 8 }])
      await Promise.all([tokens.use(idOf(1), noon + 9), tokens.remove(idOf(1))])
      await tokens.use(idOf(1), noon + 10)
      expect(await tokens.find(idOf(1))).toBeUndefined()
      expect(await tokens.list(app.id)).toEqual([])
    })

    it('removes one and leaves the others', async () => {
      const { tokens, app } = await fresh()
      const one = await tokens.create(newToken(app.key, 1), 100)
      const two = await tokens.create(newToken(app.key, 2), 100)
      expect(await tokens.remove(idOf(1))).toEqual(one)
      expect(await tokens.remove(idOf(1))).toBeUndefined()
      expect(await tokens.find(idOf(1))).toBeUndefined()
      expect(await tokens.list(app.id)).toEqual([two])
    })

    it('loses those of an app with the app, and they do not come back with its key', async () => {
      const { tokens, tables, app } = await fresh()
      const other = await createApp(tables, 'b')
      for (const number of [1, 2, 3]) await tokens.create(newToken(app.key, number), 100)
      const stays = await tokens.create(newToken(other.key, 4), 100)
      await tables.apps.remove(app.key)
      for (const number of [1, 2, 3]) expect(await tokens.find(idOf(number))).toBeUndefined()
      const again = await createApp(tables, 'a')
      expect(await tokens.list(again.id)).toEqual([])
      expect(await tokens.list(app.id)).toEqual([])
      expect(await tokens.list(other.id)).toEqual([stays])
      expect(await tokens.create(newToken(again.key, 1), 100)).toHaveProperty('appId', again.id)
    })

    it('keeps those of an app that was changed', async () => {
      const { tokens, tables, app } = await fresh()
      const held = await tokens.create(newToken(app.key, 1), 100)
      await tables.apps.change(app.key, (record) => ({ ...record, vip: false, salt: '11' }))
      expect(await tokens.list(app.id)).toEqual([held])
    })

    it('keeps all of it when it is opened again', async ({ skip }) => {
      const { tokens, tables, app } = await fresh()
      if (tables.reopen === undefined) return skip('keeps nothing once it is closed')
      const one = await tokens.create(newToken(app.key, 1), 100)
      await tokens.create(newToken(app.key, 2), 100)
      await tokens.use(idOf(1), noon + 1)
      await tokens.remove(idOf(2))
      const again = await tables.reopen()
      expect(await again.tokens.list(app.id)).toEqual([
        { ...(one as object), lastUsedAtMs: noon + 1 },
      ])
      expect(await again.tokens.find(idOf(2))).toBeUndefined()
    })
  })
}
