// Who acts in a simulated world: apps with their zones, their devices, their pushes, and the lines
// that a gateway would tell of them. Everything is drawn from the world's seed.
import { PLATFORMS, type Platform, STAGES, TRACKS, type Track } from '../../src/ledger/channel.ts'
import type { Day, Zone } from '../../src/ledger/day.ts'
import { DEVICE_EVENTS, type DeviceEventType } from '../../src/ledger/event-batch.ts'
import type { MsgId, RegistrationId } from '../../src/ledger/ids.ts'
import type { Random } from '../support/random.ts'
import { device, type Line, msgId } from '../support/told.ts'
import { ODD_ZONES, startOf, zoneOf } from '../support/zone.ts'

export const msPerMinute = 60_000
export const msPerHour = 3_600_000
export const msPerDay = 86_400_000

/** What the ingest room lets through: so many civil days, and registrations back to 2009. */
const messageDaysMax = 31
const visitDaysMax = 62
const firstRegistrationDay = Date.UTC(2009, 0, 1) / msPerDay
const aheadMaxMs = 5 * msPerMinute

export interface Push {
  readonly msgId: MsgId
  readonly audience: readonly RegistrationId[]
  readonly tracks: readonly Track[]
}

export interface CastApp {
  readonly zoneName: string
  readonly zone: Zone
  readonly devices: readonly RegistrationId[]
  readonly pushes: Push[]
}

const oddIds = [
  ...['__proto__', 'constructor', 'a', 'aa', 'aaa', '1', '10', ' ', '好'.repeat(42)],
  ...[
    'x'.repeat(128),
    'x'.repeat(512),
    `${'x'.repeat(511)}y`,
    '\u{1f600}',
    '"\\',
    '\ufeffa',
    'é',
    'e\u0301',
  ],
].map(device)

export const castApps = (random: Random): readonly CastApp[] =>
  Array.from({ length: random.int(1, 3) }, () => {
    const zoneName = random.pick(ODD_ZONES)
    return { zoneName, zone: zoneOf(zoneName), devices: castDevices(random), pushes: [] }
  })

// Apps of one world draw from one space of ids, so that some devices belong to several of them.
const castDevices = (random: Random): readonly RegistrationId[] => {
  // At times more than the sixteen bits of a device's place in a part of a set.
  const count = random.chance(0.02)
    ? 70_000
    : random.pick([12, 40, 40, 200, 200, 800, 2_500, 5_000])
  const first = random.int(0, count)
  const ids = Array.from({ length: count }, (_, i) =>
    device(`1${((first + i) * 7_919).toString(16).padStart(10, '0')}`),
  )
  return random.shuffle([...ids, ...random.sample(oddIds, 0.5)])
}

/** A new push of one of three sizes: to everybody, to a segment, or a chat with one to three. */
const castPush = (random: Random, app: CastApp): Push => {
  const size = random.pick(['broadcast', 'segment', 'chat'] as const)
  const start = random.int(0, app.devices.length - 1)
  const length =
    size === 'chat' ? random.int(1, 3) : random.int(1, Math.ceil(app.devices.length / 3))
  const audience = size === 'broadcast' ? app.devices : app.devices.slice(start, start + length)
  const push: Push = {
    msgId: nextMsgId(random, app),
    audience,
    tracks: Array.from({ length: random.int(1, 5) }, () => random.pick(TRACKS)),
  }
  app.pushes.push(push)
  return push
}

const nextMsgId = (random: Random, app: CastApp): MsgId => {
  const last = app.pushes.at(-1)?.msgId
  if (last !== undefined && random.chance(0.3)) return msgId(BigInt(last) + 1n)
  const digits = random.pick([1, 9, 17, 18])
  const text = Array.from({ length: digits }, () => random.int(0, 9)).join('')
  const id = msgId(`1${text}`)
  return app.pushes.some((push) => push.msgId === id) ? nextMsgId(random, app) : id
}

/** Recent pushes are spoken of most. */
const pickPush = (random: Random, app: CastApp): Push => {
  if (app.pushes.length === 0 || random.chance(0.15)) return castPush(random, app)
  return random.chance(0.7) ? random.pick(app.pushes.slice(-4)) : random.pick(app.pushes)
}

/** Mostly just now, sometimes late, now and then as late or as early as is let through. */
const pickTime = (random: Random, nowMs: number, oldestMs: number): number => {
  const draw = random.next()
  const ageMaxMs = nowMs - oldestMs
  if (draw < 0.6) return nowMs - random.int(0, 2 * msPerHour)
  if (draw < 0.8) return nowMs - random.int(0, 3 * msPerDay)
  if (draw < 0.93) return nowMs - random.int(0, ageMaxMs)
  if (draw < 0.95) return oldestMs
  if (draw < 0.96) return Math.min(nowMs, oldestMs + random.int(0, 2 * msPerHour))
  return nowMs + random.int(0, aheadMaxMs)
}

/** One device at least: a line without any is refused at the door. */
const pickDevices = (
  random: Random,
  audience: readonly RegistrationId[],
): readonly RegistrationId[] => {
  const draw = random.next()
  if (draw < 0.3) return random.shuffle(audience)
  if (draw < 0.5) return [random.pick(audience), random.pick(audience)]
  if (draw < 0.6) return audience
  const some = random.sample(audience, random.pick([0.02, 0.3, 0.8]))
  return random.shuffle([random.pick(audience), ...some])
}

const platformOf = (id: RegistrationId): Platform =>
  PLATFORMS[id.charCodeAt(id.length - 1) % PLATFORMS.length] ?? 'android'

export const lineOf = (random: Random, app: CastApp, nowMs: number): Line => {
  if (random.chance(0.3)) {
    const own = random.chance(0.9)
    const platform = random.pick(PLATFORMS)
    const heard = pickDevices(random, app.devices)
    const ofPlatform = heard.filter((id) => platformOf(id) === platform)
    const about = random.pick(DEVICE_EVENTS)
    const isYearsAgo = about === 'register' && random.chance(0.3)
    const oldestMs = startOf(app.zone, oldestDayOf(about, app.zone, nowMs))
    return {
      about,
      platform,
      atMs: isYearsAgo
        ? random.int(oldestMs, nowMs)
        : pickTime(random, nowMs, Math.max(oldestMs, nowMs - visitDaysMax * msPerDay)),
      devices: own && ofPlatform.length > 0 ? ofPlatform : heard,
    }
  }
  const push = pickPush(random, app)
  return {
    ...(random.chance(0.95) ? random.pick(push.tracks) : random.pick(TRACKS)),
    msgId: push.msgId,
    stage: random.pick(STAGES),
    atMs: pickTime(random, nowMs, startOf(app.zone, app.zone.dayOf(nowMs) - messageDaysMax)),
    devices: pickDevices(random, push.audience),
  }
}

/** Would the ingest room still take a line told before? */
export const isLawfulAt = (line: Line, zone: Zone, nowMs: number): boolean =>
  line.atMs <= nowMs + aheadMaxMs &&
  zone.dayOf(line.atMs) >= oldestDayOf('about' in line ? line.about : 'message', zone, nowMs)

const oldestDayOf = (about: DeviceEventType | 'message', zone: Zone, nowMs: number): Day => {
  if (about === 'register') return firstRegistrationDay
  return zone.dayOf(nowMs) - (about === 'message' ? messageDaysMax : visitDaysMax)
}
