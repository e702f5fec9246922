// One commit: the bodies of one or several appends, written together. Members and messages go before
// facts, facts before the feed, so that nothing is answered as kept, or counted as told, that is not.
// Whatever is written twice is one row.
import { PLATFORMS } from '../../ledger/channel.ts'
import { dayOfHour, firstHourOf, type Hour } from '../../ledger/day.ts'
import { factsIn, type Told, type ToldEvent } from '../../ledger/event-batch.ts'
import type { MsgId } from '../../ledger/ids.ts'
import { tellsAnything } from '../../ledger/ingest-history.ts'
import { REFUSALS } from '../../ledger/refusal.ts'
import type { App } from '../../ledger/store.ts'
import { inSlices } from '../../runtime/time-slice.ts'
import type { Connection } from './connection.ts'
import type { Generations, Known, ToldOf } from './generations.ts'
import type { Membership } from './membership.ts'
import { openParts, openRows, type Parts, type Rows } from './rows.ts'
import { ABOUT, addFeed, addRefusals, type CommitId, columns } from './table.ts'

export interface Body {
  readonly app: App
  readonly told: Told
  readonly nowMs: number
  /** As of which messages have expired. */
  readonly keptMs: number
}

interface Tables {
  readonly members: Rows
  readonly facts: Parts
  readonly registrations: Rows
  readonly visits: Rows
}

// Large enough for ClickHouse, and several are packed and written at a time.
const factsOfInsert = 50_000
/** Facts, or events. */
const betweenYields = 2048

export interface Writing {
  readonly connection: Connection
  readonly known: Known
  readonly membership: Membership
}

/** How many bytes of rows it wrote. */
export const write = async (
  { connection, known, membership }: Writing,
  bodies: readonly Body[],
  id: CommitId,
): Promise<number> => {
  let bytes = 0
  const insert = async (into: keyof typeof columns, rows: Rows): Promise<void> => {
    if (rows.count === 0) return
    const taken = rows.taken()
    bytes += taken.length
    await connection.insert(columns[into], taken)
  }
  const toldOf = await inSlices(messagesIn(bodies))
  const generations = await known.generations(askedIn(bodies, toldOf))
  const tables = await inSlices(fill(bodies, toldOf, generations, membership))
  await all([insert('messages', generations.rows()), insert('members', tables.members)])
  generations.remember()
  await all([
    ...tables.facts.parts.map((part) => insert('facts', part)),
    insert('registrations', tables.registrations),
    insert('visits', tables.visits),
  ])
  const { feed, refusals } = feedRows(bodies, id)
  await all([insert('feed', feed), insert('refusals', refusals)])
  return bytes
}

/** Waits for every one, also where one fails: none may write on after the commit was answered. */
const all = async (works: readonly Promise<void>[]): Promise<void> => {
  const ends = await Promise.allSettled(works)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

function* askedIn(bodies: readonly Body[], toldOf: readonly ReadonlyMap<MsgId, ToldOf>[]) {
  for (const [i, { app, keptMs }] of bodies.entries()) {
    const today = app.zone.dayOf(keptMs)
    for (const msgId of toldOf[i]?.keys() ?? []) yield [app.id, today, msgId] as const
  }
}

function* messagesIn(
  bodies: readonly Body[],
): Generator<void, readonly ReadonlyMap<MsgId, ToldOf>[]> {
  const found = []
  for (const body of bodies) found.push(yield* messagesOf(body))
  return found
}

/** What a body tells of each of its messages. */
function* messagesOf({ app, told }: Body): Generator<void, ReadonlyMap<MsgId, ToldOf>> {
  const isTold = new Uint8Array(told.events.length)
  for (const event of told.eventOf) isTold[event] = 1
  const found = new Map<MsgId, ToldOf>()
  for (const [i, event] of told.events.entries()) {
    if (i % betweenYields === 0) yield
    if (event.about !== 'message' || isTold[i] === 0) continue
    const { msgId } = event
    const hour = app.zone.hourOf(event.atMs)
    const before = found.get(msgId)
    const latest = Math.max(dayOfHour(hour), before?.latest ?? dayOfHour(hour))
    found.set(msgId, { msgId, latest, first: Math.min(hour, before?.first ?? hour) })
  }
  return found
}

function* fill(
  bodies: readonly Body[],
  toldOf: readonly ReadonlyMap<MsgId, ToldOf>[],
  generations: Generations,
  membership: Membership,
): Generator<void, Tables> {
  const tables = {
    members: openRows(),
    facts: openParts(factsOfInsert),
    registrations: openRows(),
    visits: openRows(),
  }
  for (const [i, { app, told, keptMs }] of bodies.entries()) {
    const today = app.zone.dayOf(keptMs)
    const generationOf = new Map<MsgId, number>()
    for (const [msgId, each] of toldOf[i] ?? []) {
      generationOf.set(msgId, generations.enter(app.id, today, each))
    }
    const tellers: Teller[] = []
    const tellerAt = (number: number): Teller => {
      const event = told.events[number]
      if (event === undefined) throw new Error(`no event ${number} is told`)
      const teller = tellers[number] ?? tellerOf(tables, app, event, generationOf)
      tellers[number] = teller
      return teller
    }
    const { bytes, starts, lengths } = told.devices
    const member = headOf(app.id)
    for (let place = 0; place < told.eventOf.length; place++) {
      if (place % betweenYields === 0) yield
      const start = starts[place] ?? 0
      const length = lengths[place] ?? 0
      if (membership.isNew(app.id, bytes, start, length)) {
        tables.members.line(member, bytes, start, length)
      }
      tellerAt(told.eventOf[place] ?? 0)(bytes, start, length)
    }
  }
  return tables
}

const headOf = (appId: number): Uint8Array => {
  const head = Buffer.alloc(4)
  head.writeUInt32LE(appId)
  return head
}

type Teller = (bytes: Uint8Array, start: number, length: number) => void

/** Writes a fact of the event into its table: the rows of an event differ in the device alone. */
const tellerOf = (
  { facts, registrations, visits }: Tables,
  app: App,
  event: ToldEvent,
  generationOf: ReadonlyMap<MsgId, number>,
): Teller => {
  const hour = app.zone.hourOf(event.atMs)
  const head = openRows()
  head.u32(app.id)
  if (event.about === 'message') {
    head.u64(BigInt(event.msgId))
    head.u32(generationOf.get(event.msgId) ?? 0)
    head.u8(event.cell)
    head.i32(hour)
    return lineOf(facts, head)
  }
  const platform = PLATFORMS.indexOf(event.platform)
  if (event.about === 'register') {
    head.u64(firstOf(event.atMs, platform))
    head.i32(hour)
    return lineOf(registrations, head)
  }
  head.i32(dayOfHour(hour))
  head.u8(ABOUT[event.about])
  head.u8(platform)
  head.u32(bitOf(hour))
  return lineOf(visits, head)
}

const lineOf = (rows: Pick<Rows, 'line'>, written: Rows): Teller => {
  const head = written.taken()
  return (bytes, start, length) => rows.line(head, bytes, start, length)
}

/** The earliest registration is the smallest: by time, then by the place of the platform. */
export const firstOf = (atMs: number, platform: number): bigint =>
  BigInt(Math.max(0, atMs)) * 8n + BigInt(platform)

/** Of its day. */
const bitOf = (hour: Hour): number => 2 ** (hour - firstHourOf(dayOfHour(hour)))

interface HourRow {
  readonly app: number
  readonly hour: Hour
  bodies: number
  accepted: number
  readonly refused: number[]
}

const feedRows = (bodies: readonly Body[], id: CommitId) => {
  const hours = new Map<string, HourRow>()
  const lines = new Map<number, unknown[]>()
  for (const { app, told, nowMs } of bodies) {
    const { refusals } = told
    const accepted = factsIn(told)
    if (!tellsAnything({ accepted, repeated: 0, refusals })) continue
    const hour = app.zone.hourOf(nowMs)
    const key = `${app.id} ${hour}`
    const row = hours.get(key) ?? {
      app: app.id,
      hour,
      bodies: 0,
      accepted: 0,
      refused: REFUSALS.map(() => 0),
    }
    hours.set(key, row)
    row.bodies += 1
    row.accepted += accepted
    for (const [i, code] of REFUSALS.entries()) {
      row.refused[i] = (row.refused[i] ?? 0) + (refusals?.byCode.get(code) ?? 0)
    }
    const own = lines.get(app.id) ?? []
    lines.set(app.id, own)
    own.push(...(refusals?.lines ?? []))
  }
  const feed = openRows()
  for (const { app: appId, ...row } of hours.values()) addFeed(feed, { appId, ...id, ...row })
  const refusals = openRows()
  for (const [appId, own] of lines) addRefusals(refusals, { appId, ...id }, own)
  return { feed, refusals }
}
