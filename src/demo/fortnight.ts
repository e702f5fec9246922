// The hours of the demo: fourteen days of an app's time zone, today included, up to now; with how
// many of the people who are about on a day have the phone connected, and the app open, in each.
import { firstHourOf, openZone } from '../ledger/day.ts'

export interface FortnightHour {
  /** Its place in the fortnight, from 0. */
  readonly number: number
  readonly atMs: number
  /** Shorter in the hour that is not over. */
  readonly lengthMs: number
  /** 0 … 13. */
  readonly day: number
  /** On the wall, 0 … 23. */
  readonly clock: number
  /** The share of the day's people who have the phone connected, and who have the app open. */
  readonly online: number
  readonly active: number
}

const days = 14
export const msPerHour = 3_600_000
const msPerQuarter = 900_000

// In percent, from midnight on: commuters and lunch on weekdays, late mornings at the weekend.
const weekday = [
  3, 1.5, 1, 0.7, 0.7, 1.5, 4, 8, 11, 10, 9, 10, 13, 11, 8, 8, 9, 10, 12, 14, 17, 18, 14, 8,
]
const weekend = [
  5, 3, 2, 1, 1, 1, 2, 4, 7, 10, 12, 13, 14, 13, 12, 12, 12, 12, 13, 15, 18, 19, 16, 10,
]
const activeAt = (day: number, clock: number): number => {
  const isWeekend = [0, 6].includes((day + 4) % 7)
  return ((isWeekend ? weekend : weekday)[clock] ?? 0) / 100
}

/** In order of time; the last one is the hour of now. */
export const fortnightOf = (nowMs: number, timeZone: string): readonly FortnightHour[] => {
  const zone = openZone(timeZone)
  if (zone === undefined) throw new Error(`there is no time zone ${timeZone}`)
  const firstDay = zone.dayOf(nowMs) - days + 1
  let lastMs = Math.floor(nowMs / msPerQuarter) * msPerQuarter
  while (zone.hourOf(lastMs - msPerQuarter) === zone.hourOf(nowMs)) lastMs -= msPerQuarter
  const starts: number[] = []
  for (let at = lastMs; zone.dayOf(at) >= firstDay; at -= msPerHour) starts.unshift(at)
  return starts.map((atMs, number) => {
    const day = zone.dayOf(atMs)
    const clock = zone.hourOf(atMs) - firstHourOf(day)
    const active = activeAt(day, clock)
    const lengthMs = Math.min(msPerHour, nowMs - atMs)
    return {
      number,
      atMs,
      lengthMs,
      day: day - firstDay,
      clock,
      online: 0.14 + 1.7 * active,
      active,
    }
  })
}
