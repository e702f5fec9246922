// A directory that format 1 wrote, kept as a fixture, is brought up to date: every answer that it gave
// then is given still, what is new is there, and neither a kill in between nor damage loses anything.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir.ts'
import { SELECTIONS } from '../../ledger/counts.ts'
import { type Day, dayOfHour, firstHourOf, openZone } from '../../ledger/day.ts'
import type { MsgId } from '../../ledger/ids.ts'
import type { App, Store } from '../../ledger/store.ts'
import { openLedgerReader, openTables } from '../open.ts'
import { formatVersion, openEnvironment } from './environment.ts'
import { type EmbeddedStore, openEmbedded } from './store.ts'
import { upgrade } from './upgrade.ts'
import { verify } from './verify.ts'

interface Expected {
  readonly nowMs: number
  readonly users: string
  readonly messages: readonly {
    readonly msgId: MsgId
    readonly latestDay: Day
    readonly firstDay: Day
    readonly facts: number
    readonly counts: string
    readonly rows: string
  }[]
}

const fixture = new URL('../../../test/fixtures/ledger-1/', import.meta.url)
const expected = JSON.parse(readFileSync(new URL('expected.json', fixture), 'utf8')) as Expected
const { nowMs } = expected
const zone = openZone('Asia/Shanghai')!
const app: App = { id: 1, zone }
const sha = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex')

const oldDirectory = (): string => {
  const dir = makeTempDir()
  onTestFinished(() => dir.remove())
  const path = join(dir.path, 'data')
  mkdirSync(path)
  const file = readFileSync(new URL('ledger.mdb.gz', fixture))
  writeFileSync(join(path, 'ledger.mdb'), gunzipSync(file))
  return path
}

const opened = async (dir: string, onUpgrade?: (messages: number) => void) => {
  const store = await openEmbedded({ dir, thread: false, ...(onUpgrade && { onUpgrade }) })
  onTestFinished(() => store.close())
  return store
}

const rowsOf = async (store: Store, msgId: MsgId) => {
  const rows: [string, number, number][] = []
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = await store.facts(app, { msgId, from, limit: 4096 }, nowMs)
    rows.push(
      ...page.facts.map(({ device, cell, hour }): [string, number, number] => {
        expect(hour % 24).toBe(0)
        return [device, cell, dayOfHour(hour)]
      }),
    )
    from = page.next
  }
  return rows.sort()
}

const answersAsThen = async (store: EmbeddedStore) => {
  const messages = await store.messages(app, undefined, 1_000, nowMs)
  expect(messages).toEqual(expected.messages.map(({ msgId, latestDay }) => ({ msgId, latestDay })))
  for (const { msgId, counts, rows, facts } of expected.messages) {
    const [found] = await store.counts(app, [msgId], nowMs)
    expect(sha(Array.from(found ?? []))).toBe(counts)
    const all = await rowsOf(store, msgId)
    expect(all).toHaveLength(facts)
    expect(sha(all)).toBe(rows)
  }
  const days = Array.from({ length: 60 }, (_, i) => zone.dayOf(nowMs) - i)
  const slots = days.map((day) => ({ unit: 'DAY' as const, day }))
  expect(sha(await store.users(app, slots))).toBe(expected.users)
}

const listsAll = async (store: EmbeddedStore) => {
  const ask = { from: 0, to: 2 ** 31 - 1, behind: undefined, limit: 1_000 }
  const recent = await store.recent(app, ask, nowMs)
  const listed = recent.map(({ msgId, firstHour }) => `${msgId} ${firstHour}`).sort()
  expect(listed).toEqual(
    expected.messages.map(({ msgId, firstDay }) => `${msgId} ${firstHourOf(firstDay)}`).sort(),
  )
  const days = [...new Set(expected.messages.map(({ firstDay }) => firstDay))]
  const totals = await store.totals(app, days)
  for (const [i, day] of days.entries()) {
    const ofDay = expected.messages.filter(({ firstDay }) => firstDay === day)
    expect(totals[i]?.messages).toBe(ofDay.length)
    const counts = await store.counts(
      app,
      ofDay.map(({ msgId }) => msgId),
      nowMs,
    )
    const sums = SELECTIONS.map((_, n) => counts.reduce((sum, each) => sum + (each[n] ?? 0), 0))
    expect(Array.from(totals[i]?.counts ?? [])).toEqual(sums)
  }
}

const findingsIn = async (dir: string) => {
  const findings: unknown[] = []
  const onFinding = (finding: unknown) => findings.push(finding)
  await verify(dir, nowMs, { onFinding, onPlace: () => {} })
  return findings
}

describe('a directory of format 1', () => {
  it('answers as it did, lists its messages, and goes on', async () => {
    const dir = oldDirectory()
    const told: number[] = []
    const store = await opened(dir, (messages) => told.push(messages))
    expect(told.at(-1)).toBe(expected.messages.length)
    await answersAsThen(store)
    await listsAll(store)
    expect(
      (await store.stageHours(app, '77' as MsgId, nowMs)).map(({ devices }) => devices),
    ).toEqual([
      expect.objectContaining({ target: 14_000, received: 0 }),
      expect.objectContaining({ target: 0, received: 14_000 }),
    ])
    await store.close()
    expect(await findingsIn(dir)).toEqual([])
    await answersAsThen(await opened(dir, () => expect.unreachable('it is up to date')))
  })

  it.each([1, 2, 3, 6, 9, 13])('broken off at commit %d goes on where it was', async (killedAt) => {
    const dir = oldDirectory()
    const environment = openEnvironment(dir)
    expect(environment.formatVersion()).toBe(1)
    let changes = 0
    const broken = {
      ...environment,
      change: <T>(work: () => T): T => {
        if (++changes === killedAt) throw new Error('killed')
        return environment.change(work)
      },
    }
    await expect(upgrade(broken, () => {}, 4)).rejects.toThrow('killed')
    expect(environment.formatVersion()).toBe(killedAt === 1 ? 1 : formatVersion)
    await environment.close()
    expect(() => openLedgerReader(dir, 31)).toThrow('Serve it once')
    const store = await opened(dir)
    await answersAsThen(store)
    await listsAll(store)
  })

  it('is asked for nothing before, but for its apps', async () => {
    const dir = oldDirectory()
    expect(() => openLedgerReader(dir, 31)).toThrow(
      `The data directory ${dir} was written by an older pushledger. ` +
        'Serve it once with this one, which brings it up to date.',
    )
    await expect(findingsIn(dir)).rejects.toThrow('Serve it once')
    const tables = openTables(dir)
    expect((await tables.apps.list()).map(({ name }) => name)).toEqual(['Old shop'])
    await tables.close()
  })

  it('with a damaged value keeps the damage, and everything else', async () => {
    const dir = oldDirectory()
    const environment = openEnvironment(dir)
    const key = Buffer.from('1000000001' + '03' + '0000000000000005', 'hex')
    const value = Buffer.from(environment.db.getBinary(key)!)
    value[10] = (value[10] ?? 0) ^ 1
    await environment.db.put(key, value)
    await environment.close()
    const store = await opened(dir)
    await expect(store.counts(app, ['5' as MsgId], nowMs)).rejects.toThrow()
    const [counts] = await store.counts(app, ['77' as MsgId], nowMs)
    expect(sha(Array.from(counts ?? []))).toBe(
      expected.messages.find(({ msgId }) => msgId === '77')?.counts,
    )
  })
})
