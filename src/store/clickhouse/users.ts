// Users of slots: who came, a row a day with a bit for each hour, and who registered first in them.
import { PLATFORMS, type Platform } from '../../ledger/channel.ts'
import {
  type Day,
  dayOfHour,
  firstDayOf,
  firstHourOf,
  type Hour,
  hoursPerDay,
  lastDayOf,
} from '../../ledger/day.ts'
import type { Reader, Slot, Users, UsersByPlatform } from '../../ledger/store.ts'
import type { Connection } from './connection.ts'
import { ABOUT } from './table.ts'

const everyHour = 2 ** hoursPerDay - 1

interface Span {
  readonly from: Day
  readonly to: Day
  /** The hours of its day or days, a bit each. */
  readonly hours: number
  readonly firstHour: Hour
  readonly lastHour: Hour
}

const spanOf = (slot: Slot): Span => {
  if (slot.unit === 'HOUR') {
    const { hour } = slot
    const day = dayOfHour(hour)
    const hours = 2 ** (hour - firstHourOf(day))
    return { from: day, to: day, hours, firstHour: hour, lastHour: hour }
  }
  const [from, to] =
    slot.unit === 'DAY' ? [slot.day, slot.day] : [firstDayOf(slot.month), lastDayOf(slot.month)]
  const lastHour = firstHourOf(to + 1) - 1
  return { from, to, hours: everyHour, firstHour: firstHourOf(from), lastHour }
}

interface UserRow {
  readonly slot: number
  readonly metric: number
  readonly platform: number
  readonly devices: string
}
const newcomers = 2

const question = `SELECT span.1 AS slot, about AS metric, platform, uniqExact(device) AS devices
  FROM visits ARRAY JOIN {spans:Array(Tuple(UInt16, Int32, Int32, UInt32))} AS span
  WHERE app = {app:UInt32} AND day BETWEEN {from:Int32} AND {to:Int32}
    AND day BETWEEN span.2 AND span.3 AND bitAnd(hours, span.4) != 0
  GROUP BY slot, metric, platform
UNION ALL SELECT span.1 AS slot, toUInt8(${newcomers}) AS metric, toUInt8(earliest % 8) AS platform,
  count() AS devices FROM (
    SELECT min(first) AS earliest, min(hour) AS at FROM registrations WHERE app = {app:UInt32}
    GROUP BY device
  ) ARRAY JOIN {hours:Array(Tuple(UInt16, Int32, Int32))} AS span
  WHERE at BETWEEN span.2 AND span.3
  GROUP BY slot, metric, platform`

export const openUsers = (connection: Connection): Pick<Reader, 'users'> => ({
  users: async (app, slots) => {
    if (slots.length === 0) return []
    const spans = slots.map(spanOf)
    const listed = (of: (span: Span) => readonly number[]) =>
      `[${spans.map((span, i) => `(${[i, ...of(span)].join()})`).join()}]`
    const rows = await connection.ask<UserRow>(question, {
      app: app.id,
      spans: listed(({ from, to, hours }) => [from, to, hours]),
      hours: listed(({ firstHour, lastHour }) => [firstHour, lastHour]),
      from: Math.min(...spans.map(({ from }) => from)),
      to: Math.max(...spans.map(({ to }) => to)),
    })
    const answers = slots.map(() => noUsers())
    for (const { slot, metric, platform, devices } of rows) {
      const users = answers[slot]?.[PLATFORMS[platform] ?? 'android']
      if (users !== undefined) users[metrics[metric] ?? 'new'] = Number(devices)
    }
    return answers as readonly UsersByPlatform[]
  },
})

const metrics: Readonly<Record<number, keyof Users>> = {
  [ABOUT.online]: 'online',
  [ABOUT.active]: 'active',
  [newcomers]: 'new',
}

const noUsers = (): Record<Platform, { -readonly [metric in keyof Users]: number }> =>
  Object.fromEntries(
    PLATFORMS.map((platform) => [platform, { new: 0, online: 0, active: 0 }]),
  ) as ReturnType<typeof noUsers>
