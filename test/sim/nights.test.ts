// The nights that follow a change of clocks by as many days as events may be old, in twenty zones: what is
// accepted is visible, what is refused has expired, and the order of sending changes nothing. Through the
// parser, on the memory engine and the embedded one. NIGHTS_YEARS sets how many years, to 2026; without it,
// one change of clocks of each zone.
import { expect, it, onTestFinished } from 'vitest'
import { readerHere } from '../../src/ingest/body/parser.ts'
import { defaultIngestSettings, openIngest } from '../../src/ingest/ingest.ts'
import type { RegistrationId } from '../../src/ledger/ids.ts'
import type { App, Store } from '../../src/ledger/store.ts'
import { openEmbedded } from '../../src/store/embedded/store.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { buffers } from '../support/buffers.ts'
import { type Random, randomOf } from '../support/random.ts'
import { tell } from '../support/tally.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { msgId } from '../support/told.ts'
import { ODD_ZONES, startOf, zoneOf } from '../support/zone.ts'

const msPerHour = 3_600_000
const msPerDay = 24 * msPerHour
const messageDays = 31
const visitDays = 62
const lastYear = 2026
const years = Number(process.env['NIGHTS_YEARS'] ?? 0)

/** Around which the nights are looked at. */
const daysAsked = (zoneName: string): readonly number[] => {
  if (years > 0) {
    const all = Array.from({ length: years }, (_, i) => lastYear - i)
    return all.flatMap((year) => oddDays(zoneName, year))
  }
  // In 2011 Apia skipped a day.
  const odd = oddDays(zoneName, zoneName === 'Pacific/Apia' ? 2011 : lastYear)
  return zoneName === 'Pacific/Apia' ? odd.slice(-1) : odd.slice(0, 1)
}

/** An event of one device. A message of its own unless it says otherwise. */
interface Sent {
  readonly type: 'target' | 'online'
  readonly time: number
  readonly id: string
  readonly msgId: number
}

const reader = readerHere(defaultIngestSettings, buffers)
const dayOfDate = (year: number, month: number): number => Date.UTC(year, month, 1) / msPerDay

/** Days of a year that are not as long as others, or two ordinary ones where there is none. */
const oddDays = (zoneName: string, year: number): readonly number[] => {
  const zone = zoneOf(zoneName)
  const days: number[] = []
  const end = dayOfDate(year + 1, 0)
  for (let day = dayOfDate(year, 0); day < end; day++) {
    if (startOf(zone, day + 1) - startOf(zone, day) !== msPerDay) days.push(day)
  }
  return days.length > 0 ? days : [dayOfDate(year, 2), dayOfDate(year, 9)]
}

/** Some moments of the nights after which what was sent around an odd day is too old. */
const nightsAfter = (zoneName: string, random: Random, day: number): readonly number[] =>
  [messageDays, messageDays + 1, visitDays, visitDays + 1].flatMap((days) => {
    const start = startOf(zoneOf(zoneName), day + days)
    const early = start + random.int(0, msPerHour)
    return years > 0 ? [start - 1, start, early] : [early]
  })

const eventsOf = (random: Random, app: App, nowMs: number): readonly Sent[] => {
  const around = (days: number): readonly number[] => {
    const border = startOf(app.zone, app.zone.dayOf(nowMs) - days)
    return [border - 1, border, border + random.int(-3 * msPerHour, 3 * msPerHour)]
  }
  const messages = [...around(messageDays), nowMs].flatMap((time, i): Sent[] => [
    { type: 'target', time, id: `device-${i}`, msgId: i + 1 },
    // Old and present events of one message: where the order would show.
    { type: 'target', time, id: `device-${i}`, msgId: 99 },
  ])
  const visits = around(visitDays).map((time, i): Sent => {
    return { type: 'online', time, id: `visitor-${i}`, msgId: 0 }
  })
  return [...messages, ...visits]
}

const isLawful = ({ type, time }: Sent, app: App, nowMs: number): boolean =>
  app.zone.dayOf(time) >= app.zone.dayOf(nowMs) - (type === 'target' ? messageDays : visitDays)

/** Sends each event in a body of its own; which of them were accepted, in the order of `events`. */
const sendAll = async (
  store: Store,
  app: App,
  events: readonly Sent[],
  order: readonly Sent[],
  nowMs: number,
): Promise<readonly boolean[]> => {
  const ingest = openIngest(store, reader)
  const accepted = new Map<Sent, boolean>()
  const sends = order.map(async (event) => {
    const { type, time, id, msgId: msg_id } = event
    const members = { type, time, platform: 'android', registration_id: id }
    const line = type === 'target' ? { ...members, msg_id } : members
    const summary = await ingest(app, new TextEncoder().encode(JSON.stringify(line)), nowMs)
    accepted.set(event, summary.accepted === 1)
  })
  await Promise.all(sends)
  return events.map((event) => accepted.get(event) === true)
}

/** All that a store answers about the events, as text. */
const answersOf = async (
  store: Store,
  app: App,
  events: readonly Sent[],
  nowMs: number,
): Promise<string> => {
  const ids = [...new Set(events.map((event) => event.msgId))].filter((id) => id > 0).map(msgId)
  const devices = [...new Set(events.map(({ id }) => id as RegistrationId))]
  const days = [...new Set(events.map(({ time }) => app.zone.dayOf(time)))]
  const asOf = app.zone.dayOf(nowMs)
  return JSON.stringify([
    await store.messages(app, undefined, 200, nowMs),
    (await store.counts(app, ids, nowMs)).map((counts) => Array.from(counts)),
    await Promise.all(ids.map((id) => store.stageHours(app, id, nowMs))),
    await store.statuses(app, { msgId: msgId(99), devices, asOf, nowMs }),
    await store.users(
      app,
      days.map((day) => ({ unit: 'DAY', day })),
    ),
  ])
}

it.each(ODD_ZONES)('nights in %s', { timeout: 600_000 }, async (zoneName) => {
  const random = randomOf(ODD_ZONES.indexOf(zoneName) + 1)
  const dir = makeTempDir()
  const embedded = await openEmbedded({ dir: dir.path, thread: false })
  const [memory, otherwise] = [openMemory(), openMemory()]
  onTestFinished(async () => {
    await embedded.close()
    dir.remove()
  })
  let nights = 0
  let events = 0
  for (const day of daysAsked(zoneName)) {
    for (const nowMs of nightsAfter(zoneName, random, day)) {
      nights += 1
      const app: App = { id: nights, zone: zoneOf(zoneName) }
      const all = eventsOf(random, app, nowMs)
      events += all.length
      const lawful = all.map((event) => isLawful(event, app, nowMs))
      const when = `${zoneName} at ${new Date(nowMs).toISOString()}`
      for (const store of [memory, otherwise, embedded]) {
        const order = random.shuffle(all)
        expect(await sendAll(store, app, all, order, nowMs), when).toEqual(lawful)
      }
      const visible = new Set(
        (await memory.messages(app, undefined, 200, nowMs)).map((message) => message.msgId),
      )
      const accepted = all.filter((event, i) => event.type === 'target' && lawful[i])
      expect(visible, when).toEqual(new Set(accepted.map((event) => msgId(event.msgId))))
      const expected = await answersOf(memory, app, all, nowMs)
      expect(await answersOf(otherwise, app, all, nowMs), when).toBe(expected)
      expect(await answersOf(embedded, app, all, nowMs), when).toBe(expected)
    }
  }
  tell({ nights, events })
})
