// The pushes of the demo: a broadcast a day, a flash sale, segments, silent messages, and hundreds a
// day that go to one device each.
import type { Kind } from '../ledger/channel.ts'
import type { Chance } from './chance.ts'
import type { DemoDevice } from './device.ts'
import type { FortnightHour } from './fortnight.ts'

export interface DemoPush {
  readonly number: number
  /** 17 or 18 digits. */
  readonly msgId: string
  /** "Broadcast: Spring sale". */
  readonly name: string
  readonly kinds: readonly Kind[]
  readonly atMs: number
  readonly hour: FortnightHour
  /** The share of all devices that it goes to, or the one device. */
  readonly to: number | DemoDevice
}

interface Campaign {
  readonly name: string
  readonly days: readonly number[]
  readonly clock: number
  readonly share: number
  readonly kinds: readonly Kind[]
}

const note: readonly Kind[] = ['notification']
const both: readonly Kind[] = ['notification', 'message']

const themes = `Spring sale|New arrivals|Tea week|Free delivery today|Back in stock|Midweek deals
  Weekend picks|Members' day|Summer preview|Double points|Kitchen week|Last chance|Best sellers
  Fresh fruit`
const broadcasts = themes.split(/[|\n]/).map(
  (theme, day): Campaign => ({
    name: `Broadcast: ${theme.trim()}`,
    days: [day],
    clock: 10,
    share: 1,
    kinds: note,
  }),
)

const campaigns: readonly Campaign[] = [
  ...broadcasts,
  { name: 'Flash sale: two hours only', days: [9], clock: 20, share: 1, kinds: both },
  { name: 'Segment: your basket waits', days: [1, 4, 8, 11], clock: 18, share: 0.15, kinds: note },
  { name: 'Segment: price drop', days: [2, 6, 10, 12], clock: 12, share: 0.2, kinds: both },
  { name: 'Message: refresh catalogue', days: [3, 10], clock: 4, share: 1, kinds: ['message'] },
]

/** To one device each: how many a day for each device there is. */
const singles: readonly { name: string; aDay: number; kinds: readonly Kind[] }[] = [
  { name: 'Chat: a friend wrote', aDay: 0.016, kinds: note },
  { name: 'Order: on its way', aDay: 0.008, kinds: both },
]
/** An hour's share of the day, where `active` is that of the hour. */
const activeADay = 2

type Planned = Omit<DemoPush, 'number' | 'msgId'>

/** In order of time. */
export const pushesOf = (
  devices: readonly DemoDevice[],
  hours: readonly FortnightHour[],
  chance: Chance,
): readonly DemoPush[] => {
  const planned = hours.flatMap((hour) => [
    ...campaignsIn(hour),
    ...singles.flatMap((_, kind) => singlesIn(hour, kind, devices, chance)),
  ])
  return planned
    .sort((a, b) => a.atMs - b.atMs)
    .map((push, number) => ({ ...push, number, msgId: msgIdOf(push.atMs, number) }))
}

const campaignsIn = (hour: FortnightHour): Planned[] =>
  campaigns
    .filter(({ days, clock }) => days.includes(hour.day) && clock === hour.clock)
    .map(({ name, kinds, share }) => ({ name, kinds, atMs: hour.atMs, hour, to: share }))

const singlesIn = (
  hour: FortnightHour,
  kind: number,
  devices: readonly DemoDevice[],
  chance: Chance,
): Planned[] => {
  const { name, aDay, kinds } = singles[kind] ?? { name: '', aDay: 0, kinds: [] }
  const mean = (devices.length * aDay * hour.active) / activeADay
  const count = Math.floor(mean + chance('count', hour.number, kind))
  const pushes: Planned[] = []
  for (let i = 0; i < count; i++) {
    const place = chance('recipient', hour.number, kind, i) * devices.length
    const to = devices[Math.floor(place)]
    const atMs = hour.atMs + Math.floor(chance('moment', hour.number, kind, i) * hour.lengthMs)
    if (to === undefined || to.isSilent || to.joinedMs > atMs) continue
    pushes.push({ name, kinds, atMs, hour, to })
  }
  return pushes
}

/** The moment and a number: 17 digits, or 18 for every third. */
const msgIdOf = (atMs: number, number: number): string => {
  const digits = number % 3 === 0 ? 5 : 4
  return `${atMs}${String(number % 10 ** digits).padStart(digits, '0')}`
}
