// GET /users: new, online and active devices per hour, day or month of the app's time zone. Faults
// are looked for in one fixed order: a missing parameter, time_unit, start, duration, range.
import { PLATFORMS } from '../ledger/channel.ts'
import {
  type Day,
  dayOfHour,
  formatDay,
  formatHour,
  formatMonth,
  hoursPerDay,
  lastDayOf,
  monthOf,
  parseDay,
  parseHour,
  parseMonth,
  type Zone,
} from '../ledger/day.ts'
import { Fault } from '../ledger/fault.ts'
import type { App, Slot, Store, Users, UsersByPlatform } from '../ledger/store.ts'
import type { Query } from './query.ts'

interface UsersQuestion {
  readonly unit: Slot['unit']
  /** As the caller wrote them; the answer echoes both. */
  readonly start: string
  readonly duration: number
  readonly slots: readonly Slot[]
}

interface Unit {
  readonly form: string
  readonly first: (start: string, zone: Zone) => Slot | undefined
  /** The slots from the first on, at most `duration` of them. */
  readonly run: (first: number, duration: number, zone: Zone) => readonly Slot[]
  /** More than this is too far; undefined where more is merely cut. */
  readonly durationMax: number | undefined
}

const daysAskable = 60
const durationMax = 2_147_483_647

const range = (from: number, length: number): readonly number[] =>
  Array.from({ length }, (_, i) => from + i)

const units: Readonly<Record<Slot['unit'], Unit>> = {
  HOUR: {
    form: 'yyyy-mm-dd hh',
    first: (start, zone) => {
      const hour = parseHour(start)
      return hour !== undefined && zone.hasHour(hour) ? { unit: 'HOUR', hour } : undefined
    },
    // Ends with the day of its start; an hour that the clock jumps over is none of them.
    run: (first, duration, zone) =>
      range(first, hoursPerDay - (first % hoursPerDay))
        .filter((hour) => zone.hasHour(hour))
        .slice(0, duration)
        .map((hour) => ({ unit: 'HOUR', hour })),
    durationMax: undefined,
  },
  DAY: {
    form: 'yyyy-mm-dd',
    first: (start) => {
      const day = parseDay(start)
      return day === undefined ? undefined : { unit: 'DAY', day }
    },
    run: (first, duration) => range(first, duration).map((day) => ({ unit: 'DAY', day })),
    durationMax: daysAskable,
  },
  MONTH: {
    form: 'yyyy-mm',
    first: (start) => {
      const month = parseMonth(start)
      return month === undefined ? undefined : { unit: 'MONTH', month }
    },
    run: (first, duration) => range(first, duration).map((month) => ({ unit: 'MONTH', month })),
    durationMax: 2,
  },
}

const parse = (query: Query, app: App, nowMs: number): UsersQuestion => {
  for (const name of ['time_unit', 'start', 'duration']) {
    if (firstOf(query, name) === '') throw new Fault('badParameter', `${name} is missing`)
  }
  const unit = unitOf(firstOf(query, 'time_unit'))
  const start = firstOf(query, 'start')
  const first = units[unit].first(start, app.zone)
  if (first === undefined) {
    const form = units[unit].form
    throw new Fault('timeUnitMismatch', `start must be a real moment written ${form} for ${unit}`)
  }
  const duration = durationOf(firstOf(query, 'duration'))
  const most = units[unit].durationMax
  if (most !== undefined && duration > most) {
    throw new Fault('tooFarBack', `duration may be at most ${most} for ${unit}`)
  }
  const firstDay = app.zone.dayOf(nowMs) - daysAskable
  if (lastDay(first) < firstDay) {
    throw new Fault('tooFarBack', `start must not lie before ${formatDay(firstDay)}`)
  }
  return { unit, start, duration, slots: units[unit].run(numberOf(first), duration, app.zone) }
}

const answer = async (
  store: Store,
  app: App,
  ask: UsersQuestion,
  nowMs: number,
): Promise<string> => {
  // The clocks of gateways may be ahead of ours, but a slot in the future has no data yet.
  const begun = ask.slots.filter((slot) => hasBegun(slot, app.zone, nowMs))
  const users = await store.users(app, begun)
  const items = ask.slots.map((slot, i) => ({ time: timeOf(slot), ...itemOf(users[i]) }))
  return JSON.stringify({ time_unit: ask.unit, start: ask.start, duration: ask.duration, items })
}

export const users: { readonly parse: typeof parse; readonly answer: typeof answer } = {
  parse,
  answer,
}

const firstOf = (query: Query, name: string): string => query.all(name)[0] ?? ''

const unitOf = (text: string): Slot['unit'] => {
  const unit = text.toUpperCase()
  if (unit === 'HOUR' || unit === 'DAY' || unit === 'MONTH') return unit
  throw new Fault('badParameter', 'time_unit must be HOUR, DAY or MONTH')
}

const durationOf = (text: string): number => {
  const duration = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : 0
  if (duration >= 1 && duration <= durationMax) return duration
  throw new Fault('badParameter', `duration must be an integer from 1 to ${durationMax}`)
}

const numberOf = (slot: Slot): number => {
  if (slot.unit === 'HOUR') return slot.hour
  return slot.unit === 'DAY' ? slot.day : slot.month
}

const lastDay = (slot: Slot): Day => {
  if (slot.unit === 'HOUR') return dayOfHour(slot.hour)
  return slot.unit === 'DAY' ? slot.day : lastDayOf(slot.month)
}

const hasBegun = (slot: Slot, zone: Zone, nowMs: number): boolean => {
  const today = zone.dayOf(nowMs)
  if (slot.unit === 'MONTH') return slot.month <= monthOf(today)
  if (slot.unit === 'DAY') return slot.day <= today
  return slot.hour <= zone.hourOf(nowMs)
}

const timeOf = (slot: Slot): string => {
  if (slot.unit === 'HOUR') return formatHour(slot.hour)
  return slot.unit === 'DAY' ? formatDay(slot.day) : formatMonth(slot.month)
}

const itemOf = (users: UsersByPlatform | undefined): Record<string, Partial<Users>> => {
  const item: Record<string, Partial<Users>> = {}
  if (users === undefined) return item
  for (const platform of PLATFORMS) {
    const { new: fresh, online, active } = users[platform]
    if (fresh + online + active === 0) continue
    item[platform] = {
      ...(fresh > 0 && { new: fresh }),
      ...(online > 0 && { online }),
      ...(active > 0 && { active }),
    }
  }
  return item
}
