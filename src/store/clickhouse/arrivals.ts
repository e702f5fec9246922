// Rows that come from another ledger, as they stood there: for moving up, into apps that nobody else tells
// of. Whatever comes twice is one row.
import { PLATFORMS, type Platform } from '../../ledger/channel.ts'
import type { Counts } from '../../ledger/counts.ts'
import { type Day, firstHourOf } from '../../ledger/day.ts'
import type { Feed } from '../../ledger/feed.ts'
import type { MsgId, RegistrationId } from '../../ledger/ids.ts'
import type { App, HeldFact, RecentMessage } from '../../ledger/store.ts'
import { ABOUT, columns, firstOf } from './commit.ts'
import type { Connection } from './connection.ts'
import { SELECTION_NAMES } from './counts.ts'
import { openRows, type Rows } from './rows.ts'

export interface ArrivedDevice {
  readonly device: RegistrationId
  readonly registration: { readonly platform: Platform; readonly atMs: number } | undefined
}

export interface ArrivedVisits {
  readonly day: Day
  readonly platform: Platform
  readonly metric: 'online' | 'active'
  readonly devices: readonly { readonly device: RegistrationId; readonly hours: number }[]
}

export interface MessageFacts {
  readonly msgId: MsgId
  readonly facts: readonly HeldFact[]
}

/** Messages of a day that are gone, added up. */
export interface GoneOfDay {
  readonly day: Day
  readonly messages: number
  readonly counts: Counts
}

export interface Arrivals {
  devices(app: App, devices: readonly ArrivedDevice[]): Promise<void>
  visits(app: App, visits: ArrivedVisits): Promise<void>
  /** Facts of messages that are told of by `messages` afterwards. */
  facts(app: App, messages: readonly MessageFacts[]): Promise<void>
  messages(app: App, messages: readonly RecentMessage[]): Promise<void>
  feed(app: App, feed: Feed): Promise<void>
  gone(app: App, days: readonly GoneOfDay[]): Promise<void>
}

// No message has this number: under it stand those whose numbers nobody knows any more.
const unknownMessage = 0n
const noServer = 0n

export const openArrivals = (connection: Connection): Arrivals => {
  const insert = async (into: string, rows: Rows): Promise<void> => {
    if (rows.count > 0) await connection.insert(into, rows.taken())
  }
  return {
    devices: async (app, devices) => {
      const [members, registrations] = [openRows(), openRows()]
      for (const { device, registration } of devices) {
        members.u32(app.id)
        members.text(device)
        members.end()
        if (registration === undefined) continue
        const { atMs, platform } = registration
        registrations.u32(app.id)
        registrations.u64(firstOf(atMs, PLATFORMS.indexOf(platform)))
        registrations.i32(app.zone.hourOf(atMs))
        registrations.text(device)
        registrations.end()
      }
      await insert(columns.members, members)
      await insert(columns.registrations, registrations)
    },
    visits: async (app, { day, platform, metric, devices }) => {
      const rows = openRows()
      for (const { device, hours } of devices) {
        rows.u32(app.id)
        rows.i32(day)
        rows.u8(ABOUT[metric])
        rows.u8(PLATFORMS.indexOf(platform))
        rows.u32(hours)
        rows.text(device)
        rows.end()
      }
      await insert(columns.visits, rows)
    },
    facts: async (app, messages) => {
      const rows = openRows()
      for (const { msgId, facts } of messages) {
        for (const { device, cell, hour } of facts) {
          rows.u32(app.id)
          rows.u64(BigInt(msgId))
          rows.u32(0)
          rows.u8(cell)
          rows.i32(hour)
          rows.text(device)
          rows.end()
        }
      }
      await insert(columns.facts, rows)
    },
    messages: async (app, messages) => {
      const rows = openRows()
      for (const { msgId, latestDay, firstHour } of messages) {
        writeMessage(rows, [app.id, BigInt(msgId), 0, latestDay, firstHour, 0])
      }
      await insert(columns.messages, rows)
    },
    feed: async (app, feed) => {
      const rows = feedRows(app, feed)
      await insert(columns.feed, rows.feed)
      await insert(columns.refusals, rows.refusals)
    },
    gone: async (app, days) => {
      const rows = goneRows(app, days)
      await insert(columns.totals, rows.totals)
      await insert(columns.messages, rows.messages)
    },
  }
}

const feedRows = (app: App, { hours, refusedLines }: Feed) => {
  const [feed, refusals] = [openRows(), openRows()]
  for (const { hour, bodies, accepted, refused } of hours) {
    feed.u32(app.id)
    feed.i32(hour)
    feed.u64(BigInt(hour))
    feed.u64(noServer)
    feed.u32(bodies)
    feed.u64(BigInt(accepted))
    feed.length(refused.length)
    for (const count of refused) feed.u64(BigInt(count))
    feed.end()
  }
  if (refusedLines.length > 0) {
    refusals.u32(app.id)
    refusals.u64(0n)
    refusals.u64(noServer)
    refusals.text(JSON.stringify(refusedLines.toReversed()))
    refusals.end()
  }
  return { feed, refusals }
}

const goneRows = (app: App, days: readonly GoneOfDay[]) => {
  const [messages, totals] = [openRows(), openRows()]
  let generation = 0
  for (const { day, messages: count, counts } of days) {
    for (const [number, devices] of Array.from(counts).entries()) {
      if (devices === 0) continue
      totals.u32(app.id)
      totals.i32(day)
      totals.u64(unknownMessage)
      totals.u32(generation)
      totals.text(SELECTION_NAMES[number] ?? '')
      totals.u64(BigInt(devices))
      totals.end()
    }
    for (let i = 0; i < count; i++) {
      writeMessage(messages, [app.id, unknownMessage, generation, earliest, firstHourOf(day), 1])
      generation += 1
    }
  }
  return { messages, totals }
}

const earliest = -(2 ** 31)

const writeMessage = (
  rows: Rows,
  [app, msgId, generation, latest, first, swept]: readonly [
    number,
    bigint,
    number,
    number,
    number,
    number,
  ],
): void => {
  rows.u32(app)
  rows.u64(msgId)
  rows.u32(generation)
  rows.i32(latest)
  rows.i32(first)
  rows.u8(swept)
  rows.end()
}
