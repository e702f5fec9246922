// What the server keeps of a request longer than the request is a copy: a short piece that was cut out of a
// long header would keep the whole header in memory.
import { expect, it, onTestFinished } from 'vitest'
import { parseBasic } from '../../src/http/access/authorization.ts'
import { openFailedLogIns } from '../../src/http/access/login-throttle.ts'
import { type AppKey, parseAppKey } from '../../src/ledger/ids.ts'
import { openRemembered } from '../../src/store/clickhouse/record-cache.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { parseTraceparent } from '../../src/traces/traceparent.ts'
import { heapGrowthOf } from '../support/heap.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const pieces = 32
const longBytes = 300_000
const growthBytesMax = 2_000_000

const keyOf = (i: number): string => i.toString(16).padStart(24, '0')

/** The key as it comes out of a header that is long. */
const keyInHeader = (i: number): AppKey => {
  const text = `${keyOf(i)}:${'x'.repeat(longBytes)}`
  const basic = parseBasic(`Basic ${Buffer.from(text).toString('base64')}`)
  return parseAppKey(basic?.key ?? '')!
}

const all = <T>(keep: (i: number) => T): T[] => Array.from({ length: pieces }, (_, i) => keep(i))

it('the measurement sees what a piece keeps', async () => {
  const growth = await heapGrowthOf(() => all(keyInHeader))
  expect(growth).toBeGreaterThan((pieces * longBytes) / 2)
})

it('failed log-ins keep keys of their own', async () => {
  const attempts: unknown[] = []
  const { note, wait } = openFailedLogIns((attempt) => attempts.push(attempt))
  const growth = await heapGrowthOf(async () => {
    for (let i = 0; i < pieces; i++) {
      note('10.0.0.7', keyInHeader(i), 0)
      const key = keyInHeader(i + pieces)
      await wait({ address: `10.0.1.${i}`, key, by: 'basic', path: '/' }, 0)
    }
    return note
  })
  expect(attempts).toHaveLength(pieces)
  expect(growth).toBeLessThan(growthBytesMax)
})

it('the table of apps keeps keys of its own', async () => {
  const { path: dir, remove } = makeTempDir()
  onTestFinished(remove)
  const store = await openEmbedded({ dir, thread: false })
  onTestFinished(() => store.close())
  const app = { name: 'a', vip: true, timeZone: 'UTC', salt: '', secretHash: '', createdAtMs: 0 }
  for (let i = 0; i < pieces; i++) await store.apps.create({ ...app, key: parseAppKey(keyOf(i))! })
  const growth = await heapGrowthOf(async () => {
    for (let i = 0; i < pieces; i++) {
      expect((await store.apps.find(keyInHeader(i)))?.id).toBeGreaterThan(0)
    }
    return store
  })
  expect(growth).toBeLessThan(growthBytesMax)
})

it('records of ClickHouse are remembered by keys of their own', async () => {
  const remembered = openRemembered(async () => ({ id: 1 }))
  const growth = await heapGrowthOf(async () => {
    for (let i = 0; i < pieces; i++) await remembered.find(keyInHeader(i))
    return remembered
  })
  expect(growth).toBeLessThan(growthBytesMax)
})

it('the ids of a traceparent that says more than today are copies', async () => {
  const header = (i: number) =>
    `01-${keyOf(i + 1).padStart(32, 'a')}-00f067aa0ba902b7-01-${'x'.repeat(longBytes)}`
  const growth = await heapGrowthOf(() => all((i) => parseTraceparent(header(i))))
  expect(parseTraceparent(header(1))?.traceId).toHaveLength(32)
  expect(growth).toBeLessThan(growthBytesMax)
})
