// Feed tokens over the memory tables: whom they let in, what is kept of them, when a use is noted.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AppKey } from '../ledger/ids.ts'
import { openMemoryApps } from '../store/memory/apps.ts'
import { openMemoryTokens } from '../store/memory/tokens.ts'
import { openApps, parseAppName, parseTimeZone } from './apps.ts'
import { openLastUses } from './last-use.ts'
import type { Random } from './secret.ts'
import { parseTokenId, type TokenId, type TokenRecord, type TokenTable } from './token.ts'
import { openFeed } from './token-auth.ts'
import { type IssuedToken, openTokens, parseTokenName, tokensMax } from './tokens.ts'

const noon = 1_402_545_600_000
const gateway = parseTokenName('gateway')!

const steady = (): Random => {
  let calls = 0
  return (bytes) => createHash('sha512').update(String(calls++)).digest().subarray(0, bytes)
}

const start = (through: (tokens: TokenTable) => Partial<TokenTable> = () => ({})) => {
  const clock = { nowMs: noon }
  const now = () => clock.nowMs
  const random = steady()
  const appTable = openMemoryApps()
  const memory = openMemoryTokens(appTable)
  const table = { ...memory, ...through(memory) }
  const apps = openApps(appTable, random, now)
  const tokens = openTokens({ apps: appTable, tokens: table }, random, now)
  const troubles: unknown[] = []
  const onTrouble = (error: unknown) => troubles.push(error)
  const feed = openFeed({ apps, tokens: table, random, clock: now, onTrouble })
  const createApp = async () => {
    const timeZone = parseTimeZone('Asia/Shanghai')!
    return (await apps.create({ name: parseAppName('Shop')!, vip: true, timeZone }))!.record
  }
  const issue = async (app: AppKey) => (await tokens.create(app, gateway)) as IssuedToken
  return { clock, apps, table, tokens, feed, troubles, createApp, issue }
}

describe('a token', () => {
  it('lets its app in, with and without its key, and nobody else', async () => {
    const { feed, createApp, issue } = start()
    const [app, other] = [await createApp(), await createApp()]
    const { token } = await issue(app.key)
    expect((await feed.authenticate(token))?.record).toEqual(app)
    expect((await feed.authenticate(token, app.key))?.app.id).toBe(app.id)
    for (const key of [other.key, '', app.key.toUpperCase(), `${app.key} `]) {
      expect(await feed.authenticate(token, key)).toBeUndefined()
    }
    const another = (await issue(app.key)).token
    const mixed = another.slice(0, 17) + token.slice(17)
    for (const wrong of ['', 'plf_', `${token}0`, token.slice(0, -1), ` ${token}`, mixed]) {
      expect(await feed.authenticate(wrong)).toBeUndefined()
    }
  })

  it('ends when it is revoked, and with its app', async () => {
    const { feed, apps, tokens, createApp, issue } = start()
    const app = await createApp()
    const [one, two] = [await issue(app.key), await issue(app.key)]
    expect(await tokens.revoke(one.record.id)).toEqual(one.record)
    expect(await tokens.revoke(one.record.id)).toBeUndefined()
    expect(await feed.authenticate(one.token)).toBeUndefined()
    await apps.rotate(app.key)
    expect((await feed.authenticate(two.token))?.record.key).toBe(app.key)
    await apps.remove(app.key)
    expect(await feed.authenticate(two.token)).toBeUndefined()
    expect(await tokens.list(app.key)).toBeUndefined()
    expect(await tokens.create(app.key, gateway)).toBe('no app')
  })

  it('of an app that is gone lets nobody in, though it stood there still', async () => {
    const { feed, apps, table, createApp, issue } = start()
    const app = await createApp()
    const { record, token } = await issue(app.key)
    await apps.remove(app.key)
    const left = { ...table, find: async () => record }
    const onTrouble = () => {}
    const clock = () => noon
    const late = openFeed({ apps, tokens: left, random: steady(), clock, onTrouble })
    expect(await late.authenticate(token)).toBeUndefined()
    const zone = parseTimeZone('UTC')!
    await apps.create({ name: parseAppName('b')!, key: app.key, vip: true, timeZone: zone })
    expect(await late.authenticate(token)).toBeUndefined()
    expect(await feed.authenticate(token)).toBeUndefined()
  })

  it('leaves nothing of its secret in the table', async () => {
    const { table, createApp, issue } = start()
    const app = await createApp()
    const { token } = await issue(app.key)
    const kept = JSON.stringify(await table.list(app.id))
    expect(kept).not.toContain(token.slice(17))
  })

  it('is one of at most so many of its app', async () => {
    const { tokens, createApp, issue } = start()
    const [app, other] = [await createApp(), await createApp()]
    const issued = []
    for (let i = 0; i < tokensMax; i++) issued.push((await issue(app.key)).record)
    expect(await tokens.create(app.key, gateway)).toBe('too many')
    expect(await tokens.list(app.key)).toHaveLength(tokensMax)
    await issue(other.key)
    await tokens.revoke(issued[0]!.id)
    await issue(app.key)
  })

  it('is minted again when its id is taken', async () => {
    let refusals = 3
    const { createApp, issue } = start((tokens) => ({
      create: async (token, most) => (refusals-- > 0 ? 'id taken' : tokens.create(token, most)),
    }))
    const { record, token } = await issue((await createApp()).key)
    expect(token).toContain(record.id)
  })
})

it('an unknown token is looked up and compared like one with a wrong secret', async () => {
  const looked: TokenId[] = []
  const { feed, createApp, issue } = start((tokens) => ({
    find: (id) => {
      looked.push(id)
      return tokens.find(id)
    },
  }))
  const { record, token } = await issue((await createApp()).key)
  const wrong = token.slice(0, -32) + '0'.repeat(32)
  const unknown = `plf_ffffffffffff_${token.slice(-32)}`
  expect(await feed.authenticate(wrong)).toBeUndefined()
  expect(await feed.authenticate(unknown)).toBeUndefined()
  expect(looked).toEqual([record.id, 'ffffffffffff'])
})

describe('a use', () => {
  it('is noted, once a minute, and again when the clock was set back', async () => {
    const { clock, feed, tokens, createApp, issue } = start()
    const app = await createApp()
    const { token } = await issue(app.key)
    const lastUse = async () => (await tokens.list(app.key))?.[0]?.lastUsedAtMs
    expect(await lastUse()).toBeUndefined()
    for (const [movedMs, notedMs] of [
      [0, 0],
      [59_999, 0],
      [60_000, 60_000],
      [119_999, 60_000],
      [-3_600_000, -3_600_000],
    ] as const) {
      clock.nowMs = noon + movedMs
      await feed.authenticate(token)
      await feed.close()
      expect(await lastUse()).toBe(noon + notedMs)
    }
  })

  it('of a wrong secret or key is none', async () => {
    const { feed, tokens, createApp, issue } = start()
    const app = await createApp()
    const { token } = await issue(app.key)
    await feed.authenticate(token, '0'.repeat(24))
    await feed.authenticate(token.slice(0, -32) + '0'.repeat(32))
    await feed.close()
    expect(await tokens.list(app.key)).not.toHaveProperty('0.lastUsedAtMs')
  })

  it('that cannot be noted lets in all the same, and is tried again a minute later', async () => {
    let writes = 0
    const { clock, feed, troubles, createApp, issue } = start(() => ({
      use: () => {
        writes += 1
        return Promise.reject(new Error('on purpose'))
      },
    }))
    const { token } = await issue((await createApp()).key)
    for (const movedMs of [0, 1, 59_999, 60_000, 60_001]) {
      clock.nowMs = noon + movedMs
      expect((await feed.authenticate(token))?.record.name).toBe('Shop')
    }
    await feed.close()
    expect([writes, troubles.length]).toEqual([2, 2])
  })

  it('waits for no write, has one of them at a time, and close waits', async () => {
    let writes = 0
    let finish = () => {}
    const { clock, feed, createApp, issue } = start(() => ({
      use: () =>
        new Promise((resolve) => {
          writes += 1
          finish = resolve
        }),
    }))
    const { token } = await issue((await createApp()).key)
    for (let i = 0; i < 3; i++) {
      expect((await feed.authenticate(token))?.record.name).toBe('Shop')
      clock.nowMs += 60_000
    }
    expect(writes).toBe(1)
    let isClosed = false
    const closing = feed.close().then(() => {
      isClosed = true
    })
    expect(isClosed).toBe(false)
    finish()
    await closing
  })
})

it('a use that was noted before a restart is not written again within its minute', async () => {
  const { table, createApp, issue } = start()
  const { record } = await issue((await createApp()).key)
  await table.use(record.id, noon)
  const noted = (await table.find(record.id))!
  const uses = openLastUses(table, () => {})
  for (const [movedMs, notedMs] of [
    [59_999, 0],
    [60_000, 60_000],
  ] as const) {
    uses.note(noted, noon + movedMs)
    await uses.close()
    expect((await table.find(record.id))?.lastUsedAtMs).toBe(noon + notedMs)
  }
})

it('no more tokens are kept in mind than so many of a minute', async () => {
  const used: string[] = []
  const table = { use: async (id: TokenId) => void used.push(id) }
  const uses = openLastUses({ ...openMemoryTokens(openMemoryApps()), ...table }, () => {}, 2)
  const note = (digit: string, nowMs: number) =>
    uses.note({ id: parseTokenId(digit.repeat(12))! } as TokenRecord, nowMs)
  for (const digit of ['a', 'b', 'c', 'a']) note(digit, noon)
  await uses.close()
  note('c', noon + 59_999)
  note('c', noon + 60_000)
  note('a', noon + 60_000)
  note('b', noon + 60_000)
  await uses.close()
  expect(used.map((id) => id[0])).toEqual(['a', 'b', 'c', 'a'])
})
