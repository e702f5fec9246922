// What is kept of all messages of an app beside their sheets: the list of them by first hour, and the
// totals of each day. It follows every change of a sheet, and its writes go with the sheet's own.
import { type Day, dayOfHour, type Hour } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { App, RecentAsk, RecentMessage } from '../../../ledger/store.ts'
import type { SheetSummary, StoredSheet } from '../device-set/device-set.ts'
import { readSizes, spanOf, writeSizes } from '../device-set/header.ts'
import { ByteReader, ByteWriter, Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import type { Recount } from '../lmdb/format.ts'
import { dayTotalsKey, messageKey } from '../lmdb/key.ts'
import type { WriteSet } from '../lmdb/write-batch.ts'
import type { SheetKind } from '../states/selections.ts'
import type { Sizes } from '../states/sizes.ts'
import { ListChanges, lastListed } from './hour-index.ts'
import { isRecounted, recountOf } from './recounting.ts'

export interface Totals {
  messages: number
  /** By stored number. */
  readonly counts: Float64Array
}

const body = new ByteWriter()

export class Catalogue {
  readonly #appId: number
  readonly #environment: Environment
  readonly #list: ListChanges
  readonly #totals = new Map<Day, Totals>()
  readonly #kind: SheetKind
  readonly #recount: Recount | undefined

  constructor(appId: number, environment: Environment) {
    this.#appId = appId
    this.#environment = environment
    this.#list = new ListChanges(appId, environment)
    this.#kind = environment.numbering().messages
    this.#recount = recountOf(environment)
  }

  /** A message's sheet went from what is stored, if anything, to this. */
  follow(msgId: MsgId, before: StoredSheet | undefined, after: SheetSummary): void {
    if (before?.firstHour !== after.firstHour) {
      if (before !== undefined) this.#list.remove(before.firstHour, msgId)
      this.#list.add(after.firstHour, msgId)
    }
    // What is gone still counts for its day.
    if (before !== undefined && !before.isGone) this.#count(msgId, before, -1)
    this.#count(msgId, after, 1)
  }

  /** The recount has come to a message. */
  recounted({ firstHour, sizes }: Pick<SheetSummary, 'firstHour' | 'sizes'>): void {
    const later = isLater(this.#kind, this.#recount)
    countIn(this.#totalsOf(dayOfHour(firstHour)).counts, sizes, 1, later)
  }

  *write(out: WriteSet): Generator<void> {
    yield* this.#list.write(out)
    for (const [day, totals] of this.#totals) {
      body.reset()
      writeTotals(body, totals, this.#kind.revision)
      out.put(dayTotalsKey(this.#appId, day), body.written())
    }
  }

  #count(msgId: MsgId, { firstHour, sizes }: SheetSummary, sign: 1 | -1): void {
    const totals = this.#totalsOf(dayOfHour(firstHour))
    totals.messages += sign
    const isPart = isInTotals(this.#kind, this.#recount, this.#appId, firstHour, msgId)
    countIn(totals.counts, sizes, sign, isPart)
  }

  #totalsOf(day: Day): Totals {
    const known = this.#totals.get(day)
    if (known !== undefined) return known
    const stored = this.#environment.read(dayTotalsKey(this.#appId, day))
    const totals = readTotals(stored, this.#kind, this.#recount)
    this.#totals.set(day, totals)
    return totals
  }
}

/** Whether sizes of a stored number are meant; undefined for all of them. */
export type IsPart = ((number: number) => boolean) | undefined

/** Those that came with a revision which not all messages were recounted for. */
export const isLater = ({ since }: SheetKind, recount: Recount | undefined): IsPart =>
  recount && ((number) => (since[number] as number) > recount.base)

/** The sizes of a message that the totals of its day have. */
export const isInTotals = (
  { since }: SheetKind,
  recount: Recount | undefined,
  appId: number,
  firstHour: Hour,
  msgId: MsgId,
): IsPart =>
  recount === undefined || isRecounted(recount, appId, firstHour, msgId)
    ? undefined
    : (number) => (since[number] as number) <= recount.base

/** Adds sizes to those of totals, or takes them away. */
export const countIn = (
  counts: Float64Array,
  { numbers, devices }: Pick<Sizes, 'numbers' | 'devices'>,
  sign: 1 | -1,
  isPart: IsPart,
): void => {
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number
    if (isPart !== undefined && !isPart(number)) continue
    counts[number] = (counts[number] as number) + sign * (devices[i] as number)
  }
}

const writeTotals = (out: ByteWriter, { messages, counts }: Totals, revision: number): void => {
  out.varint(messages)
  const numbers: number[] = []
  const devices: number[] = []
  for (const [number, size] of counts.entries()) {
    if (size === 0) continue
    numbers.push(number)
    devices.push(size)
  }
  writeSizes(out, { numbers, devices })
  if (revision > 0) out.varint(revision)
}

export const readTotals = (
  stored: Uint8Array | undefined,
  { sizeCount, since, revision, revisionMax }: SheetKind,
  recount: Recount | undefined,
): Totals => {
  const counts = new Float64Array(sizeCount)
  if (stored === undefined) return { messages: 0, counts }
  const reader = new ByteReader(stored)
  const messages = reader.varint()
  const { numbers, devices } = readSizes(reader, sizeCount)
  const writtenAt = reader.isAtEnd() ? 0 : reader.varint()
  if (writtenAt > revisionMax) throw new Damage('totals of a version that came later')
  // A recount that began again counts from nothing.
  const isBegun = writtenAt === revision
  numbers.forEach((number, i) => {
    const isTrue = recount === undefined || isBegun || (since[number] as number) <= recount.base
    if (isTrue) counts[number] = devices[i] ?? 0
  })
  return { messages, counts }
}

const messagesAtOnce = 256

/** Yields between stretches. Messages whose latest day lies before `firstDay` are gone. */
export function* walkRecent(
  environment: Environment,
  app: App,
  ask: RecentAsk,
  firstDay: Day,
): Generator<void, readonly RecentMessage[]> {
  const found: RecentMessage[] = []
  let behind = ask.behind && { hour: ask.behind.firstHour, id: BigInt(ask.behind.msgId) }
  for (;;) {
    environment.refresh()
    const stretch = lastListed(environment, app.id, ask, behind, messagesAtOnce)
    if (stretch === undefined) return found
    for (const id of stretch.ids) {
      const msgId = String(id) as MsgId
      const firstHour = stretch.hour
      const latestDay = latestDayOf(environment, app, msgId, firstHour)
      if (latestDay >= firstDay) found.push({ msgId, latestDay, firstHour })
      if (found.length === ask.limit) return found
    }
    behind = stretch.first
    yield
  }
}

const latestDayOf = (environment: Environment, app: App, msgId: MsgId, firstHour: Hour): Day => {
  const header = environment.read(messageKey(app.id, msgId))
  if (header === undefined) throw new Damage(`message ${msgId} is listed, and not there`)
  const span = spanOf(header)
  if (span.firstHour !== firstHour) throw new Damage(`message ${msgId} is listed elsewhere`)
  return span.latestDay
}
