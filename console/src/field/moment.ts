// Days `yyyy-mm-dd` and hours `yyyy-mm-dd hh` of an app's time zone, as text and as numbers on the axis
// of a plot. The numbers are seconds since 1970 as if the wall clock were UTC, so that no zone of the
// browser moves them.

const msPerSecond = 1_000
const msPerHour = 3_600_000
const secondsPerDay = 86_400

export const secondsOf = (moment: string): number => {
  const [day = '', hour = '00'] = moment.split(' ')
  return Date.parse(`${day}T${hour}:00:00Z`) / msPerSecond
}

const isoOf = (seconds: number): string => new Date(seconds * msPerSecond).toISOString()

export const dayOf = (seconds: number): string => isoOf(seconds).slice(0, 10)

export const hourOf = (seconds: number): string => isoOf(seconds).slice(0, 13).replace('T', ' ')

export const dayBefore = (day: string, days: number): string =>
  dayOf(secondsOf(day) - days * secondsPerDay)

/** What the wall clock of a zone shows, as `yyyy-mm-dd hh`. */
export const hourIn = (timeZone: string, nowMs: number): string => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  })
  const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]))
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')} ${parts.get('hour')}`
}

/** Every hour from one to another, both included; at most `most`, the latest. */
export const hoursFrom = (first: string, last: string, most: number): readonly string[] => {
  const end = secondsOf(last)
  const step = msPerHour / msPerSecond
  const begin = Math.max(secondsOf(first), end - (most - 1) * step)
  const length = Math.max(0, Math.round((end - begin) / step) + 1)
  return Array.from({ length }, (_, i) => hourOf(begin + i * step))
}
