// The memory engine: plain Maps and Sets, nothing kept once it is closed. It is the oracle that every
// other engine is compared with, so it is naive on purpose: a count is the size of a union built when
// it is asked for first, and users are found by looking at everything.
import { PLATFORMS, type Platform } from '../../ledger/channel.ts'
import { type Day, dayOfHour, type Hour, monthOf, type Zone } from '../../ledger/day.ts'
import {
  type DeviceEvent,
  type DeviceEventType,
  deviceAt,
  factsIn,
  type MessageEvent,
  type Told,
} from '../../ledger/event-batch.ts'
import { Fault } from '../../ledger/fault.ts'
import type { MsgId, RegistrationId } from '../../ledger/ids.ts'
import {
  emptyFeedHour,
  type Feed,
  type FeedHour,
  feedDaysKept,
  type RefusedLine,
  tellsAnything,
  withBody,
  withRefused,
} from '../../ledger/ingest-history.ts'
import { STATUS } from '../../ledger/status.ts'
import {
  type App,
  defaultStoreSettings,
  type Slot,
  type Store,
  type StoreSettings,
  type Users,
  type UsersByPlatform,
  userDaysKept,
} from '../../ledger/store.ts'
import {
  countsOf,
  factsOf,
  type Message,
  messagesBehind,
  recentOf,
  stageHoursOf,
  statusIn,
  totalsOf,
} from './message.ts'

interface Registration {
  readonly platform: Platform
  readonly atMs: number
  readonly hour: Hour
}

interface AppLedger {
  readonly members: Set<RegistrationId>
  readonly registrations: Map<RegistrationId, Registration>
  readonly messages: Map<MsgId, Message>
  /** Those that were forgotten, which their days still count. */
  readonly forgotten: Message[]
  /** Per hour, the devices of each `type platform`. */
  readonly hours: Map<Hour, Map<string, Set<RegistrationId>>>
  readonly feed: Map<Hour, FeedHour>
  refusedLines: readonly RefusedLine[]
}

const emptyLedger = (): AppLedger => ({
  members: new Set(),
  registrations: new Map(),
  messages: new Map(),
  forgotten: [],
  hours: new Map(),
  feed: new Map(),
  refusedLines: [],
})

/** An engine of its own, empty. */
export const openMemory = (settings: StoreSettings = defaultStoreSettings): Store => {
  const ledgers = new Map<number, AppLedger>()
  const removed = new Set<number>()
  let closed = false

  const ledgerOf = (app: App): AppLedger => {
    if (closed) throw new Fault('unavailable')
    return ledgers.get(app.id) ?? emptyLedger()
  }
  const isGone = (message: Message, today: Day): boolean =>
    today > message.latestDay + settings.keepDays
  const findMessage = (app: App, msgId: MsgId, nowMs: number): Message | undefined => {
    const message = ledgerOf(app).messages.get(msgId)
    return message === undefined || isGone(message, app.zone.dayOf(nowMs)) ? undefined : message
  }

  return {
    append: async (app, told, nowMs, keptMs = nowMs) => {
      const ledger = ledgerOf(app)
      if (removed.has(app.id)) throw new Fault('unauthorized')
      ledgers.set(app.id, ledger)
      // What is gone goes before the body, not between its lines: a body is told at one moment.
      forgetGone(ledger, told, (message) => isGone(message, app.zone.dayOf(keptMs)))
      const repeated = factsIn(told) - keep(ledger, app.zone, told)
      keepFeed(ledger, told, repeated, app.zone.hourOf(nowMs))
      return { repeated }
    },
    counts: async (app, msgIds, nowMs) =>
      msgIds.map((msgId) => countsOf(findMessage(app, msgId, nowMs))),
    statuses: async (app, ask) => {
      const { members } = ledgerOf(app)
      const message = findMessage(app, ask.msgId, ask.nowMs)
      return ask.devices.map((device) =>
        members.has(device) ? statusIn(message, device, app, ask) : STATUS.notOfThisApp,
      )
    },
    users: async (app, slots) => {
      const { registrations, hours } = ledgerOf(app)
      const registered = byHour([...registrations.values()])
      return slots.map((slot) => usersIn(registered, hours, slot))
    },
    messages: async (app, after, limit, nowMs) => {
      const { messages } = ledgerOf(app)
      const today = app.zone.dayOf(nowMs)
      const held = [...messages].filter(([, message]) => !isGone(message, today))
      return messagesBehind(held, after).slice(0, limit)
    },
    facts: async (app, ask, nowMs) =>
      factsOf([...ledgerOf(app).members], findMessage(app, ask.msgId, nowMs), ask),
    recent: async (app, ask, nowMs) => {
      const today = app.zone.dayOf(nowMs)
      const held = [...ledgerOf(app).messages].filter(([, message]) => !isGone(message, today))
      return recentOf(held, ask)
    },
    stageHours: async (app, msgId, nowMs) => stageHoursOf(findMessage(app, msgId, nowMs)),
    totals: async (app, days) => {
      const { messages, forgotten } = ledgerOf(app)
      return days.map((day) => totalsOf([...messages.values(), ...forgotten], day))
    },
    feed: async (app, from, to, nowMs) => feedOf(ledgerOf(app), app.zone.dayOf(nowMs), from, to),
    removeApp: async (appId) => {
      if (closed) throw new Fault('unavailable')
      removed.add(appId)
      ledgers.delete(appId)
    },
    sweep: async (app, nowMs) => {
      const ledger = ledgerOf(app)
      const { messages, hours, feed } = ledger
      const today = app.zone.dayOf(nowMs)
      const gone = [...messages].filter(([, message]) => isGone(message, today))
      for (const [msgId, message] of gone) forget(ledger, msgId, message)
      for (const hour of [...feed.keys()]) if (isForgotten(hour, today)) feed.delete(hour)
      for (const hour of [...hours.keys()]) {
        if (dayOfHour(hour) < today - userDaysKept) hours.delete(hour)
      }
      return { messages: gone.length }
    },
    close: async () => {
      closed = true
      ledgers.clear()
    },
  }
}

const forgetGone = (ledger: AppLedger, told: Told, isGone: (message: Message) => boolean): void => {
  for (const event of told.events) {
    if (event.about !== 'message') continue
    const message = ledger.messages.get(event.msgId)
    if (message !== undefined && isGone(message)) forget(ledger, event.msgId, message)
  }
}

const forget = ({ messages, forgotten }: AppLedger, msgId: MsgId, message: Message): void => {
  messages.delete(msgId)
  forgotten.push(message)
}

const keepFeed = (ledger: AppLedger, told: Told, repeated: number, hour: Hour): void => {
  const { refusals } = told
  const body = { accepted: factsIn(told), repeated, refusals }
  if (!tellsAnything(body)) return
  ledger.feed.set(hour, withBody(ledger.feed.get(hour) ?? emptyFeedHour(hour), body))
  ledger.refusedLines = withRefused(ledger.refusedLines, refusals?.lines ?? [])
}

const isForgotten = (hour: Hour, today: Day): boolean => dayOfHour(hour) < today - feedDaysKept

const feedOf = ({ feed, refusedLines }: AppLedger, today: Day, from: Hour, to: Hour): Feed => ({
  hours: [...feed.values()]
    .filter(({ hour }) => hour >= from && hour <= to && !isForgotten(hour, today))
    .sort((a, b) => a.hour - b.hour),
  refusedLines,
})

/** Keeps every fact of a body; how many of them were not held before. */
const keep = (ledger: AppLedger, zone: Zone, told: Told): number => {
  let fresh = 0
  told.eventOf.forEach((number, i) => {
    const event = told.events[number]
    if (event === undefined) throw new Error(`no event ${number} is told`)
    const device = deviceAt(told.devices, i)
    ledger.members.add(device)
    if (keepFact(ledger, zone, event, device)) fresh++
  })
  return fresh
}

/** Keeps one fact; false when it was held already. */
const keepFact = (
  ledger: AppLedger,
  zone: Zone,
  event: MessageEvent | DeviceEvent,
  device: RegistrationId,
): boolean => {
  const hour = zone.hourOf(event.atMs)
  if (event.about === 'message') return keepMessageFact(ledger, event, hour, device)
  if (event.about === 'register') return keepRegistration(ledger, { ...event, hour }, device)
  const sets = ledger.hours.get(hour) ?? new Map<string, Set<RegistrationId>>()
  ledger.hours.set(hour, sets)
  return addTo(sets, `${event.about} ${event.platform}`, device)
}

const keepMessageFact = (
  { messages }: AppLedger,
  { msgId, cell }: MessageEvent,
  hour: Hour,
  device: RegistrationId,
): boolean => {
  const day = dayOfHour(hour)
  const fresh = { latestDay: day, firstHour: hour, facts: new Map(), counts: undefined }
  const message: Message = messages.get(msgId) ?? fresh
  messages.set(msgId, message)
  message.latestDay = Math.max(message.latestDay, day)
  message.firstHour = Math.min(message.firstHour, hour)
  const hours = message.facts.get(cell) ?? new Map<RegistrationId, Hour>()
  message.facts.set(cell, hours)
  const held = hours.get(device)
  hours.set(device, held === undefined ? hour : Math.min(held, hour))
  if (held === undefined) message.counts = undefined
  return held === undefined
}

const keepRegistration = (
  { registrations }: AppLedger,
  told: Registration,
  device: RegistrationId,
): boolean => {
  const held = registrations.get(device)
  if (held === undefined || isBefore(told, held)) registrations.set(device, told)
  return held === undefined
}

const isBefore = (a: Registration, b: Registration): boolean =>
  a.atMs === b.atMs
    ? PLATFORMS.indexOf(a.platform) < PLATFORMS.indexOf(b.platform)
    : a.atMs < b.atMs

const addTo = (
  sets: Map<string, Set<RegistrationId>>,
  name: string,
  device: RegistrationId,
): boolean => {
  const set = sets.get(name) ?? new Set<RegistrationId>()
  sets.set(name, set)
  if (set.has(device)) return false
  set.add(device)
  return true
}

const isIn = (slot: Slot, hour: Hour): boolean => {
  if (slot.unit === 'HOUR') return hour === slot.hour
  if (slot.unit === 'DAY') return dayOfHour(hour) === slot.day
  return monthOf(dayOfHour(hour)) === slot.month
}

const byHour = (registrations: readonly Registration[]): ReadonlyMap<Hour, Registration[]> => {
  const hours = new Map<Hour, Registration[]>()
  for (const registration of registrations) {
    const ofHour = hours.get(registration.hour) ?? []
    hours.set(registration.hour, ofHour)
    ofHour.push(registration)
  }
  return hours
}

/** What stands under the hours of a slot. */
const inSlot = <T>(hours: ReadonlyMap<Hour, T>, slot: Slot): readonly T[] =>
  [...hours].filter(([hour]) => isIn(slot, hour)).map(([, held]) => held)

const usersIn = (
  registrations: ReadonlyMap<Hour, readonly Registration[]>,
  hours: AppLedger['hours'],
  slot: Slot,
): UsersByPlatform => {
  const registered = inSlot(registrations, slot).flat()
  const told = inSlot(hours, slot)
  const distinct = (type: DeviceEventType, platform: Platform): number => {
    const sets = told.flatMap((ofHour) => ofHour.get(`${type} ${platform}`) ?? [])
    if (sets.length === 1) return sets[0]?.size ?? 0
    const union = new Set<RegistrationId>()
    for (const set of sets) for (const device of set) union.add(device)
    return union.size
  }
  const entries = PLATFORMS.map((platform): [Platform, Users] => [
    platform,
    {
      new: registered.filter((registration) => registration.platform === platform).length,
      online: distinct('online', platform),
      active: distinct('active', platform),
    },
  ])
  return Object.fromEntries(entries) as Record<Platform, Users>
}
