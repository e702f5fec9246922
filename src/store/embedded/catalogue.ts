// What is kept of all messages of an app beside their sheets: the list of them by first hour, and the
// totals of each day. It follows every change of a sheet, and its writes go with the sheet's own.
import { type Day, dayOfHour, type Hour } from '../../ledger/day.ts'
import type { MsgId } from '../../ledger/ids.ts'
import type { App, DayTotals, RecentAsk, RecentMessage } from '../../ledger/store.ts'
import { ByteReader, ByteWriter, Damage } from './bytes.ts'
import type { Environment } from './environment.ts'
import { readSizes, spanOf, writeSizes } from './header.ts'
import { dayTotalsKey, listedIn, listedKey, messageKey, readListedKey } from './key.ts'
import { messageSizes } from './selections.ts'
import type { ReadBody, SheetSummary, StoredSheet } from './sheet.ts'
import type { WriteSet } from './write-set.ts'

interface Totals {
  messages: number
  /** By selection. */
  readonly counts: Float64Array
}

const nothing = new Uint8Array(0)
const body = new ByteWriter()

export class Catalogue {
  readonly #appId: number
  readonly #read: ReadBody
  readonly #totals = new Map<Day, Totals>()

  constructor(appId: number, read: ReadBody) {
    this.#appId = appId
    this.#read = read
  }

  /** A message's sheet went from what is stored, if anything, to this. */
  follow(msgId: MsgId, before: StoredSheet | undefined, after: SheetSummary, out: WriteSet): void {
    const isListed = before?.firstHour === after.firstHour
    if (before !== undefined && !isListed) {
      out.remove(listedKey(this.#appId, before.firstHour, msgId))
    }
    if (!isListed) out.put(listedKey(this.#appId, after.firstHour, msgId), nothing)
    // What is gone still counts for its day.
    if (before !== undefined && !before.isGone) this.#count(before, -1)
    this.#count(after, 1)
  }

  write(out: WriteSet): void {
    for (const [day, totals] of this.#totals) {
      body.reset()
      writeTotals(body, totals)
      out.put(dayTotalsKey(this.#appId, day), body.written())
    }
  }

  #count({ firstHour, sizes: { numbers, devices } }: SheetSummary, sign: 1 | -1): void {
    const totals = this.#totalsOf(dayOfHour(firstHour))
    totals.messages += sign
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] as number
      totals.counts[number] = (totals.counts[number] as number) + sign * (devices[i] as number)
    }
  }

  #totalsOf(day: Day): Totals {
    const known = this.#totals.get(day)
    if (known !== undefined) return known
    const totals = readTotals(this.#read(dayTotalsKey(this.#appId, day)))
    this.#totals.set(day, totals)
    return totals
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

const readTotals = (stored: Uint8Array | undefined): Totals => {
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

const keysAtOnce = 256

/** Yields between stretches. Messages whose latest day lies before `firstDay` are gone. */
export function* walkRecent(
  environment: Environment,
  app: App,
  ask: RecentAsk,
  firstDay: Day,
): Generator<void, readonly RecentMessage[]> {
  const found: RecentMessage[] = []
  const range = listedIn(app.id, ask.from, ask.to)
  const { behind: last } = ask
  let from = last && keyInRange(listedKey(app.id, last.firstHour, last.msgId), range)
  for (;;) {
    environment.refresh()
    const atMost = Math.min(keysAtOnce, ask.limit - found.length)
    const keys = environment.keysDown({ start: range.start, end: from ?? range.end }, atMost)
    for (const key of keys) {
      const { firstHour, msgId } = readListedKey(key)
      const latestDay = latestDayOf(environment, app, msgId, firstHour)
      if (latestDay >= firstDay) found.push({ msgId, latestDay, firstHour })
    }
    from = keys.at(-1)
    if (from === undefined || keys.length < atMost || found.length === ask.limit) return found
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

/** The end of a walk downwards that begins below a key: the key, or that of the range. */
const keyInRange = (
  key: Uint8Array,
  range: { readonly start: Uint8Array; readonly end: Uint8Array },
): Uint8Array => {
  if (Buffer.compare(key, range.end) > 0) return range.end
  return Buffer.compare(key, range.start) < 0 ? range.start : key
}
