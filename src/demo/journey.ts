// What becomes of a push on a device: which ways it takes, how far it comes on each, and when that is
// told. Rates are per channel, each of those that came one stage less far.
import { type Channel, type Kind, STAGES, type Stage } from '../ledger/channel.ts'
import type { Chance, Draw } from './chance.ts'
import { type DemoDevice, isOnline } from './device.ts'
import { msPerHour } from './fortnight.ts'
import type { DemoPush } from './push.ts'

/** A way that a push took to a device, and how far it came. */
export interface Way {
  readonly channel: Channel
  readonly kind: Kind
  /** In order of the stages. */
  readonly steps: readonly Step[]
}

export interface Step {
  readonly stage: Stage
  /** After the push was sent. */
  readonly delayMs: number
}

interface Rates {
  readonly sent: number
  /** Zero where the channel cannot tell: a gap, not a failure, and people click all the same. */
  readonly received: number
  readonly display: number
  readonly click: number
}

const rates: Readonly<Record<Channel, Rates>> = {
  jpush: { sent: 1, received: 0.98, display: 0.93, click: 0.08 },
  xm: { sent: 0.98, received: 0.88, display: 0.85, click: 0.045 },
  hw: { sent: 0.985, received: 0.9, display: 0.86, click: 0.04 },
  honor: { sent: 0.98, received: 0.9, display: 0.86, click: 0.04 },
  oppo: { sent: 0.97, received: 0.84, display: 0.8, click: 0.035 },
  vivo: { sent: 0.97, received: 0.85, display: 0.8, click: 0.035 },
  mz: { sent: 0.94, received: 0.7, display: 0.8, click: 0.03 },
  fcm: { sent: 0.97, received: 0, display: 0, click: 0.03 },
  asus: { sent: 0.95, received: 0, display: 0, click: 0.025 },
  nio: { sent: 0.95, received: 0, display: 0, click: 0.05 },
  apns: { sent: 0.985, received: 0.75, display: 0.95, click: 0.055 },
  mpns: { sent: 0.9, received: 0, display: 0, click: 0.02 },
  hmpns: { sent: 0.985, received: 0.92, display: 0.9, click: 0.05 },
}
const messageClick = 0.03
/** Of devices that were not connected: those that fetch later what waits for them. */
const fetchedLater = 0.45

/** As far as it is told at nowMs; no way at all where the push does not go there. */
export const journeyOf = (
  push: DemoPush,
  device: DemoDevice,
  nowMs: number,
  chance: Chance,
): readonly Way[] => {
  if (!isAddressed(push, device, chance)) return []
  const { number, isSilent } = device
  const isConnected = isOnline(device, push.hour, chance)
  const delayMsMax = nowMs - push.atMs
  return push.kinds.flatMap((kind, first) =>
    channelsOf(device, kind, isConnected).map((channel, second): Way => {
      const draw = (what: Draw, stage: number): number =>
        chance(what, number, push.number, stage * 4 + first * 2 + second)
      const steps = stepsOf({ channel, kind, isConnected, isSilent, delayMsMax, draw })
      return { channel, kind, steps }
    }),
  )
}

const isAddressed = (
  { to, atMs, number }: DemoPush,
  device: DemoDevice,
  chance: Chance,
): boolean =>
  typeof to === 'number'
    ? device.joinedMs <= atMs && (to === 1 || chance('segment', device.number, number) < to)
    : to === device

const channelsOf = (device: DemoDevice, kind: Kind, isConnected: boolean): readonly Channel[] => {
  const { platform, channel, isReachedTwice } = device
  if (kind === 'message') return ['jpush']
  if (platform !== 'android' || !isConnected || channel === 'jpush') return [channel]
  return isReachedTwice ? ['jpush', channel] : ['jpush']
}

interface Travel extends Omit<Way, 'steps'> {
  readonly isConnected: boolean
  readonly isSilent: boolean
  readonly delayMsMax: number
  readonly draw: (what: Draw, stage: number) => number
}

const stepsOf = (travel: Travel): Step[] => {
  const { channel, kind, isConnected, isSilent, delayMsMax, draw } = travel
  const rate = rates[channel]
  const own = channel === 'jpush'
  const steps: Step[] = []
  let delayMs = 0
  const reach = (stage: Stage, share: number, baseMs: number): boolean => {
    const number = STAGES.indexOf(stage)
    if (share < 1 && draw('reach', number) >= share) return false
    if (baseMs > 0) delayMs += delayOf(draw('delay', number), baseMs)
    const toldMs = batchOf(delayMs)
    if (toldMs > delayMsMax) return false
    steps.push({ stage, delayMs: toldMs })
    return true
  }
  reach('target', 1, 0)
  if (own && isConnected) reach('online_push', 1, 0)
  if (own && !isConnected) {
    if (isSilent || draw('fetch', 0) >= fetchedLater) return steps
    delayMs += msPerHour
  }
  if (!reach('sent', rate.sent, 0) || isSilent) return steps
  if (rate.received > 0) {
    if (!reach('received', rate.received, own ? 5_000 : 30_000)) return steps
    if (kind === 'notification' && !reach('display', rate.display, 1_000)) return steps
  }
  reach('click', kind === 'message' ? messageClick : rate.click, 120_000)
  return steps
}

const oneDelayMsMax = 3 * 24 * msPerHour

/** Most soon, some hours later, a few after days. */
const delayOf = (draw: number, baseMs: number): number =>
  Math.min(oneDelayMsMax, baseMs * ((1 - draw) ** -1.6 - 1))

/** The gateway collects receipts: for five minutes at first, then for an hour. */
const batchOf = (delayMs: number): number => {
  const batchMs = delayMs < msPerHour ? 300_000 : msPerHour
  return Math.floor(delayMs / batchMs) * batchMs
}
