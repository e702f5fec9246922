// Credentials and the life of an app, over the memory table.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { parseAppKey } from '../ledger/ids.ts'
import { openMemoryApps } from '../store/memory/apps.ts'
import { openApps, parseAppName, parseTimeZone } from './apps.ts'
import { parseSecret, type Random } from './secret.ts'

const steady = (): Random => {
  let calls = 0
  return (bytes) => createHash('sha512').update(String(calls++)).digest().subarray(0, bytes)
}

const start = () => {
  const table = openMemoryApps()
  return { table, apps: openApps(table, steady(), () => 1_402_545_600_000) }
}

const fresh = {
  name: parseAppName('Shop')!,
  vip: true,
  timeZone: parseTimeZone('Asia/Shanghai')!,
}

describe('names', () => {
  it.each(['a', '极光 推送', 'x'.repeat(100), '😀'.repeat(100), ' '])('%s', (name) => {
    expect(parseAppName(name)).toBe(name)
  })
  it.each(['', 'x'.repeat(101), 'a\nb', 'a\u0000', '\u007f', '\u0085', '\ud800'])(
    'not %j',
    (name) => {
      expect(parseAppName(name)).toBeUndefined()
    },
  )
})

describe('secrets', () => {
  it.each(['5e987ac6d2e04d95a9d8f0d1', 'ABCDEFGHijklmnop12345678'])('%s', (secret) => {
    expect(parseSecret(secret)).toBe(secret)
  })
  it.each([
    '',
    '5e987ac6d2e04d95a9d8f0d',
    '5e987ac6d2e04d95a9d8f0d12',
    '5e987ac6d2e04d95a9d8f0d!',
    '000000000000000000000000',
    '123456712345671234567123',
    '5e987ac6d2e04d95a9d8f0d1\n',
  ])('not %j', (secret) => {
    expect(parseSecret(secret)).toBeUndefined()
  })
})

describe('an app', () => {
  it('is known by the credentials it was issued, and by no others', async () => {
    const { apps } = start()
    const { record, secret } = (await apps.create(fresh))!
    expect(record.key).toMatch(/^[0-9a-f]{24}$/)
    expect(secret).toMatch(/^[0-9a-f]{24}$/)
    const caller = await apps.authenticate(record.key, secret)
    expect(caller?.record).toEqual(record)
    expect(caller?.app).toMatchObject({ id: record.id, zone: { name: 'Asia/Shanghai' } })
    for (const wrong of ['', 'x', secret.toUpperCase(), `${secret} `, record.key]) {
      expect(await apps.authenticate(record.key, wrong)).toBeUndefined()
    }
    for (const wrong of ['', 'x', record.key.toUpperCase(), '0'.repeat(24), '__proto__']) {
      expect(await apps.authenticate(wrong, secret)).toBeUndefined()
    }
  })

  it('leaves no secret in the table', async () => {
    const { apps, table } = start()
    const { secret } = (await apps.create(fresh))!
    expect(JSON.stringify(await table.list())).not.toContain(secret)
    const hashes = new Set<string>()
    for (let i = 0; i < 3; i++) {
      hashes.add((await apps.create({ ...fresh, secret }))!.record.secretHash)
    }
    expect(hashes.size).toBe(3)
  })

  it('keeps the credentials it had elsewhere, unless the key is taken', async () => {
    const { apps } = start()
    const key = parseAppKey('7d431e42dfa6a6d693ac2d04')!
    const secret = parseSecret('5e987ac6d2e04d95a9d8f0d1')!
    expect((await apps.create({ ...fresh, key, secret }))?.record.key).toBe(key)
    expect((await apps.authenticate(key, secret))?.record.key).toBe(key)
    expect(await apps.create({ ...fresh, key })).toBeUndefined()
  })

  it('shares its zone with others of the same', async () => {
    const { apps } = start()
    const one = (await apps.create(fresh))!
    const two = (await apps.create(fresh))!
    expect(apps.open(one.record).zone).toBe(apps.open(two.record).zone)
  })

  it('changes, gets a fresh secret and goes', async () => {
    const { apps } = start()
    const { record, secret } = (await apps.create(fresh))!
    const { key } = record
    expect(await apps.set(key, { vip: false })).toEqual({ ...record, vip: false })
    const rotated = (await apps.rotate(key))!
    expect(await apps.authenticate(key, secret)).toBeUndefined()
    expect((await apps.authenticate(key, rotated.secret))?.record.vip).toBe(false)
    expect(await apps.list()).toHaveLength(1)
    await apps.remove(key)
    expect(await apps.authenticate(key, rotated.secret)).toBeUndefined()
    expect(await apps.list()).toEqual([])
    expect(await apps.show(key)).toBeUndefined()
    expect(await apps.set(key, { vip: true })).toBeUndefined()
    expect(await apps.rotate(key)).toBeUndefined()
    expect(await apps.remove(key)).toBeUndefined()
    expect((await apps.create({ ...fresh, key }))?.record.id).not.toBe(record.id)
  })
})
