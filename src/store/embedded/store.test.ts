// What only the embedded engine has: a disk that fails, a queue that is full, values that are
// damaged, an owner, an app that is removed between telling and writing.

import { afterEach, describe, expect, test } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir.ts'
import { device, devices, type Line, msgId, shared, told } from '../../../test/support/told.ts'
import { openZone } from '../../ledger/day.ts'
import { factsIn, type Told } from '../../ledger/event-batch.ts'
import type { AppKey } from '../../ledger/ids.ts'
import { STATUS } from '../../ledger/status.ts'
import type { App, Store } from '../../ledger/store.ts'
import { chunkFacts } from './append/fact-sorter.ts'
import type { Writer } from './lmdb/commit.ts'
import { openEnvironment } from './lmdb/environment.ts'
import { leafKey, messageKey } from './lmdb/key.ts'
import { type EmbeddedSettings, openEmbedded } from './store.ts'

const zone = openZone('Asia/Shanghai')
if (zone === undefined) throw new Error('no zone')
const app: App = { id: 1, zone }
const nowMs = Date.UTC(2024, 4, 20, 4)
const message = msgId('18101211308815829')

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const newDir = (): string => {
  const dir = makeTempDir()
  cleanups.push(dir.remove)
  return dir.path
}

const openIn = async (dir: string, settings: Partial<EmbeddedSettings> = {}) => {
  const store = await openEmbedded({ dir, thread: false, ...settings })
  cleanups.push(store.close)
  return store
}

const received = (ids: Line['devices'], id = message): Line => ({
  msgId: id,
  platform: 'android',
  stage: 'received',
  atMs: nowMs,
  devices: ids,
})

/** Everything that can be told of a store, as text. */
const answersOf = async (store: Store, asked: Line['devices']): Promise<string> => {
  const ask = { msgId: message, devices: asked, asOf: app.zone.dayOf(nowMs), nowMs }
  const day = app.zone.dayOf(nowMs)
  const counts = await store.counts(app, [message], nowMs)
  const users = await store.users(app, [{ unit: 'DAY', day }])
  return JSON.stringify([
    counts.map((sizes) => Array.from(sizes)),
    await store.statuses(app, ask),
    users,
  ])
}

/** Fails the n-th commit, before or after it reached the disk. */
const failing = (n: number, when: 'before' | 'after') => {
  let commits = 0
  return (writer: Writer): Writer => ({
    ...writer,
    commit: async (parts) => {
      const fails = ++commits === n
      if (fails && when === 'before') throw new Error('no space left')
      const removed = await writer.commit(parts)
      if (fails) throw new Error('the disk went away')
      return removed
    },
  })
}

describe('a commit that fails', () => {
  const asked = devices(3_000)
  const bodies: readonly Told[] = [
    told(received(asked.slice(0, 10))),
    told(received(asked.slice(5, 2_500)), {
      about: 'register',
      platform: 'ios',
      atMs: nowMs,
      devices: asked.slice(0, 40),
    }),
    told({ about: 'online', platform: 'android', atMs: nowMs, devices: asked.slice(30, 2_900) }),
    told(received(asked)),
  ]

  test.each([1, 2, 3, 4])(
    'the commit number %i: nothing of its body is kept, and it can be sent again',
    async (n) => {
      const store = await openIn(newDir(), { throughWriter: failing(n, 'before') })
      const oracle = await openIn(newDir())
      for (const [i, body] of bodies.entries()) {
        if (i + 1 === n) {
          const before = await answersOf(store, asked)
          await expect(store.append(app, body, nowMs)).rejects.toMatchObject({
            fault: 'unavailable',
            retryAfterSeconds: 1,
          })
          expect(await answersOf(store, asked)).toBe(before)
        }
        const appended = await store.append(app, body, nowMs)
        expect(appended).toEqual(await oracle.append(app, body, nowMs))
        expect(await answersOf(store, asked)).toBe(await answersOf(oracle, asked))
      }
    },
  )

  test.each([1, 2, 3, 4])(
    'the commit number %i, once it is on disk: sending again finds it held',
    async (n) => {
      const store = await openIn(newDir(), { throughWriter: failing(n, 'after') })
      const oracle = await openIn(newDir())
      for (const [i, body] of bodies.entries()) {
        await oracle.append(app, body, nowMs)
        if (i + 1 === n) {
          await expect(store.append(app, body, nowMs)).rejects.toMatchObject({
            fault: 'unavailable',
          })
          expect(await store.append(app, body, nowMs)).toEqual({ repeated: factsIn(body) })
        } else await store.append(app, body, nowMs)
        expect(await answersOf(store, asked)).toBe(await answersOf(oracle, asked))
      }
    },
  )

  test('appends that waited beside it fail with it, and another app is none the worse later', async () => {
    const store = await openIn(newDir(), { throughWriter: failing(1, 'before') })
    const other: App = { ...app, id: 2 }
    const both = await Promise.allSettled([
      store.append(app, bodies[0] as Told, nowMs),
      store.append(other, bodies[0] as Told, nowMs),
    ])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await store.append(other, bodies[0] as Told, nowMs)).toEqual({ repeated: 0 })
    expect(await store.append(app, bodies[0] as Told, nowMs)).toEqual({ repeated: 0 })
  })
})

test('ids that were looked up in a table whose commit then failed are looked up again', async () => {
  let reached = (): void => {}
  let fail = (): void => {}
  const atCommit = new Promise<void>((resolve) => {
    reached = resolve
  })
  const failure = new Promise<void>((resolve) => {
    fail = resolve
  })
  let isToFail = false
  const store = await openIn(newDir(), {
    thread: true,
    throughWriter: (writer) => ({
      ...writer,
      commit: async (parts) => {
        if (!isToFail) return writer.commit(parts)
        isToFail = false
        reached()
        await failure
        throw new Error('a faulty disk')
      },
    }),
  })
  const known = devices(20_000)
  const [doomed, late] = [devices(10_000, 'doomed'), devices(10_000, 'late')]
  const tell = (ids: Line['devices'], id = message) =>
    store.append(app, shared(told(received(ids, id))), nowMs)
  // Often enough for the thread to look up.
  for (let n = 0; n < 8; n++) await tell(known, msgId(1 + n))
  isToFail = true
  const first = tell(doomed).catch((fault) => fault)
  await atCommit
  const second = tell([...doomed, ...known])
  fail()
  expect(await first).toMatchObject({ fault: 'unavailable' })
  expect(await second).toEqual({ repeated: 0 })
  expect(await tell(late, msgId(9))).toEqual({ repeated: 0 })
  expect(await tell([...late, ...doomed])).toEqual({ repeated: doomed.length })
  const ask = { msgId: msgId(9), devices: [...late, ...doomed], asOf: app.zone.dayOf(nowMs), nowMs }
  const statuses = await store.statuses(app, ask)
  expect(statuses.filter((status) => status === STATUS.delivered)).toHaveLength(late.length)
})

test('a queue that is full refuses one more, and what it took is kept', async () => {
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const store = await openIn(newDir(), {
    throughWriter: (writer) => ({
      ...writer,
      commit: async (parts) => {
        await gate
        return writer.commit(parts)
      },
    }),
  })
  const body = told(received(devices(10)))
  const heavy: Told = { ...body, devices: { ...body.devices, bytes: new Uint8Array(17 * 2 ** 20) } }
  heavy.devices.bytes.set(body.devices.bytes)
  const appends = Array.from({ length: 8 }, () => store.append(app, heavy, nowMs))
  const settled = Promise.allSettled(appends)
  open()
  const outcomes = (await settled).map((outcome) =>
    outcome.status === 'fulfilled' ? 'kept' : (outcome.reason as { fault: string }).fault,
  )
  expect(outcomes).toContain('kept')
  expect(outcomes).toContain('unavailable')
  const [counts] = await store.counts(app, [message], nowMs)
  expect(Math.max(...Array.from(counts ?? []))).toBe(10)
})

describe('a damaged value', () => {
  const asked = devices(20_000)

  const damage = async (dir: string, keyOf: (leafStarts: number) => Uint8Array) => {
    const environment = openEnvironment(dir)
    const key = keyOf(0)
    const value = environment.db.getBinary(key)
    if (value === undefined) throw new Error('nothing to damage')
    value[value.length - 1] = (value[value.length - 1] ?? 0) ^ 1
    environment.db.putSync(key, value)
    await environment.close()
  }

  const filled = async (): Promise<string> => {
    const dir = newDir()
    const store = await openEmbedded({ dir, thread: false })
    // States that differ from device to device, so that the sheet has many leaves.
    const sent: Line[] = asked.map((id, i) => ({
      ...received([id]),
      stage: i % 3 === 0 ? 'click' : 'sent',
    }))
    await store.append(app, told(...sent.filter((_, i) => i % 7 !== 0)), nowMs)
    await store.close()
    return dir
  }

  test('in a leaf: its devices have status 4, the others their own, and it is told of', async () => {
    const dir = await filled()
    await damage(dir, () => leafKey(messageKey(app.id, message), 0))
    const found: Error[] = []
    const store = await openIn(dir, { onDamage: (error) => found.push(error) })
    const ask = { msgId: message, devices: asked, asOf: app.zone.dayOf(nowMs), nowMs }
    const statuses = await store.statuses(app, ask)
    expect(statuses[1]).toBe(STATUS.unreadable)
    expect(new Set(statuses.slice(-100))).toEqual(
      new Set([STATUS.delivered, STATUS.notDelivered, STATUS.notOfThisApp]),
    )
    expect(found.map(({ message: text }) => text).join()).toContain('damaged')
  })

  test('in a header: a report is a fault, not a number', async () => {
    const dir = await filled()
    await damage(dir, () => messageKey(app.id, message))
    const store = await openIn(dir)
    await expect(store.counts(app, [message], nowMs)).rejects.toMatchObject({
      fault: 'internal',
      cause: expect.objectContaining({ name: 'Damage' }),
    })
    await expect(store.append(app, told(received([device('x')])), nowMs)).rejects.toMatchObject({
      fault: 'internal',
    })
    expect(await store.append(app, told(received([device('x')], msgId(7))), nowMs)).toEqual({
      repeated: 0,
    })
  })
})

describe('counts of messages that are unknown', () => {
  const held = [10, 20, 30]

  const toldOf = async (dir: string): Promise<Store> => {
    const store = await openIn(dir)
    for (const id of held) {
      await store.append(app, told(received(devices(id), msgId(id))), nowMs)
    }
    return store
  }

  test.each([
    [[5, 10, 12, 15, 20, 25, 11, 35, 30, 9]],
    [[40, 39, 10, 9, 8, 20, 21, 19, 30]],
    [[10, 20, 30, 31, 32, 29, 28, 30, 20, 10, 11]],
  ])('stand between those that are known: %j', async (asked) => {
    const store = await toldOf(newDir())
    const found = await store.counts(app, asked.map(msgId), nowMs)
    const most = found.map((counts) => Math.max(0, ...Array.from(counts)))
    expect(most).toEqual(asked.map((id) => (held.includes(id) ? id : 0)))
  })

  test('are a fault where what stands beside them is damaged', async () => {
    const dir = newDir()
    await (await toldOf(dir)).close()
    const environment = openEnvironment(dir)
    const key = messageKey(app.id, msgId(20))
    environment.db.putSync(key, new Uint8Array(40))
    await environment.close()
    const store = await openIn(dir)
    const unknown = store.counts(app, [msgId(11), msgId(12)], nowMs)
    await expect(unknown).rejects.toMatchObject({ fault: 'internal' })
    expect((await store.counts(app, [msgId(5), msgId(10)], nowMs)).length).toBe(2)
  })
})

test('a push to a million devices, told in the order in which they were first seen', async () => {
  const store = await openIn(newDir())
  const everybody = devices(1_000_000)
  for (let from = 0; from < everybody.length; from += 250_000) {
    const body = told(received(everybody.slice(from, from + 250_000)))
    expect(await store.append(app, body, nowMs)).toEqual({ repeated: 0 })
  }
  const again = told(received(everybody.slice(-10)))
  expect(await store.append(app, again, nowMs)).toEqual({ repeated: 10 })
  const [counts] = await store.counts(app, [message], nowMs)
  expect(Math.max(...Array.from(counts ?? []))).toBe(1_000_000)
})

test('a body of more facts than are sorted at once keeps messages that are told of only in the first', async () => {
  const store = await openIn(newDir())
  const [small, next, last] = [msgId(1), msgId(2), msgId(3)]
  const everybody = devices(150_000)
  const few = everybody.slice(0, 100)
  const body = told(received(few, small), received(everybody, next), received(everybody, last))
  expect(factsIn(body)).toBeGreaterThan(chunkFacts)
  expect(await store.append(app, body, nowMs)).toEqual({ repeated: 0 })
  expect(await store.append(app, body, nowMs)).toEqual({ repeated: factsIn(body) })
  const counts = await store.counts(app, [small, next, last], nowMs)
  expect(counts.map((sizes) => Math.max(...Array.from(sizes)))).toEqual([100, 150_000, 150_000])
})

describe('a directory', () => {
  test('that is open is refused to a second ledger, and free again after the first', async () => {
    const dir = newDir()
    const first = await openIn(dir)
    await expect(openEmbedded({ dir, thread: false })).rejects.toThrow(
      `in use by process ${process.pid}`,
    )
    await first.close()
    await openIn(dir)
  })

  test('counts ten thousand apps without a table or an index of each', async () => {
    const store = await openIn(newDir())
    const body = told(received(devices(3)))
    for (let id = 1; id <= 10_000; id += 500) {
      const some = Array.from({ length: 500 }, (_, i): App => ({ id: id + i, zone: app.zone }))
      await Promise.all(some.map((one) => store.append(one, body, nowMs)))
    }
    const [counts] = await store.counts({ id: 9_999, zone: app.zone }, [message], nowMs)
    expect(Math.max(...Array.from(counts ?? []))).toBe(3)
  })
})

test('an app that is removed while its body waits is refused as a stranger, and leaves nothing', async () => {
  const dir = newDir()
  const store = await openIn(dir)
  const record = await store.apps.create({
    key: '7d431e42dfa6a6d693ac2d04' as AppKey,
    name: 'shop',
    vip: true,
    timeZone: 'Asia/Shanghai',
    salt: '',
    secretHash: '',
    createdAtMs: nowMs,
  })
  if (record === undefined) throw new Error('not created')
  const shop: App = { id: record.id, zone: app.zone }
  await store.append(shop, told(received(devices(5))), nowMs)
  await store.apps.remove(record.key)
  await expect(store.append(shop, told(received(devices(9))), nowMs)).rejects.toMatchObject({
    fault: 'unauthorized',
  })
  await store.removeApp(shop.id)
  await store.apps.forget(shop.id)
  await expect(store.append(shop, told(received(devices(9))), nowMs)).rejects.toMatchObject({
    fault: 'unauthorized',
  })
  const [counts] = await store.counts(shop, [message], nowMs)
  expect(Math.max(0, ...Array.from(counts ?? []))).toBe(0)
})
