// Moving up: everything that a directory holds, copied into a ClickHouse, and compared at the end. Whatever
// is copied twice stands once, so a move that was broken off is begun again and goes on where it was.
import type { AppRecord } from '../../apps/app-table.ts'
import type { GroupTable } from '../../apps/group.ts'
import type { Tables } from '../../apps/tokens.ts'
import { timesOf } from '../../ledger/believed-clock.ts'
import { openZone } from '../../ledger/day.ts'
import type { App, HeldFact, Reader, RecentMessage } from '../../ledger/store.ts'
import { StoreError } from '../../ledger/store-error.ts'
import type { Address } from '../clickhouse/address.ts'
import type { MessageFacts } from '../clickhouse/bulk-load.ts'
import type { ClickHouseStore } from '../clickhouse/store.ts'
import { mustBeCurrent, openEnvironment } from '../embedded/lmdb/environment.ts'
import { type Contents, openContents } from '../embedded/query/dump.ts'
import { openReader } from '../embedded/query/reader.ts'
import { openEmbeddedApps } from '../embedded/tables/apps.ts'
import { openEmbeddedClock } from '../embedded/tables/clock.ts'
import { openEmbeddedGroups } from '../embedded/tables/groups.ts'
import { openEmbeddedTokens } from '../embedded/tables/tokens.ts'
import { differenceOf, goneOf, messagesOf } from './compare.ts'

export interface Move {
  readonly from: string
  readonly to: Address
  readonly mapBytes?: number
  readonly keepDays: number
  readonly nowMs: number
  /** Facts copied in this run; messages that stand there now, of how many. */
  readonly onProgress: (facts: number, messages: number, of: number) => void
}

export interface Moved {
  readonly apps: number
  readonly messages: number
  /** In this run. */
  readonly facts: number
}

interface Source extends Tables {
  readonly groups: GroupTable
  readonly reader: Reader
  readonly contents: Contents
}

interface Carrying extends Move {
  readonly source: Source
  readonly target: ClickHouseStore
  readonly sofar: { facts: number; messages: number; of: number }
}

const factsAtOnce = 50_000
const messagesAtOnce = 2000
const devicesOfPage = 20_000
const tokensMax = 1000

/** Throws StoreError where something is in the way, and where both do not answer alike at the end. */
export const move = async (settings: Move): Promise<Moved> => {
  const { from, to, mapBytes, keepDays } = settings
  const environment = mustBeCurrent(openEnvironment(from, { mapBytes }), from)
  const clock = await openEmbeddedClock(environment).read()
  // What a clock that is ahead would take for expired moves too.
  const nowMs = timesOf(clock, settings.nowMs).keptMs
  const { openClickHouse } = await import('../clickhouse/store.ts')
  try {
    const target = await openClickHouse({ address: to, keepDays })
    try {
      const source: Source = {
        apps: openEmbeddedApps(environment),
        tokens: openEmbeddedTokens(environment),
        groups: openEmbeddedGroups(environment),
        reader: openReader(environment, keepDays),
        contents: openContents(environment),
      }
      const sofar = { facts: 0, messages: 0, of: 0 }
      const records = await source.apps.list()
      for (const record of records) {
        sofar.of += (await messagesOf(source.reader, appOf(record, record.id), nowMs)).length
      }
      const carrying: Carrying = { ...settings, nowMs, source, target, sofar }
      const ids = new Map<number, number>()
      for (const record of records) ids.set(record.id, await moveApp(carrying, record))
      await moveGroups(carrying, ids)
      if (clock !== undefined && (await target.clock.read()) === undefined) {
        await target.clock.keep(clock)
      }
      return { apps: records.length, messages: sofar.messages, facts: sofar.facts }
    } finally {
      await target.close()
    }
  } finally {
    await environment.close()
  }
}

const appOf = ({ timeZone }: AppRecord, id: number): App => {
  const zone = openZone(timeZone)
  if (zone === undefined) throw new StoreError(`The time zone ${timeZone} is not known here.`)
  return { id, zone }
}

/** The number of the app there. */
const moveApp = async (carrying: Carrying, record: AppRecord): Promise<number> => {
  const { source, target, nowMs } = carrying
  const { moves } = target
  const held = await moves.find(record.key)
  const there = await target.apps.find(record.key)
  if (there !== undefined && held.body === '') {
    throw new StoreError(
      `There is an app ${record.key} already, which no move made: remove it, or this one.`,
    )
  }
  if (held.body === '') await moves.change(held, JSON.stringify({ isBegun: true }))
  const { id: _, ...fresh } = record
  const created = there ?? (await target.apps.create(fresh))
  if (created === undefined)
    throw new StoreError(`The app ${record.key} was made by somebody else meanwhile.`)
  const [here, its] = [appOf(record, record.id), appOf(record, created.id)]
  for (const devices of source.contents.devices(here.id)) {
    await target.arrivals.devices(its, devices)
  }
  for (const visits of source.contents.visits(here.id)) await target.arrivals.visits(its, visits)
  await moveMessages(carrying, here, its)
  await target.arrivals.gone(its, await goneOf(source.reader, here, nowMs))
  await target.arrivals.feed(its, await source.reader.feed(here, 0, 2 ** 31 - 1, nowMs))
  await moveTokens(carrying, here)
  const difference = await differenceOf(source.reader, here, target, its, nowMs)
  if (difference !== undefined) {
    throw new StoreError(`The app ${record.key} does not answer alike there: ${difference}.`)
  }
  return created.id
}

const moveMessages = async (carrying: Carrying, here: App, its: App): Promise<void> => {
  const { source, target, nowMs, sofar, onProgress } = carrying
  const standing = new Map(
    (await messagesOf(target, its, nowMs)).map(({ msgId, latestDay }) => [msgId, latestDay]),
  )
  let facts: MessageFacts[] = []
  let messages: RecentMessage[] = []
  let count = 0
  const flush = async (): Promise<void> => {
    await target.arrivals.facts(its, facts)
    await target.arrivals.messages(its, messages)
    sofar.facts += count
    sofar.messages += messages.length
    onProgress(sofar.facts, sofar.messages, sofar.of)
    facts = []
    messages = []
    count = 0
  }
  const flushFacts = async (): Promise<void> => {
    await target.arrivals.facts(its, facts)
    sofar.facts += count
    facts = []
    count = 0
  }
  for (const message of await messagesOf(source.reader, here, nowMs)) {
    // A message is written after its facts: what stands there is whole.
    if (standing.get(message.msgId) === message.latestDay) {
      sofar.messages += 1
      continue
    }
    for await (const page of pagesOf(source.reader, here, message.msgId, nowMs)) {
      facts.push({ msgId: message.msgId, facts: page })
      count += page.length
      if (count >= factsAtOnce) await flushFacts()
    }
    messages.push(message)
    if (messages.length >= messagesAtOnce) await flush()
  }
  await flush()
}

async function* pagesOf(
  reader: Reader,
  app: App,
  msgId: RecentMessage['msgId'],
  nowMs: number,
): AsyncGenerator<readonly HeldFact[]> {
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page = await reader.facts(app, { msgId, from, limit: devicesOfPage }, nowMs)
    yield page.facts
    from = page.next
  }
}

const moveTokens = async ({ source, target }: Carrying, here: App): Promise<void> => {
  for (const { appId: _, lastUsedAtMs, ...token } of await source.tokens.list(here.id)) {
    await target.tokens.create(token, tokensMax)
    if (lastUsedAtMs !== undefined) await target.tokens.use(token.id, lastUsedAtMs)
  }
}

/** With the numbers that the apps have there. */
const moveGroups = async (
  { source, target }: Carrying,
  appIds: ReadonlyMap<number, number>,
): Promise<void> => {
  const groupIds = new Map<number, number>()
  for (const { id, ...group } of await source.groups.list()) {
    const members = group.members.flatMap(({ key, appId }) => {
      const its = appIds.get(appId)
      return its === undefined ? [] : [{ key, appId: its }]
    })
    const there = await target.groups.find(group.key)
    const made = there ?? (await target.groups.create({ ...group, members }))
    if (made !== undefined) groupIds.set(id, made.id)
  }
  for (const { groupId, id, parts, toldAtMs } of source.contents.pushes()) {
    const its = groupIds.get(groupId)
    const known = [...parts].flatMap(([appId, msgId]) => {
      const app = appIds.get(appId)
      return app === undefined ? [] : [[app, msgId] as const]
    })
    if (its !== undefined) {
      await target.groups.tell(its, id, { parts: new Map(known), toldAtMs }, 0)
    }
  }
}
