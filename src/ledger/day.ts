// Days and hours as an app's people see them: in the app's own time zone. A day is the number of
// civil days since 1970-01-01, an hour is day × 24 + hour of the clock on the wall, a month is
// year × 12 + month. Only this file of the ledger knows of Date and Intl, and never of "now".

export type Day = number
export type Hour = number
export type Month = number

export const msPerDay = 86_400_000
export const hoursPerDay = 24
const msPerHour = 3_600_000
// Clocks change on a quarter of an hour of UTC, so one offset holds for each quarter. Where they changed a minute
// later (St John's and Goose Bay until 2011, Gaza and Hebron in 2011, Casey until 2022), the quarter keeps its first.
const msPerQuarter = 900_000
const cachedQuartersMax = 100_000

/** The last days that statuses tell apart; facts before them stand before them all. */
export const daysToldApart = 62

export interface Zone {
  /** As it was asked for. */
  readonly name: string
  /** The same for every name of one zone, where this machine says so. */
  readonly canonicalName: string
  /** The civil day in which an instant (epoch ms) lies. */
  dayOf(ms: number): Day
  /** The hour on the wall; an hour that the clock shows twice is one hour. */
  hourOf(ms: number): Hour
  /** False where the clock jumps over the whole hour. */
  hasHour(hour: Hour): boolean
}

/** A zone by its IANA name (`Asia/Shanghai`), or undefined where there is none of that name. */
export const openZone = (name: string): Zone | undefined => {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  } catch {
    return undefined
  }
  const offsets = new Map<number, number>()
  const offsetOf = (ms: number): number => {
    const quarter = Math.floor(ms / msPerQuarter)
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    if (offsets.size >= cachedQuartersMax) offsets.clear()
    const offset = wallTime(format, quarter * msPerQuarter) - quarter * msPerQuarter
    offsets.set(quarter, offset)
    return offset
  }
  const hourOf = (ms: number): Hour => Math.floor((ms + offsetOf(ms)) / msPerHour)
  return {
    name,
    canonicalName: format.resolvedOptions().timeZone,
    dayOf: (ms) => Math.floor((ms + offsetOf(ms)) / msPerDay),
    hourOf,
    hasHour: (hour) => {
      const wall = hour * msPerHour
      const nearby = [offsetOf(wall - msPerDay), offsetOf(wall + msPerDay)]
      const quarters = [0, 1, 2, 3]
      return nearby.some((offset) =>
        quarters.some((quarter) => hourOf(wall + quarter * msPerQuarter - offset) === hour),
      )
    },
  }
}

// Some kilobytes each.
const zonesMax = 1000

/** Opens each zone once, by its IANA name; throws where this machine does not know it. */
export const openZones = (): ((name: string) => Zone) => {
  const zones = new Map<string, Zone>()
  return (name) => {
    const known = zones.get(name)
    if (known !== undefined) return known
    const zone = openZone(name)
    if (zone === undefined) throw new Error(`this machine does not know the zone ${name}`)
    if (zones.size >= zonesMax) zones.clear()
    zones.set(name, zone)
    return zone
  }
}

const wallTime = (format: Intl.DateTimeFormat, ms: number): number => {
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(ms)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

export const firstHourOf = (day: Day): Hour => day * hoursPerDay

export const dayOfHour = (hour: Hour): Day => Math.floor(hour / hoursPerDay)

export const monthOf = (day: Day): Month => {
  const date = new Date(day * msPerDay)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

export const firstDayOf = (month: Month): Day =>
  Date.UTC(Math.floor(month / 12), month % 12, 1) / msPerDay

export const lastDayOf = (month: Month): Day => firstDayOf(month + 1) - 1

/** `yyyy-mm-dd` of a real day, else undefined. */
export const parseDay = (text: string): Day | undefined => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return undefined
  const month = parseMonth(`${match[1]}-${match[2]}`)
  if (month === undefined) return undefined
  const day = firstDayOf(month) + Number(match[3]) - 1
  return day >= firstDayOf(month) && day <= lastDayOf(month) ? day : undefined
}

/** `yyyy-mm`, from the year 100 on, else undefined. */
export const parseMonth = (text: string): Month | undefined => {
  const match = /^(\d{4})-(\d{2})$/.exec(text)
  if (match === null) return undefined
  const year = Number(match[1])
  const month = Number(match[2])
  return year >= 100 && month >= 1 && month <= 12 ? year * 12 + month - 1 : undefined
}

/** `yyyy-mm-dd hh` with an hour of 00 … 23, else undefined. */
export const parseHour = (text: string): Hour | undefined => {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2})$/.exec(text)
  if (match === null) return undefined
  const day = parseDay(match[1] ?? '')
  const hour = Number(match[2])
  return day !== undefined && hour <= 23 ? firstHourOf(day) + hour : undefined
}

export const formatDay = (day: Day): string =>
  new Date(day * msPerDay).toISOString().split('T', 1)[0] as string

export const formatMonth = (month: Month): string => formatDay(firstDayOf(month)).slice(0, -3)

export const formatHour = (hour: Hour): string =>
  `${formatDay(dayOfHour(hour))} ${String(hour % hoursPerDay).padStart(2, '0')}`
