// A directory that one program after the other opens, each with fields and channels of its own: nothing is
// refused, every number is that of the facts, and a recount that is broken off anywhere goes on.
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { devices, msgId } from '../../../../test/support/told.ts'
import type { Cell } from '../../../ledger/channel.ts'
import { dayOfHour, openZone } from '../../../ledger/day.ts'
import { deviceListOf, type Told } from '../../../ledger/event-batch.ts'
import type { MsgId, RegistrationId } from '../../../ledger/ids.ts'
import { type FactTable, factTable } from '../../../ledger/selection.ts'
import type { App, Reader } from '../../../ledger/store.ts'
import { openEnvironment } from '../lmdb/environment.ts'
import { metaKey } from '../lmdb/key.ts'
import { openReader } from '../query/reader.ts'
import { factTableBefore3 } from '../states/format-2.ts'
import { extendTable, noTable } from '../states/stored-table.ts'
import { openEmbedded } from '../store.ts'
import { verify } from './verify.ts'

const zone = openZone('Asia/Shanghai')!
const nowMs = Date.parse('2024-05-20T12:00:00+08:00')
const keepDays = 31

/** A program: its tracks in any order, and what it counts as pairs of a pattern of tracks and a stage. */
interface Program {
  readonly hasZte: boolean
  readonly isReversed: boolean
  readonly fields: readonly (readonly [pattern: string, stage: string])[]
}

const zte = ['android', 'quickapp'].flatMap((platform) =>
  ['notification', 'message'].map((kind) => `${platform}/zte/${kind}`),
)

const tableOf = ({ hasZte, isReversed, fields }: Program): FactTable => {
  const known = [...factTable.tracks.slice(0, 10), ...factTable.tracks.slice(20, 22)]
  // Between those that a directory knows.
  const tracks = hasZte ? [...known.slice(0, 5), ...zte, ...known.slice(5)] : [...known]
  if (isReversed) tracks.reverse()
  const { stages } = factTable
  const names = new Set<string>()
  const selections = fields.map(([pattern, stage]) =>
    tracks.flatMap((track, i) =>
      new RegExp(pattern).test(track) ? [(i * stages.length + stages.indexOf(stage)) as Cell] : [],
    ),
  )
  const distinct = selections.filter((cells) => {
    const isNew = cells.length > 0 && !names.has(cells.join())
    names.add(cells.join())
    return isNew
  })
  return { tracks, stages, selections: distinct }
}

/** A fact by its names, so that every program can be told of it. */
interface Fact {
  readonly id: MsgId
  readonly track: string
  readonly stage: string
  readonly atMs: number
  readonly device: RegistrationId
}

const toldOf = (table: FactTable, facts: readonly Fact[]): Told => ({
  devices: deviceListOf(facts.map(({ device }) => device)),
  eventOf: Uint32Array.from(facts, (_, i) => i),
  events: facts.map(({ id, track, stage, atMs }) => {
    const place = table.tracks.indexOf(track)
    const cell = (place * table.stages.length + table.stages.indexOf(stage)) as Cell
    return { about: 'message', msgId: id, cell, atMs }
  }),
})

const namesOf = ({ tracks, stages }: FactTable, cell: number): string =>
  `${tracks[Math.floor(cell / stages.length)]} ${stages[cell % stages.length]}`

const ids = Array.from({ length: 9 }, (_, i) => msgId(i + 1))

/** What the facts say, by message and selection. */
const expectedOf = (table: FactTable, facts: readonly Fact[]) =>
  ids.map((id) => {
    const own = facts.filter((fact) => fact.id === id)
    const firstHour = Math.min(...own.map(({ atMs }) => zone.hourOf(atMs)))
    const counts = table.selections.map((cells) => {
      const names = new Set(cells.map((cell) => namesOf(table, cell)))
      const some = own.filter(({ track, stage }) => names.has(`${track} ${stage}`))
      return new Set(some.map(({ device }) => device)).size
    })
    return { day: own.length === 0 ? undefined : dayOfHour(firstHour), counts }
  })

const answersOf = async (reader: Reader, app: App, table: FactTable, facts: readonly Fact[]) => {
  const expected = expectedOf(table, facts)
  const counts = await reader.counts(app, ids, nowMs)
  const padded = counts.map((each) => table.selections.map((_, i) => each[i] ?? 0))
  expect(padded).toEqual(expected.map((each) => each.counts))
  const days = Array.from({ length: 5 }, (_, i) => zone.dayOf(nowMs) - i)
  const totals = await reader.totals(app, days)
  for (const [i, day] of days.entries()) {
    const ofDay = expected.filter((each) => each.day === day)
    expect(totals[i]?.messages).toBe(ofDay.length)
    expect(Array.from(totals[i]?.counts ?? [])).toEqual(
      table.selections.map((_, n) => ofDay.reduce((sum, each) => sum + (each.counts[n] ?? 0), 0)),
    )
  }
}

const findingsIn = async (dir: string, table: FactTable): Promise<unknown[]> => {
  const findings: unknown[] = []
  const watch = { onFinding: (finding: unknown) => findings.push(finding), onPlace: () => {} }
  await verify(dir, nowMs, watch, undefined, table)
  return findings
}

const newApp = async (dir: string, table: FactTable): Promise<App> => {
  const store = await openEmbedded({ dir, thread: false, table })
  const record = await store.apps.create({
    key: '7d431e42dfa6a6d693ac2d04' as never,
    name: 'shop',
    vip: true,
    timeZone: zone.name,
    salt: '',
    secretHash: '',
    createdAtMs: nowMs,
  })
  await store.close()
  return { id: record?.id ?? 0, zone }
}

const newDir = (): string => {
  const dir = makeTempDir()
  onTestFinished(dir.remove)
  return dir.path
}

/** Of the stages told, that the programs may count or not. */
const allFields: Program['fields'] = [
  ['..', 'target'],
  ['..', 'sent'],
  ['^android', 'sent'],
  ['^android', 'received'],
  ['notification$', 'received'],
  ['/xm/', 'click'],
  ['/zte/', 'received'],
  ['^android/(jpush|zte)', 'received'],
  ['^android/(jpush|hw)', 'target'],
]

const someFacts = (count: number) =>
  fc.array(
    fc.record({
      message: fc.nat(7),
      device: fc.nat(12),
      track: fc.nat(15),
      stage: fc.constantFrom('target', 'sent', 'received', 'click'),
      hoursAgo: fc.nat(60),
    }),
    { maxLength: count },
  )

const programs = fc.record({
  hasZte: fc.boolean(),
  isReversed: fc.boolean(),
  fields: fc.subarray([...allFields], { minLength: 1 }),
  facts: someFacts(20),
  // Commits of the recount before the process ends, or all of them.
  commits: fc.oneof(fc.nat(4), fc.constant(Number.POSITIVE_INFINITY)),
  more: someFacts(8),
})

const factsIn = (
  { tracks }: FactTable,
  drawn: readonly {
    message: number
    device: number
    track: number
    stage: string
    hoursAgo: number
  }[],
): Fact[] =>
  drawn.map(({ message, device, track, stage, hoursAgo }) => ({
    id: ids[message] as MsgId,
    track: tracks[track % tracks.length] as string,
    stage,
    atMs: nowMs - hoursAgo * 3_600_000,
    device: devices(13)[device] as RegistrationId,
  }))

it('gives every program the numbers of the facts, wherever recounts were broken off', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(programs, { minLength: 2, maxLength: 5 }), async (versions) => {
      const dir = makeTempDir()
      try {
        const app = await newApp(dir.path, tableOf({ ...versions[0]!, hasZte: false }))
        const facts: Fact[] = []
        let hasZte = false
        for (const version of versions) {
          hasZte ||= version.hasZte
          const table = tableOf({ ...version, hasZte })
          const beside = openEnvironment(dir.path, { table })
          await answersOf(openReader(beside, keepDays), app, table, facts)
          await beside.close()
          let left = Number.POSITIVE_INFINITY
          const store = await openEmbedded({
            dir: dir.path,
            thread: false,
            table,
            recounts: false,
            throughWriter: (writer) => ({
              ...writer,
              commit: (parts) =>
                left-- > 0 ? writer.commit(parts) : Promise.reject(new Error('ended')),
            }),
          })
          const tell = async (some: readonly Fact[]) => {
            facts.push(...some)
            if (some.length > 0) await store.append(app, toldOf(table, some), nowMs)
            await answersOf(store, app, table, facts)
          }
          await tell(factsIn(table, version.facts))
          left = version.commits
          await store.recount(2)
          left = Number.POSITIVE_INFINITY
          await tell(factsIn(table, version.more))
          await store.close()
          expect(await findingsIn(dir.path, table)).toEqual([])
        }
      } finally {
        dir.remove()
      }
    }),
    { numRuns: 8 },
  )
})

it('counts a recount that was broken off again, where one more field comes with the next program', async () => {
  const { path: dir, remove } = makeTempDir()
  onTestFinished(remove)
  const programOf = (fields: number) =>
    tableOf({ hasZte: false, isReversed: false, fields: allFields.slice(0, fields) })
  const app = await newApp(dir, programOf(2))
  const facts = ids.flatMap((id, i): Fact[] =>
    ['target', 'sent', 'received'].map((stage, n) => ({
      ...{ id, stage, track: 'android/jpush/notification', atMs: nowMs - i * 3_600_000 },
      device: devices(9)[(i + n) % 9] as RegistrationId,
    })),
  )
  for (const [fields, commits] of [
    [2, 0],
    [4, 2],
    [8, 1],
    [8, 2],
    [9, Number.POSITIVE_INFINITY],
  ] as const) {
    const table = programOf(fields)
    let left = Number.POSITIVE_INFINITY
    const store = await openEmbedded({
      ...{ dir, thread: false, table, recounts: false },
      throughWriter: (writer) => ({
        ...writer,
        commit: (parts) => (left-- > 0 ? writer.commit(parts) : Promise.reject(new Error('ended'))),
      }),
    })
    if (fields === 2) await store.append(app, toldOf(table, facts), nowMs)
    left = commits
    await store.recount(2)
    await answersOf(store, app, table, facts)
    await store.close()
    expect(await findingsIn(dir, table)).toEqual([])
    const environment = openEnvironment(dir, { table })
    const isPending = environment.db.getBinary(metaKey('recount')) !== undefined
    await environment.close()
    expect(isPending).toBe(fields > 2 && Number.isFinite(commits))
  }
})

const first: Program = { hasZte: false, isReversed: false, fields: allFields.slice(0, 5) }

describe('a broadcast of many leaves', () => {
  const everybody = devices(9_000)
  const sent: Fact[] = everybody.flatMap((device, i) => {
    const fact = { id: ids[8] as MsgId, device, atMs: nowMs - (i % 23) * 3_600_000 }
    const track = factTable.tracks[(i * 7) % 10] as string
    return ['target', 'received', 'click']
      .slice(0, 1 + (i % 3))
      .map((stage): Fact => ({ ...fact, track, stage }))
  })

  it('is counted for a new field before and after it was recounted, and told of meanwhile', async () => {
    const dir = newDir()
    const before = tableOf(first)
    const app = await newApp(dir, before)
    const store = await openEmbedded({ dir, thread: false, table: before })
    await store.append(app, toldOf(before, sent), nowMs)
    await store.close()
    const table = tableOf({ hasZte: true, isReversed: true, fields: allFields })
    const next = await openEmbedded({ dir, thread: false, table, recounts: false })
    await answersOf(next, app, table, sent)
    const more = sent
      .slice(0, 500)
      .map((fact): Fact => ({ ...fact, track: zte[0]!, stage: 'sent' }))
    await next.append(app, toldOf(table, more), nowMs)
    await answersOf(next, app, table, [...sent, ...more])
    expect(await findingsIn(dir, table)).toEqual([])
    await next.recount()
    await answersOf(next, app, table, [...sent, ...more])
    await next.close()
    const environment = openEnvironment(dir, { table })
    const { table: stored } = environment.numbering()
    expect(stored.revision).toBe(1)
    await environment.close()
    expect(await findingsIn(dir, table)).toEqual([])
  })
})

describe('the table of a directory', () => {
  const stored = extendTable(noTable, tableOf(first))

  it('takes a channel in, in any order, and needs no recount for it', () => {
    const extended = extendTable(stored, tableOf({ ...first, hasZte: true, isReversed: true }))
    expect(extended.revision).toBe(0)
    expect(extended.tracks).toEqual([...stored.tracks, ...zte.toReversed()])
    expect(extended.selections).toHaveLength(stored.selections.length)
    expect(extendTable(extended, tableOf({ ...first, hasZte: true }))).toEqual(extended)
  })

  it('keeps a field that a program has not, and knows it again', () => {
    const fewer = { ...first, fields: first.fields.slice(1) }
    expect(extendTable(stored, tableOf(fewer))).toEqual(stored)
  })

  it('gives a new union a number that headers before it lack', () => {
    const extended = extendTable(stored, tableOf({ ...first, fields: allFields }))
    expect(extended.revision).toBe(1)
    expect(extended.selections.slice(0, stored.selections.length)).toEqual(stored.selections)
    expect(extended.selections.at(-1)?.since).toBe(1)
  })

  it('has the numbers of format 2 where it was one', () => {
    expect(crc32(JSON.stringify(factTableBefore3.selections))).toBe(860_101_885)
    expect(factTableBefore3.tracks).toHaveLength(39)
  })

  it('has room for 64 tracks and 32 stages', () => {
    const tracks = Array.from({ length: 65 }, (_, i) => `android/${i}/message`)
    expect(() => extendTable(noTable, { tracks, stages: ['sent'], selections: [] })).toThrow(
      'The data directory would have 65 tracks and 1 stages: there is room for 64 and 32.',
    )
  })
})

it('is refused by a program that does not know its channels', async () => {
  const dir = newDir()
  await newApp(dir, tableOf({ ...first, hasZte: true }))
  expect(() => openEnvironment(dir, { table: tableOf(first) })).toThrow(
    `The data directory ${dir} was written by a newer pushledger, which knows more channels`,
  )
})
