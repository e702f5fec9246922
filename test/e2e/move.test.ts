// Moving up from a directory to ClickHouse: everything arrives, a move that was broken off goes on, and one
// that finds something else in its way says so.
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseGroupKey } from '../../src/apps/group.ts'
import { parseTokenId } from '../../src/apps/token.ts'
import { openZone } from '../../src/ledger/day.ts'
import { parseAppKey, parseGroupMsgId } from '../../src/ledger/ids.ts'
import type { App, Store } from '../../src/ledger/store.ts'
import { openClickHouse } from '../../src/store/clickhouse/store.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { move } from '../../src/store/move/move.ts'
import { clickHouseOfFile, migratedDatabase, noClickHouse } from '../support/clickhouse.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { devices, type Line, msgId, told } from '../support/told.ts'

const found = clickHouseOfFile()
const zone = openZone('Asia/Shanghai')!
const nowMs = Date.parse('2026-05-20T12:00:00+08:00')
const msPerDay = 86_400_000
const key = parseAppKey('a'.repeat(24))!
const groupKey = parseGroupKey('b'.repeat(24))!
const tokenId = parseTokenId('0'.repeat(12))!
const hashed = { salt: '00', secretHash: 'ab'.repeat(32) }
const keepDays = 31

const linesAt = (atMs: number): readonly Line[] => [
  ...Array.from({ length: 40 }, (_, i): Line => {
    const listed = devices(5 + i * 9).slice(i)
    const stage = (['target', 'sent', 'received', 'click'] as const)[i % 4]!
    return {
      msgId: msgId(100 + (i % 9)),
      platform: 'android',
      stage,
      atMs: atMs - i * 3e6,
      devices: listed,
    }
  }),
  { about: 'register', platform: 'ios', atMs: atMs - 5e8, devices: devices(30) },
  {
    about: 'register',
    platform: 'android',
    atMs: Date.UTC(2010, 0, 1),
    devices: devices(9, 'old'),
  },
  { about: 'register', platform: 'android', atMs, devices: devices(12, 'old') },
  { about: 'online', platform: 'android', atMs, devices: devices(40, 'seen') },
  { about: 'online', platform: 'android', atMs: atMs - 7e6, devices: devices(60, 'seen') },
  { about: 'active', platform: 'hmos', atMs: atMs - 2 * msPerDay, devices: devices(7) },
]

/** A directory in which messages are gone, swept and living. */
const fillDirectory = async (): Promise<string> => {
  const dir = makeTempDir()
  onTestFinished(dir.remove)
  const store = await openEmbedded({ dir: dir.path, keepDays, thread: false })
  const shared = { name: 'Shop', timeZone: 'Asia/Shanghai', ...hashed, createdAtMs: nowMs }
  const app = (await store.apps.create({ ...shared, key, vip: true }))!
  const early = nowMs - 40 * msPerDay
  const here = { id: app.id, zone }
  await store.append(here, told(...linesAt(early)), early)
  await store.sweep(here, nowMs)
  await store.append(here, told(...linesAt(nowMs)), nowMs)
  await store.tokens.create({ id: tokenId, app: key, name: 'feed', ...hashed, createdAtMs: 1 }, 9)
  await store.tokens.use(tokenId, nowMs)
  const members = [{ key, appId: app.id }]
  const group = (await store.groups.create({ ...shared, key: groupKey, members }))!
  const push = { parts: new Map([[app.id, msgId(100)]]), toldAtMs: nowMs }
  await store.groups.tell(group.id, parseGroupMsgId('push')!, push, 0)
  await store.clock.keep({ believedMs: nowMs, placedMs: 0 })
  await store.close()
  return dir.path
}

const answersOf = async (store: Store, app: App): Promise<unknown> => {
  const today = zone.dayOf(nowMs)
  const ids = Array.from({ length: 9 }, (_, i) => msgId(100 + i))
  const asked = [...devices(90), ...devices(60, 'seen'), ...devices(3, 'stranger')]
  const counts = await store.counts(app, ids, nowMs)
  return [
    counts.map((each) => Array.from(each)),
    await store.statuses(app, { msgId: ids[3]!, devices: asked, asOf: today - 1, nowMs }),
    await store.stageHours(app, ids[3]!, nowMs),
    await store.users(app, [{ unit: 'HOUR', hour: zone.hourOf(nowMs) }]),
    (await store.feed(app, 0, 2 ** 31 - 1, nowMs)).hours.map(({ bodies, accepted }) => [
      bodies,
      accepted,
    ]),
  ]
}

describe.skipIf(noClickHouse !== undefined)('move', () => {
  it('brings everything, also where it was broken off', async () => {
    const from = await fillDirectory()
    const { address: to, drop } = await migratedDatabase(found())
    onTestFinished(drop)
    const brokenOff = move({
      ...{ from, to, keepDays, nowMs },
      onProgress: () => {
        throw new Error('on purpose')
      },
    })
    await expect(brokenOff).rejects.toThrow('on purpose')
    const told: number[][] = []
    const onProgress = (...progress: number[]) => told.push(progress)
    expect(await move({ from, to, keepDays, nowMs, onProgress })).toMatchObject({
      apps: 1,
      messages: 9,
    })
    expect(told.at(-1)?.slice(1)).toEqual([9, 9])
    const again = await move({ from, to, keepDays, nowMs, onProgress })
    expect(again).toEqual({ apps: 1, messages: 9, facts: 0 })

    const [one, other] = [
      await openEmbedded({ dir: from, keepDays, thread: false }),
      await openClickHouse({ address: to, keepDays }),
    ]
    onTestFinished(async () => {
      await one.close()
      await other.close()
    })
    const [here, there] = [(await one.apps.find(key))!, (await other.apps.find(key))!]
    expect(there).toEqual({ ...here, id: there.id })
    expect(await answersOf(other, { id: there.id, zone })).toEqual(
      await answersOf(one, { id: here.id, zone }),
    )
    const { appId: _, ...token } = (await one.tokens.find(tokenId))!
    expect(await other.tokens.find(tokenId)).toEqual({ ...token, appId: there.id })
    const group = (await other.groups.find(groupKey))!
    expect(group.members).toEqual([{ key, appId: there.id }])
    expect(await other.groups.pushes(group.id, [parseGroupMsgId('push')!])).toEqual([
      { parts: new Map([[there.id, msgId(100)]]), toldAtMs: nowMs },
    ])
  })

  it('takes nothing for expired by a clock that is ahead, and brings the time that was believed', async () => {
    const from = await fillDirectory()
    const { address: to, drop } = await migratedDatabase(found())
    onTestFinished(drop)
    const ahead = { from, to, keepDays, nowMs: nowMs + 40 * msPerDay, onProgress: () => {} }
    expect(await move(ahead)).toMatchObject({ messages: 9 })
    const other = await openClickHouse({ address: to, keepDays })
    onTestFinished(other.close)
    expect(await other.clock.read()).toEqual({ believedMs: nowMs, placedMs: 0 })
  })

  it('refuses where there is such an app that it did not bring', async () => {
    const from = await fillDirectory()
    const { address: to, drop } = await migratedDatabase(found())
    onTestFinished(drop)
    const store = await openClickHouse({ address: to })
    const shared = { name: 'Other', timeZone: 'UTC', ...hashed, createdAtMs: nowMs }
    await store.apps.create({ ...shared, key, vip: true })
    await store.close()
    const refused = move({ from, to, keepDays, nowMs, onProgress: () => {} })
    await expect(refused).rejects.toThrow(`There is an app ${key} already`)
  })
})
