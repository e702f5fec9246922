// What the engine tells of itself: each commit once, and its vitals as they change.
import { afterEach, expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { devices, msgId, told } from '../../../../test/support/told.ts'
import { openZone } from '../../../ledger/day.ts'
import type { App } from '../../../ledger/store.ts'
import { type EmbeddedSettings, openEmbedded } from '../store.ts'
import { type Commit, roomOf } from './stats.ts'

const zone = openZone('Asia/Shanghai')!
const app: App = { id: 1, zone }
const nowMs = Date.UTC(2024, 4, 20, 4)
const dayMs = 86_400_000

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const open = async (settings: Partial<EmbeddedSettings> = {}) => {
  const dir = makeTempDir()
  cleanups.push(dir.remove)
  const commits: Commit[] = []
  const onCommit = (commit: Commit) => commits.push(commit)
  const store = await openEmbedded({ dir: dir.path, thread: false, onCommit, ...settings })
  cleanups.push(store.close)
  return { store, commits }
}

const of = (id: number, count: number) =>
  told({
    msgId: msgId(id),
    platform: 'android',
    stage: 'received',
    atMs: nowMs,
    devices: devices(count),
  })

it('a commit is told with its facts, its bytes and how long it took', async () => {
  const { store, commits } = await open()
  await store.append(app, of(1, 100), nowMs)
  expect(commits).toMatchObject([{ facts: 100, isWritten: true }])
  expect(commits[0]?.bytes).toBeGreaterThan(100)
  expect(commits[0]?.durationMs).toBeGreaterThan(0)
})

it('appends that wait together are one commit, also where nothing in them is new', async () => {
  const { store, commits } = await open()
  await store.append(app, of(1, 1), nowMs)
  const many = [of(2, 10), of(3, 20), of(4, 30)]
  await Promise.all(many.map((body) => store.append(app, body, nowMs)))
  expect(commits.map(({ facts }) => facts)).toEqual([1, 60])
  await store.append(app, of(1, 1), nowMs)
  expect(commits).toHaveLength(3)
})

it('a commit that failed is told as such', async () => {
  const { store, commits } = await open({
    throughWriter: (writer) => ({
      ...writer,
      commit: () => Promise.reject(new Error('no room')),
    }),
  })
  await expect(store.append(app, of(1, 5), nowMs)).rejects.toThrow()
  expect(commits).toMatchObject([{ facts: 5, isWritten: false }])
})

it('what waits is counted while it waits', async () => {
  const { store } = await open()
  const bodies = [of(1, 10), of(2, 10)]
  const bytes = bodies.reduce((sum, { devices: { bytes } }) => sum + bytes.length, 0)
  const appends = bodies.map((body) => store.append(app, body, nowMs))
  expect(store.vitals()).toMatchObject({ appendsWaiting: 2, bytesWaiting: bytes })
  await Promise.all(appends)
  expect(store.vitals()).toMatchObject({ appendsWaiting: 0, bytesWaiting: 0 })
})

it('devices are those of the tables in memory, messages those of the last sweep', async () => {
  const { store } = await open()
  expect(store.vitals()).toMatchObject({ tables: 0, devices: 0, tableBytes: 0 })
  expect(store.vitals().messages).toBeUndefined()
  await store.append(app, of(1, 10), nowMs)
  await store.append(app, of(2, 30), nowMs)
  const { tables, devices: known, tableBytes, fileBytes, freeBytes } = store.vitals()
  expect([tables, known]).toEqual([1, 30])
  expect(Math.min(tableBytes, fileBytes ?? 0, freeBytes ?? 0)).toBeGreaterThan(0)
  await store.sweep(app, nowMs)
  expect(store.vitals().messages).toBe(2)
  await store.sweep(app, nowMs + 40 * dayMs)
  expect(store.vitals().messages).toBe(0)
})

it('of a disk that cannot be asked, nothing is known', () => {
  const nowhere = `${makeTempDir().path}/nowhere`
  expect(roomOf(nowhere, 'ledger.mdb')).toEqual({ fileBytes: undefined, freeBytes: undefined })
})

it('messages of an app that was removed are no more', async () => {
  const { store } = await open()
  const other: App = { id: 2, zone }
  await store.append(app, of(1, 1), nowMs)
  await store.append(other, of(1, 1), nowMs)
  await store.sweep(app, nowMs)
  await store.sweep(other, nowMs)
  expect(store.vitals().messages).toBe(2)
  await store.removeApp(other.id)
  expect(store.vitals()).toMatchObject({ messages: 1, tables: 1, devices: 1 })
})
