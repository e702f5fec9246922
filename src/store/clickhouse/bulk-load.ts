// Rows that come from another ledger, as they stood there: for moving up, into apps that nobody else tells
// of. Whatever comes twice is one row.
import { PLATFORMS, type Platform } from '../../ledger/channel.ts'
import { type Day, firstHourOf } from '../../ledger/day.ts'
import type { MsgId, RegistrationId } from '../../ledger/ids.ts'
import type { Feed } from '../../ledger/ingest-history.ts'
import type { Counts } from '../../ledger/selection.ts'
import type { App, HeldFact, RecentMessage } from '../../ledger/store.ts'
import { firstOf } from './commit.ts'
import type { Connection } from './connection.ts'
import { openRows, type Rows } from './rows.ts'
import { ABOUT, addFeed, addMessage, addRefusals, addTotals, columns } from './table.ts'

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
        const whole = { latest: latestDay, first: firstHour }
        addMessage(rows, { appId: app.id, msgId: BigInt(msgId), generation: 0, ...whole })
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

const feedRows = ({ id: appId }: App, { hours, refusedLines }: Feed) => {
  const [feed, refusals] = [openRows(), openRows()]
  for (const { hour, bodies, accepted, refused } of hours) {
    const commit = BigInt(hour)
    addFeed(feed, { appId, hour, commit, server: noServer, bodies, accepted, refused })
  }
  addRefusals(refusals, { appId, commit: 0n, server: noServer }, refusedLines.toReversed())
  return { feed, refusals }
}

const goneRows = ({ id: appId }: App, days: readonly GoneOfDay[]) => {
  const [messages, totals] = [openRows(), openRows()]
  let generation = 0
  for (const { day, messages: count, counts } of days) {
    addTotals(totals, { appId, msgId: unknownMessage, generation, day }, counts)
    for (let i = 0; i < count; i++) {
      const swept = { first: firstHourOf(day), isSwept: true }
      addMessage(messages, { appId, msgId: unknownMessage, generation, ...swept })
      generation += 1
    }
  }
  return { messages, totals }
}
