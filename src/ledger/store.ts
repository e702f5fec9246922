// THE PORT: what the ledger asks of a storage engine. Every engine passes test/contract and answers
// the seeded simulation byte for byte as the memory engine does. The reports are pure shaping on top.
//
// Terms: an *app* owns messages, devices and users, apart from all other apps. A *message* is one
// push. A *fact* says that a device reached a cell (platform, channel, kind, stage) of a message, or
// that it registered, was online or was active; telling it again changes nothing. A *count* is the
// number of distinct devices in the union of a selection's cells.
import type { Cell, Platform, Stage } from './channel.ts'
import type { Day, Hour, Month, Zone } from './day.ts'
import type { Told } from './event-batch.ts'
import type { MsgId, RegistrationId } from './ids.ts'
import type { Feed } from './ingest-history.ts'
import type { Counts } from './selection.ts'
import type { Status } from './status.ts'

/** An app as engines know it. `id` is given afresh at every creation and never reused. */
export interface App {
  readonly id: number
  readonly zone: Zone
}

export interface Appended {
  /** How many of the facts told were held already, earlier in the same body included; null where
   * an engine cannot tell. */
  readonly repeated: number | null
}

export interface StatusAsk {
  readonly msgId: MsgId
  readonly devices: readonly RegistrationId[]
  /** Statuses are as of the end of this day of the app's zone. */
  readonly asOf: Day
  readonly nowMs: number
}

export type Slot =
  | { readonly unit: 'HOUR'; readonly hour: Hour }
  | { readonly unit: 'DAY'; readonly day: Day }
  | { readonly unit: 'MONTH'; readonly month: Month }

/** Distinct devices of one platform in one slot. */
export interface Users {
  readonly new: number
  readonly online: number
  readonly active: number
}
export type UsersByPlatform = Readonly<Record<Platform, Users>>

export interface Swept {
  readonly messages: number
}

/** User statistics are kept this many days, so that every month that can be asked is whole. */
export const userDaysKept = 93

export interface StoreSettings {
  /**
   * How many days a message is kept after the day *d* of the latest time told of it: from the start
   * of day d + keepDays + 1 it is gone, whole, for every read and append, swept or not.
   */
  readonly keepDays: number
}

export const defaultStoreSettings: StoreSettings = { keepDays: 31 }

/** A message that can be asked about. */
export interface HeldMessage {
  readonly msgId: MsgId
  /** Of the latest time told of it. */
  readonly latestDay: Day
}

/** A message with the hour of the earliest time told of it. */
export interface RecentMessage extends HeldMessage {
  readonly firstHour: Hour
}

export interface RecentAsk {
  /** Only messages whose first hour lies in `from … to`. */
  readonly from: Hour
  readonly to: Hour
  /** Only what stands behind this one; a message that is not there has a place too. */
  readonly behind: Pick<RecentMessage, 'firstHour' | 'msgId'> | undefined
  readonly limit: number
}

/** How many devices reached a stage of a message, by any way, in an hour and never before. */
export interface StageHour {
  readonly hour: Hour
  readonly devices: Readonly<Record<Stage, number>>
}

/** The messages whose first hour lies on a day, added up. */
export interface DayTotals {
  readonly messages: number
  /** By selection, the sizes of each message added. */
  readonly counts: Counts
}

/** A fact as it is kept: the earliest hour told of. */
export interface HeldFact {
  readonly device: RegistrationId
  readonly cell: Cell
  readonly hour: Hour
}

export interface FactsAsk {
  readonly msgId: MsgId
  /** 0, or the `next` of the page before. */
  readonly from: number
  /** Devices, at most. */
  readonly limit: number
}

/** The facts of some devices, a device's own side by side, by day. */
export interface FactsPage {
  readonly facts: readonly HeldFact[]
  /** Where the next page begins; undefined where this was the last. */
  readonly next: number | undefined
  /** Where all pages will have ended: how far a walk has come is `next` of it. */
  readonly end: number
}

/** What may be read beside a server by whoever does not own the ledger. */
export interface Reader {
  /** Per id asked, in order: the size of every selection; all zero where unknown or expired. */
  counts(app: App, msgIds: readonly MsgId[], nowMs: number): Promise<readonly Counts[]>

  /** Per slot asked, in order; days more than 93 days back may be forgotten. */
  users(app: App, slots: readonly Slot[]): Promise<readonly UsersByPlatform[]>

  /**
   * The messages that are not gone, by rising number: those behind `after`, or the first. Fewer than
   * `limit` come only where there are no more.
   */
  messages(
    app: App,
    after: MsgId | undefined,
    limit: number,
    nowMs: number,
  ): Promise<readonly HeldMessage[]>

  /**
   * A page is of one moment, two are not. The order of the devices is the engine's own and never
   * changes, so a walk meets each device once that had a fact when it began. None of a message that
   * is not there, or gone.
   */
  facts(app: App, ask: FactsAsk, nowMs: number): Promise<FactsPage>

  /**
   * The messages that are not gone, the newest first: by falling first hour, then by falling number.
   * Fewer than `limit` come only where there are no more.
   */
  recent(app: App, ask: RecentAsk, nowMs: number): Promise<readonly RecentMessage[]>

  /**
   * By rising hour, each in which a device first reached a stage; the hours of a stage add up to its
   * devices. Read in pieces: what is told meanwhile may be in it or not.
   */
  stageHours(app: App, msgId: MsgId, nowMs: number): Promise<readonly StageHour[]>

  /** Per day asked, in order. A message that is gone still counts for its day, as it was last. */
  totals(app: App, days: readonly Day[]): Promise<readonly DayTotals[]>

  /** Of the hours `from … to`; those of days more than 31 before today are forgotten. */
  feed(app: App, from: Hour, to: Hour, nowMs: number): Promise<Feed>
}

export interface Store extends Reader {
  /**
   * Keeps everything told, or nothing. Resolves only when it is on disk and would survive kill -9
   * and loss of power. A message fact stands in the earliest hour it was ever told of; what is kept
   * of messages and users depends on the set of facts alone, so a caller may send the same again after
   * any failure. The feed counts every body that was kept, in the hour of `nowMs`. A message that has expired
   * as of `keptMs` begins anew; without it, as of `nowMs`. What is told is read until
   * the append settles, and never afterwards: its memory is the caller's again.
   * Rejects with Fault `unavailable` when too much waits or the store cannot write, with
   * `unauthorized` when the app has been removed meanwhile. Where `gone` fires, the client has
   * gone: a body that is not written yet may be left out as a whole, and it rejects with the reason.
   */
  append(
    app: App,
    told: Told,
    nowMs: number,
    keptMs?: number,
    gone?: AbortSignal,
  ): Promise<Appended>

  /** Per device asked, in order. One that cannot be read is `unreadable`; the others are answered. */
  statuses(app: App, ask: StatusAsk): Promise<readonly Status[]>

  /** Forgets all that a removed app left, in small pieces. Its id must not be used afterwards. */
  removeApp(appId: number): Promise<void>

  /** Frees what no read of this app can see any more: expired messages, old user days. In small
   * pieces, beside appends and reads. */
  sweep(app: App, nowMs: number): Promise<Swept>

  /** Finishes appends under way, then lets go of everything. Calling it twice is harmless. */
  close(): Promise<void>
}
