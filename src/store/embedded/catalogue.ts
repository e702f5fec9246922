// What is kept of all messages of an app beside their sheets: the list of them by first hour, and the
// totals of each day. It follows every change of a sheet, and its writes go with the sheet's own.
import { type Day, dayOfHour, type Hour } from '../../ledger/day.ts'
import type { MsgId } from '../../ledger/ids.ts'
import type { App, DayTotals, RecentAsk, RecentMessage } from '../../ledger/store.ts'
import { ByteReader, ByteWriter, Damage } from './bytes.ts'
import type { Environment } from './environment.ts'
import { readSizes, spanOf, writeSizes } from './header.ts'
import { dayTotalsKey, messageKey } from './key.ts'
import { ListChanges, lastListed } from './message-list.ts'
import { messageSizes } from './selections.ts'
import type { SheetSummary, StoredSheet } from './sheet.ts'
import type { Sizes } from './sizes.ts'
import type { WriteSet } from './write-set.ts'

export interface Totals {
  messages: number
  /** By selection. */
  readonly counts: Float64Array
}

const body = new ByteWriter()

export class Catalogue {
  readonly #appId: number
  readonly #environment: Environment
  readonly #list: ListChanges
  readonly #totals = new Map<Day, Totals>()

  constructor(appId: number, environment: Environment) {
    this.#appId = appId
    this.#environment = environment
    this.#list = new ListChanges(appId, environment)
  }

  /** A message's sheet went from what is stored, if anything, to this. */
  follow(msgId: MsgId, before: StoredSheet | undefined, after: SheetSummary): void {
    if (before?.firstHour !== after.firstHour) {
      if (before !== undefined) this.#list.remove(before.firstHour, msgId)
      this.#list.add(after.firstHour, msgId)
    }
    // What is gone still counts for its day.
    if (before !== undefined && !before.isGone) this.#count(before, -1)
    this.#count(after, 1)
  }

  *write(out: WriteSet): Generator<void> {
    yield* this.#list.write(out)
    for (const [day, totals] of this.#totals) {
      body.reset()
      writeTotals(body, totals)
      out.put(dayTotalsKey(this.#appId, day), body.written())
    }
  }

  #count({ firstHour, sizes }: SheetSummary, sign: 1 | -1): void {
    countIn(this.#totalsOf(dayOfHour(firstHour)), sizes, sign)
  }

  #totalsOf(day: Day): Totals {
    const known = this.#totals.get(day)
    if (known !== undefined) return known
    const totals = readTotals(this.#environment.read(dayTotalsKey(this.#appId, day)))
    this.#totals.set(day, totals)
    return totals
  }
}

/** Adds a message of these sizes to totals, or takes it away. */
export const countIn = (totals: Totals, { numbers, devices }: Sizes, sign: 1 | -1): void => {
  totals.messages += sign
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number
    totals.counts[number] = (totals.counts[number] as number) + sign * (devices[i] as number)
  }
}

const writeTotals = (out: ByteWriter, { messages, counts }: Totals): void => {
  out.varint(messages)
  const numbers: number[] = []
  const devices: number[] = []
  for (const [number, size] of counts.entries()) {
    if (size === 0) continue
    numbers.push(number)
    devices.push(size)
  }
  writeSizes(out, { numbers, devices })
}

export const readTotals = (stored: Uint8Array | undefined): Totals => {
  const counts = new Float64Array(messageSizes)
  if (stored === undefined) return { messages: 0, counts }
  const reader = new ByteReader(stored)
  const messages = reader.varint()
  const { numbers, devices } = readSizes(reader, messageSizes)
  numbers.forEach((number, i) => {
    counts[number] = devices[i] ?? 0
  })
  return { messages, counts }
}

export const readDays = (
  environment: Environment,
  app: App,
  days: readonly Day[],
): readonly DayTotals[] =>
  days.map((day) => readTotals(environment.read(dayTotalsKey(app.id, day))))

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
