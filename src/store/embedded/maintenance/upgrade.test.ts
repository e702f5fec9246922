// Directories that format 1 and format 2 wrote, kept as fixtures, are brought up to date: every answer that
// they gave then is given still, what is new is there, and neither a kill in between nor damage loses anything.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { type Day, dayOfHour, firstHourOf, type Hour, openZone } from '../../../ledger/day.ts'
import type { MsgId, RegistrationId } from '../../../ledger/ids.ts'
import { SELECTIONS } from '../../../ledger/selection.ts'
import type { App, HeldFact, Store } from '../../../ledger/store.ts'
import { openLedgerReader, openTables } from '../../open.ts'
import { openEnvironment } from '../lmdb/environment.ts'
import { formatVersion } from '../lmdb/format.ts'
import { openContents } from '../query/dump.ts'
import { factTableBefore3 } from '../states/format-2.ts'
import { type EmbeddedStore, openEmbedded } from '../store.ts'
import { upgrade } from './upgrade.ts'
import { verify } from './verify.ts'

interface ExpectedMessage {
  readonly msgId: MsgId
  readonly latestDay: Day
  readonly facts: number
  readonly counts: string
  readonly rows: string
  /** Of format 1. */
  readonly firstDay?: Day
  /** Of format 2. */
  readonly firstHour?: Hour
  readonly stageHours?: string
  readonly statuses?: string
}

interface Expected {
  readonly nowMs: number
  readonly users: string
  readonly messages: readonly ExpectedMessage[]
  /** Of format 2. */
  readonly totals?: { readonly firstDay: Day; readonly totals: string }
  readonly devices?: number
  readonly deviceList?: string
  readonly visits?: string
}

const zone = openZone('Asia/Shanghai')!
const app: App = { id: 1, zone }
const sha = (value: unknown) => createHash('sha1').update(JSON.stringify(value)).digest('hex')

const fixtureAt = (version: number) => {
  const place = new URL(`../../../../test/fixtures/ledger-${version}/`, import.meta.url)
  const read = (name: string) => readFileSync(new URL(name, place))
  const expected = JSON.parse(read('expected.json').toString()) as Expected
  return { version, expected, file: gunzipSync(read('ledger.mdb.gz')) }
}
const fixtures = [fixtureAt(1), fixtureAt(2)]
type Fixture = (typeof fixtures)[number]

const oldDirectory = ({ file }: Fixture): string => {
  const dir = makeTempDir()
  onTestFinished(() => dir.remove())
  const path = join(dir.path, 'data')
  mkdirSync(path)
  writeFileSync(join(path, 'ledger.mdb'), file)
  return path
}

/** By a program of the table that the fixtures' programs had, so that it numbers cells and counts as they did. */
const opened = async (dir: string, onUpgrade?: (messages: number) => void) => {
  const table = factTableBefore3
  const store = await openEmbedded({ dir, thread: false, table, ...(onUpgrade && { onUpgrade }) })
  onTestFinished(() => store.close())
  return store
}

const factsOf = async (store: Store, msgId: MsgId, nowMs: number): Promise<HeldFact[]> => {
  const facts: HeldFact[] = []
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = await store.facts(app, { msgId, from, limit: 4096 }, nowMs)
    facts.push(...page.facts)
    from = page.next
  }
  return facts
}

/** Of format 1 a fact has only a day, and stands in its first hour. */
const rowsOf = (facts: readonly HeldFact[], version: number) =>
  facts
    .map(({ device, cell, hour }): [string, number, number] => {
      if (version === 1) expect(hour % 24).toBe(0)
      return [device, cell, version === 1 ? dayOfHour(hour) : hour]
    })
    .sort()

const firstHourIn = ({ firstDay, firstHour }: ExpectedMessage): Hour =>
  firstHour ?? firstHourOf(firstDay ?? 0)

const daysBefore = (nowMs: number) => Array.from({ length: 60 }, (_, i) => zone.dayOf(nowMs) - i)

const answersAsThen = async (store: EmbeddedStore, { expected, version }: Fixture) => {
  const { nowMs } = expected
  const messages = await store.messages(app, undefined, 1_000, nowMs)
  expect(messages).toEqual(expected.messages.map(({ msgId, latestDay }) => ({ msgId, latestDay })))
  for (const { msgId, counts, rows, facts, stageHours } of expected.messages) {
    const [found] = await store.counts(app, [msgId], nowMs)
    expect(sha(Array.from(found ?? []))).toBe(counts)
    const all = rowsOf(await factsOf(store, msgId, nowMs), version)
    expect(all).toHaveLength(facts)
    expect(sha(all)).toBe(rows)
    if (stageHours === undefined) continue
    expect(sha(await store.stageHours(app, msgId, nowMs))).toBe(stageHours)
  }
  const slots = daysBefore(nowMs).map((day) => ({ unit: 'DAY' as const, day }))
  expect(sha(await store.users(app, slots))).toBe(expected.users)
}

/** What format 1 did not keep. */
const listsAll = async (store: EmbeddedStore, { expected, version }: Fixture) => {
  const { nowMs } = expected
  const ask = { from: 0, to: 2 ** 31 - 1, behind: undefined, limit: 1_000 }
  const recent = await store.recent(app, ask, nowMs)
  const listed = recent.map(({ msgId, firstHour }) => `${msgId} ${firstHour}`).sort()
  expect(listed).toEqual(
    expected.messages.map((each) => `${each.msgId} ${firstHourIn(each)}`).sort(),
  )
  if (version === 2) {
    const totals = await store.totals(app, daysBefore(nowMs))
    const asThen = totals.map(({ messages, counts }) => [messages, sha(Array.from(counts))])
    expect(sha(asThen)).toBe(expected.totals?.totals)
    return
  }
  const dayOf = (each: ExpectedMessage) => dayOfHour(firstHourIn(each))
  const days = [...new Set(expected.messages.map(dayOf))]
  const totals = await store.totals(app, days)
  for (const [i, day] of days.entries()) {
    const ofDay = expected.messages.filter((each) => dayOf(each) === day)
    expect(totals[i]?.messages).toBe(ofDay.length)
    const ids = ofDay.map(({ msgId }) => msgId)
    const counts = await store.counts(app, ids, nowMs)
    const sums = factTableBefore3.selections.map((_, n) =>
      counts.reduce((sum, each) => sum + (each[n] ?? 0), 0),
    )
    expect(Array.from(totals[i]?.counts ?? [])).toEqual(sums)
  }
}

const findingsIn = async (dir: string, { expected }: Fixture) => {
  const findings: unknown[] = []
  const onFinding = (finding: unknown) => findings.push(finding)
  await verify(dir, expected.nowMs, { onFinding, onPlace: () => {} })
  return findings
}

const statusesAsThen = async (store: EmbeddedStore, { expected }: Fixture) => {
  const { nowMs } = expected
  const long = Array.from(
    { length: 40 },
    (_, i) => `${'é'.repeat(63)}${String(i).padStart(2, '0')}`,
  )
  const all = [...Array.from({ length: 6_000 }, (_, i) => `d-${i}`), ...long] as RegistrationId[]
  const asked = all.slice(0, 500)
  for (const { msgId, statuses } of expected.messages) {
    const ask = { msgId, devices: asked, asOf: zone.dayOf(nowMs), nowMs }
    expect(sha(await store.statuses(app, ask))).toBe(statuses)
  }
  const [broadcast] = expected.messages.filter(({ msgId }) => msgId === '77')
  const ask = { msgId: broadcast?.msgId as MsgId, devices: long as RegistrationId[] }
  const found = await store.statuses(app, { ...ask, asOf: zone.dayOf(nowMs), nowMs })
  expect(new Set(found)).not.toContain(2)
}

describe.each(fixtures)('a directory of format $version', (fixture) => {
  const { expected, version } = fixture
  const { nowMs } = expected

  it('answers as it did, lists its messages, and goes on', async () => {
    const dir = oldDirectory(fixture)
    const told: number[] = []
    const store = await opened(dir, (messages) => told.push(messages))
    expect(told.at(-1)).toBeGreaterThanOrEqual(expected.messages.length)
    await answersAsThen(store, fixture)
    await listsAll(store, fixture)
    if (version === 2) await statusesAsThen(store, fixture)
    await store.close()
    expect(await findingsIn(dir, fixture)).toEqual([])
    await answersAsThen(await opened(dir, () => expect.unreachable('it is up to date')), fixture)
  })

  it('counts what the fields of this program count', async () => {
    const store = await openEmbedded({ dir: oldDirectory(fixture), thread: false })
    onTestFinished(() => store.close())
    for (const { msgId } of expected.messages) {
      const facts = await factsOf(store, msgId, nowMs)
      const [counts] = await store.counts(app, [msgId], nowMs)
      const sizes = SELECTIONS.map((cells) => {
        const some = facts.filter(({ cell }) => cells.includes(cell))
        return new Set(some.map(({ device }) => device)).size
      })
      expect(Array.from(counts ?? [])).toEqual(sizes)
    }
  })

  it.each([1, 2, 3, 6, 9, 13])('broken off at commit %d goes on where it was', async (killedAt) => {
    const dir = oldDirectory(fixture)
    const environment = openEnvironment(dir, { table: factTableBefore3 })
    expect(environment.formatVersion()).toBe(version)
    let changes = 0
    const broken = {
      ...environment,
      change: <T>(work: () => T): T => {
        if (++changes === killedAt) throw new Error('killed')
        return environment.change(work)
      },
    }
    await expect(upgrade(broken, () => {}, 3)).rejects.toThrow('killed')
    expect(environment.formatVersion()).toBe(killedAt === 1 ? version : formatVersion)
    await environment.close()
    expect(() => openLedgerReader(dir, 31)).toThrow('Serve it once')
    const store = await opened(dir)
    await answersAsThen(store, fixture)
    await listsAll(store, fixture)
    await store.close()
    expect(await findingsIn(dir, fixture)).toEqual([])
  })

  it('is asked for nothing before, but for its apps', async () => {
    const dir = oldDirectory(fixture)
    expect(() => openLedgerReader(dir, 31)).toThrow(
      `The data directory ${dir} was written by an older pushledger. ` +
        'Serve it once with this one, which brings it up to date.',
    )
    await expect(findingsIn(dir, fixture)).rejects.toThrow('Serve it once')
    const tables = openTables(dir)
    expect((await tables.apps.list()).map(({ name }) => name)[0]).toBe('Old shop')
    await tables.close()
  })

  it('with a damaged value keeps the damage, and everything else', async () => {
    const dir = oldDirectory(fixture)
    const environment = openEnvironment(dir)
    const [{ msgId: damaged } = { msgId: '' }] = expected.messages.slice(-1)
    const id = BigInt(damaged).toString(16).padStart(16, '0')
    const key = Buffer.from(`100000000103${id}`, 'hex')
    const value = Buffer.from(environment.db.getBinary(key)!)
    value[10] = (value[10] ?? 0) ^ 1
    await environment.db.put(key, value)
    await environment.close()
    const store = await opened(dir)
    await expect(store.counts(app, [damaged as MsgId], nowMs)).rejects.toThrow()
    const [counts] = await store.counts(app, ['77' as MsgId], nowMs)
    expect(sha(Array.from(counts ?? []))).toBe(
      expected.messages.find(({ msgId }) => msgId === '77')?.counts,
    )
  })
})

it('a message that was told of in format 1 has the hours that it can have', async () => {
  const [fixture] = fixtures
  const store = await opened(oldDirectory(fixture!))
  const hours = await store.stageHours(app, '77' as MsgId, fixture!.expected.nowMs)
  expect(hours.map(({ devices }) => devices)).toEqual([
    expect.objectContaining({ target: 14_000, received: 0 }),
    expect.objectContaining({ target: 0, received: 14_000 }),
  ])
})

it('of format 2 keeps devices, registrations and visits', async () => {
  const fixture = fixtures[1]!
  const dir = oldDirectory(fixture)
  await (await opened(dir)).close()
  const environment = openEnvironment(dir)
  onTestFinished(() => environment.close())
  const contents = openContents(environment)
  const devices = [...contents.devices(app.id)].flat()
  expect(devices).toHaveLength(fixture.expected.devices ?? 0)
  expect(sha(devices)).toBe(fixture.expected.deviceList)
  expect(sha([...contents.visits(app.id)])).toBe(fixture.expected.visits)
})
