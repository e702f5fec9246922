// The devices of the demo: what they are, how pushes reach them, when the app was installed, and who
// of them is about in which hour. Shares are those of a Chinese shop app.
import type { Channel, Platform } from '../ledger/channel.ts'
import { type Chance, shareOf } from './chance.ts'
import { type FortnightHour, msPerHour } from './fortnight.ts'

export interface DemoDevice {
  readonly number: number
  readonly id: string
  readonly platform: Platform
  /** How notifications reach it when it is not connected. */
  readonly channel: Channel
  /** Connected or not, its maker's channel is used too. */
  readonly isReachedTwice: boolean
  /** Has not answered since it was installed. */
  readonly isSilent: boolean
  /** The share of days on which it is used. */
  readonly liveliness: number
  readonly joinedMs: number
}

const platforms: readonly (readonly [Platform, number])[] = [
  ['android', 74],
  ['ios', 20],
  ['hmos', 3],
  ['quickapp', 2],
  ['winphone', 1],
]

const channels: Readonly<Record<Platform, readonly (readonly [Channel, number])[]>> = {
  android: [
    ['oppo', 21],
    ['vivo', 19],
    ['xm', 18],
    ['honor', 15],
    ['hw', 14],
    ['jpush', 6],
    ['fcm', 3],
    ['mz', 2],
    ['asus', 1],
    ['nio', 1],
  ],
  ios: [['apns', 1]],
  hmos: [['hmpns', 1]],
  winphone: [['mpns', 1]],
  quickapp: [
    ['xm', 3],
    ['hw', 3],
    ['oppo', 3],
    ['jpush', 1],
  ],
}

const twiceShare = 0.08
const silentShare = 0.12
/** Installed in the 30 days before. */
const earlierShare = 0.6
const earlierMs = 30 * 24 * msPerHour

/** In order of installation. */
export const devicesOf = (
  count: number,
  hours: readonly FortnightHour[],
  chance: Chance,
): readonly DemoDevice[] => {
  // Word gets round: installs follow the hours of use and double within the fortnight.
  const joins = hours.map(
    (hour) => [hour, hour.active * hour.lengthMs * (1 + hour.day / 13)] as const,
  )
  const firstMs = hours[0]?.atMs ?? 0
  const joinedMs = (n: number): number => {
    const draw = chance('joined', n)
    if (n < count * earlierShare) return Math.floor(firstMs - draw * earlierMs)
    const { atMs, lengthMs } = shareOf(joins, draw)
    return Math.floor(atMs + chance('moment', n, -1) * lengthMs)
  }
  const deviceOf = (n: number): DemoDevice => {
    const platform = shareOf(platforms, chance('platform', n))
    return {
      number: n,
      id: idOf(n, platform, chance),
      platform,
      channel: shareOf(channels[platform], chance('channel', n)),
      isReachedTwice: platform === 'android' && chance('twice', n) < twiceShare,
      isSilent: chance('silent', n) < silentShare,
      liveliness: 0.08 + 0.64 * chance('lively', n),
      joinedMs: joinedMs(n),
    }
  }
  return Array.from({ length: count }, (_, n) => deviceOf(n)).sort(
    (a, b) => a.joinedMs - b.joinedMs || a.number - b.number,
  )
}

/** 19 hexadecimal digits, as the clients of the hosted service know them. */
const idOf = (n: number, platform: Platform, chance: Chance): string => {
  const draw = Math.floor(chance('id', n) * 2 ** 32)
  const family = platform === 'ios' ? '17' : '14'
  return `${family}${draw.toString(16).padStart(8, '0')}${n.toString(16).padStart(9, '0')}`
}

/** Whether the phone is connected in an hour. */
export const isOnline = (device: DemoDevice, hour: FortnightHour, chance: Chance): boolean => {
  const { number: n, joinedMs, isSilent, liveliness } = device
  if (isSilent || joinedMs >= hour.atMs + hour.lengthMs) return false
  if (joinedMs >= hour.atMs) return true
  return (
    chance('present', n, hour.day) < liveliness && chance('online', n, hour.number) < hour.online
  )
}

/** Of a device that is connected: whether the app is open. */
export const isActive = (device: DemoDevice, hour: FortnightHour, chance: Chance): boolean =>
  device.joinedMs >= hour.atMs ||
  chance('active', device.number, hour.number) < hour.active / hour.online
