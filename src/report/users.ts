// GET /users: new, online and active devices per hour, day or month of the app's time zone. Faults
// are looked for in one fixed order: a missing parameter, time_unit, start, duration, range.
import { PLATFORMS, type Platform } from '../ledger/channel.ts'
import {
  type Day,
  dayOfHour,
  firstDayOf,
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
import type { App, Reader, Slot, Users, UsersByPlatform } from '../ledger/store.ts'
import { oneOf, type Query } from './query.ts'

export interface UsersQuestion {
  readonly unit: Slot['unit']
  /** As the caller wrote them; the answer echoes both. */
  readonly start: string
  readonly duration: number
  readonly zone: Zone
  readonly slots: readonly Slot[]
}

interface Unit {
  readonly form: string
  readonly first: (start: string, zone: Zone) => Slot | undefined
  /** The slots from the first on, at most `duration` of them. */
  readonly run: (first: number, duration: number, zone: Zone) => readonly Slot[]
}

/** How far a report reaches. */
export interface UsersLimits {
  /** How many days before today the last day of the first slot may lie. */
  readonly daysBack: number
  /** The most slots of each unit; undefined where more is merely cut. */
  readonly durationMax: Readonly<Record<Slot['unit'], number | undefined>>
}

export const USERS_LIMITS: UsersLimits = {
  daysBack: 60,
  // Hours end with their day.
  durationMax: { HOUR: undefined, DAY: 60, MONTH: 2 },
}
export const durationMax = 2_147_483_647

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
  },
  DAY: {
    form: 'yyyy-mm-dd',
    first: (start) => {
      const day = parseDay(start)
      return day === undefined ? undefined : { unit: 'DAY', day }
    },
    run: (first, duration) => range(first, duration).map((day) => ({ unit: 'DAY', day })),
  },
  MONTH: {
    form: 'yyyy-mm',
    first: (start) => {
      const month = parseMonth(start)
      return month === undefined ? undefined : { unit: 'MONTH', month }
    },
    run: (first, duration) => range(first, duration).map((month) => ({ unit: 'MONTH', month })),
  },
}

export interface UsersReport {
  parse(query: Query, zone: Zone, nowMs: number): UsersQuestion
  /** Of several apps of one zone, their users together: those of two apps are different devices. */
  answer(
    store: Pick<Reader, 'users'>,
    apps: readonly App[],
    ask: UsersQuestion,
    nowMs: number,
  ): Promise<string>
}

export const openUsers = ({ daysBack, durationMax: most }: UsersLimits): UsersReport => ({
  parse: (query, zone, nowMs) => {
    for (const name of ['time_unit', 'start', 'duration']) {
      if (oneOf(query, name) === '') throw new Fault('badParameter', `${name} is missing`)
    }
    const unit = unitOf(oneOf(query, 'time_unit'))
    const start = oneOf(query, 'start')
    const first = units[unit].first(start, zone)
    if (first === undefined) {
      const form = units[unit].form
      throw new Fault('timeUnitMismatch', `start must be a real moment written ${form} for ${unit}`)
    }
    const duration = durationOf(oneOf(query, 'duration'))
    const longest = most[unit]
    if (longest !== undefined && duration > longest) {
      throw new Fault('tooFarBack', `duration may be at most ${longest} for ${unit}`)
    }
    const firstDay = zone.dayOf(nowMs) - daysBack
    if (lastDay(first) < firstDay) {
      throw new Fault('tooFarBack', `start must not lie before ${formatDay(firstDay)}`)
    }
    const slots = units[unit].run(numberOf(first), duration, zone)
    return { unit, start, duration, zone, slots }
  },
  answer: async (store, apps, ask, nowMs) => {
    const items = await usersItems(store, apps, ask.slots, ask.zone, nowMs)
    return JSON.stringify({ time_unit: ask.unit, start: ask.start, duration: ask.duration, items })
  },
})

export const users: UsersReport = openUsers(USERS_LIMITS)

export type UsersItem = { readonly time: string } & Readonly<
  Partial<Record<Platform, Partial<Users>>>
>

/** An item a slot. Of several apps, their users together. */
export const usersItems = async (
  store: Pick<Reader, 'users'>,
  apps: readonly App[],
  slots: readonly Slot[],
  zone: Zone,
  nowMs: number,
): Promise<readonly UsersItem[]> => {
  // The clocks of gateways may be ahead of ours, but a slot in the future has no data yet.
  const begun = slots.filter((slot) => hasBegun(slot, zone, nowMs))
  const users = await Promise.all(apps.map((app) => store.users(app, begun)))
  return slots.map((slot, i) => {
    return { time: timeOf(slot), ...itemOf(users.flatMap((ofApp) => ofApp[i] ?? [])) }
  })
}

/** All months that can be asked of, and their days, up to today. */
export const keptSlots = (unit: 'DAY' | 'MONTH', today: Day): readonly Slot[] => {
  const first = monthOf(today - USERS_LIMITS.daysBack)
  if (unit === 'MONTH') {
    return range(first, monthOf(today) - first + 1).map((month) => ({ unit, month }))
  }
  const day = firstDayOf(first)
  return range(day, today - day + 1).map((each) => ({ unit, day: each }))
}

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

const itemOf = (
  usersOfApps: readonly UsersByPlatform[],
): Partial<Record<Platform, Partial<Users>>> => {
  const item: Partial<Record<Platform, Partial<Users>>> = {}
  for (const platform of PLATFORMS) {
    const sum = { new: 0, online: 0, active: 0 }
    for (const { [platform]: ofApp } of usersOfApps) {
      sum.new += ofApp.new
      sum.online += ofApp.online
      sum.active += ofApp.active
    }
    if (sum.new + sum.online + sum.active === 0) continue
    item[platform] = {
      ...(sum.new > 0 && { new: sum.new }),
      ...(sum.online > 0 && { online: sum.online }),
      ...(sum.active > 0 && { active: sum.active }),
    }
  }
  return item
}
