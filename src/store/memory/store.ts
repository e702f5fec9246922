// The memory engine: plain Maps and Sets, nothing kept once it is closed. It is the oracle that every
// other engine is compared with, so it is naive on purpose: a count is the size of a union built when
// it is asked for, and users are found by looking at everything.
import { type Cell, PLATFORMS, type Platform } from '../../ledger/channel.ts'
import { type Counts, SELECTIONS, type Selection } from '../../ledger/counts.ts'
import { type Day, type Hour, monthOf, type Zone } from '../../ledger/day.ts'
import {
  type DeviceEvent,
  type DeviceEventType,
  deviceAt,
  factsIn,
  type MessageEvent,
  type Told,
} from '../../ledger/fact.ts'
import { Fault } from '../../ledger/fault.ts'
import type { MsgId, RegistrationId } from '../../ledger/ids.ts'
import { STATUS, type Status, statusOf } from '../../ledger/status.ts'
import {
  type App,
  defaultStoreSettings,
  type FactsAsk,
  type FactsPage,
  type HeldFact,
  type HeldMessage,
  type Slot,
  type StatusAsk,
  type Store,
  type StoreSettings,
  type Users,
  type UsersByPlatform,
  userDaysKept,
} from '../../ledger/store.ts'

interface Message {
  latestDay: Day
  /** Per cell, each device with the earliest day told of. */
  readonly facts: Map<Cell, Map<RegistrationId, Day>>
}

interface Registration {
  readonly platform: Platform
  readonly atMs: number
}

interface AppLedger {
  readonly members: Set<RegistrationId>
  readonly registrations: Map<RegistrationId, Registration>
  readonly messages: Map<MsgId, Message>
  /** Per hour, the devices of each `type platform`. */
  readonly hours: Map<Hour, Map<string, Set<RegistrationId>>>
}

const emptyLedger = (): AppLedger => ({
  members: new Set(),
  registrations: new Map(),
  messages: new Map(),
  hours: new Map(),
})

const dayOfHour = (hour: Hour): Day => Math.floor(hour / 24)

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
    append: async (app, told, nowMs) => {
      const ledger = ledgerOf(app)
      if (removed.has(app.id)) throw new Fault('unauthorized')
      ledgers.set(app.id, ledger)
      // What is gone goes before the body, not between its lines: a body is told at one moment.
      forgetGone(ledger, told, (message) => isGone(message, app.zone.dayOf(nowMs)))
      return { repeated: factsIn(told) - keep(ledger, app.zone, told) }
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
      const ledger = ledgerOf(app)
      return slots.map((slot) => usersIn(ledger, app.zone, slot))
    },
    messages: async (app, after, limit, nowMs) => {
      const { messages } = ledgerOf(app)
      const today = app.zone.dayOf(nowMs)
      const held = [...messages].filter(([, message]) => !isGone(message, today))
      return messagesBehind(held, after).slice(0, limit)
    },
    facts: async (app, ask, nowMs) =>
      factsOf([...ledgerOf(app).members], findMessage(app, ask.msgId, nowMs), ask),
    removeApp: async (appId) => {
      if (closed) throw new Fault('unavailable')
      removed.add(appId)
      ledgers.delete(appId)
    },
    sweep: async (app, nowMs) => {
      const { messages, hours } = ledgerOf(app)
      const today = app.zone.dayOf(nowMs)
      const gone = [...messages].filter(([, message]) => isGone(message, today))
      for (const [msgId] of gone) messages.delete(msgId)
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
    if (message !== undefined && isGone(message)) ledger.messages.delete(event.msgId)
  }
}

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
  if (event.about === 'message') {
    return keepMessageFact(ledger, event, zone.dayOf(event.atMs), device)
  }
  if (event.about === 'register') return keepRegistration(ledger, event, device)
  const hour = zone.hourOf(event.atMs)
  const sets = ledger.hours.get(hour) ?? new Map<string, Set<RegistrationId>>()
  ledger.hours.set(hour, sets)
  return addTo(sets, `${event.about} ${event.platform}`, device)
}

const keepMessageFact = (
  { messages }: AppLedger,
  { msgId, cell }: MessageEvent,
  day: Day,
  device: RegistrationId,
): boolean => {
  const message: Message = messages.get(msgId) ?? { latestDay: day, facts: new Map() }
  messages.set(msgId, message)
  message.latestDay = Math.max(message.latestDay, day)
  const days = message.facts.get(cell) ?? new Map<RegistrationId, Day>()
  message.facts.set(cell, days)
  const held = days.get(device)
  days.set(device, held === undefined ? day : Math.min(held, day))
  return held === undefined
}

const keepRegistration = (
  { registrations }: AppLedger,
  { platform, atMs }: DeviceEvent,
  device: RegistrationId,
): boolean => {
  const held = registrations.get(device)
  if (held === undefined || isBefore({ platform, atMs }, held)) {
    registrations.set(device, { platform, atMs })
  }
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

const countsOf = (message: Message | undefined): Counts =>
  message === undefined ? [] : SELECTIONS.map((selection) => sizeOf(message, selection))

const sizeOf = (message: Message, selection: Selection): number => {
  const union = new Set<RegistrationId>()
  for (const cell of selection) {
    for (const device of message.facts.get(cell)?.keys() ?? []) union.add(device)
  }
  return union.size
}

const statusIn = (
  message: Message | undefined,
  device: RegistrationId,
  app: App,
  ask: StatusAsk,
): Status => {
  const facts = [...(message?.facts ?? [])].flatMap(([cell, days]) => {
    const day = days.get(device)
    return day === undefined ? [] : [{ cell, day }]
  })
  return statusOf(facts, ask.asOf, app.zone.dayOf(ask.nowMs))
}

const messagesBehind = (
  held: readonly (readonly [MsgId, Message])[],
  after: MsgId | undefined,
): readonly HeldMessage[] =>
  held
    .map(([msgId, { latestDay }]) => ({ msgId, latestDay }))
    .filter(({ msgId }) => after === undefined || BigInt(msgId) > BigInt(after))
    .sort((a, b) => (BigInt(a.msgId) < BigInt(b.msgId) ? -1 : 1))

/** Devices in the order in which the app saw them first. */
const factsOf = (
  members: readonly RegistrationId[],
  message: Message | undefined,
  { from, limit }: FactsAsk,
): FactsPage => {
  const facts: HeldFact[] = []
  let devices = 0
  for (let place = from; place < members.length; place++) {
    if (devices === limit) return { facts, next: place, end: members.length }
    const device = members[place] as RegistrationId
    const own = [...(message?.facts ?? [])].flatMap(([cell, days]) => {
      const day = days.get(device)
      return day === undefined ? [] : [{ device, cell, day }]
    })
    if (own.length > 0) devices++
    facts.push(...own.sort((a, b) => a.day - b.day || a.cell - b.cell))
  }
  return { facts, next: undefined, end: members.length }
}

const isIn = (slot: Slot, hour: Hour): boolean => {
  if (slot.unit === 'HOUR') return hour === slot.hour
  if (slot.unit === 'DAY') return dayOfHour(hour) === slot.day
  return monthOf(dayOfHour(hour)) === slot.month
}

const usersIn = (ledger: AppLedger, zone: Zone, slot: Slot): UsersByPlatform => {
  const registered = [...ledger.registrations.values()].filter(({ atMs }) =>
    isIn(slot, zone.hourOf(atMs)),
  )
  const hours = [...ledger.hours].filter(([hour]) => isIn(slot, hour)).map(([, sets]) => sets)
  const distinct = (type: DeviceEventType, platform: Platform): number => {
    const union = new Set<RegistrationId>()
    for (const sets of hours) {
      for (const device of sets.get(`${type} ${platform}`) ?? []) union.add(device)
    }
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
