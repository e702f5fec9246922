// Placing a raw event: the rules between members and about time, asked in the order of REFUSALS,
// make of it an event of the ledger or the reason why not. It decides alike for both readers of a
// line.
import { STAGES } from '../ledger/channel.ts'
import { daysToldApart, msPerDay } from '../ledger/day.ts'
import { DEVICE_EVENTS, type DeviceEventType, type ToldEvent } from '../ledger/fact.ts'
import type { RawEvent } from './raw.ts'
import { devicePlatformOf, isReason, type Reason, wayOf } from './way.ts'

export interface IngestSettings {
  /** The most ids that one line may tell of. */
  readonly lineDevicesMax: number
  /** The oldest message event taken, in days of 24 hours before its arrival. */
  readonly keepDays: number
}

export const defaultIngestSettings: IngestSettings = { lineDevicesMax: 10_000, keepDays: 31 }

const minutesAheadMax = 5

const stageNumbers = new Map<string | undefined, number>(STAGES.map((stage, i) => [stage, i]))
const deviceEvents: ReadonlyMap<string | undefined, DeviceEventType> = new Map(
  DEVICE_EVENTS.map((type) => [type, type]),
)

const badType: Reason = {
  code: 'bad_type',
  message: `type must be one of ${[...DEVICE_EVENTS, ...STAGES].join(', ')}`,
}
const badMsgId: Reason = {
  code: 'bad_msg_id',
  message: 'msg_id must be an integer from 1 to 9223372036854775807, as a number or in digits',
}
const badTime: Reason = {
  code: 'bad_time',
  message: 'time must be RFC 3339 with an offset, or epoch milliseconds as an integer',
}
const timeInFuture: Reason = {
  code: 'time_in_future',
  message: `time must be at most ${minutesAheadMax} minutes ahead of the server`,
}

/**
 * Makes of a raw event, whose ids are the devices `from … to − 1`, the event that it tells, or says
 * why it is refused.
 */
export type Place = (raw: RawEvent, from: number, to: number) => Placed
export type Placed = ToldEvent | Reason

/** For the lines of one body, which arrived at nowMs. */
export const openPlace = (settings: IngestSettings, nowMs: number): Place => {
  const { lineDevicesMax, keepDays } = settings
  const tooManyIds: Reason = {
    code: 'too_many_ids',
    message: `registration_ids must hold at most ${lineDevicesMax} ids`,
  }

  const faultAfterWay = (atMs: number, daysMax: number, ids: number): Reason | undefined => {
    if (Number.isNaN(atMs)) return badTime
    if (atMs > nowMs + minutesAheadMax * 60_000) return timeInFuture
    if (atMs < nowMs - daysMax * msPerDay) return timeTooOld(daysMax)
    return ids > lineDevicesMax ? tooManyIds : undefined
  }

  // Lines of one way come in thousands.
  let way = wayOf(undefined, undefined, undefined)
  let wayOfPlatform: string | undefined
  let wayOfChannel: string | undefined
  let wayOfKind: string | undefined
  const lookUpWay = ({ platform, channel, kind }: RawEvent) => {
    if (platform !== wayOfPlatform || channel !== wayOfChannel || kind !== wayOfKind) {
      way = wayOf(platform, channel, kind)
      wayOfPlatform = platform
      wayOfChannel = channel
      wayOfKind = kind
    }
    return way
  }

  const message = (raw: RawEvent, stage: number, from: number, to: number): Placed => {
    const { msgId, time: atMs = nowMs } = raw
    if (msgId === undefined || msgId === '') return badMsgId
    if (raw.idFault !== undefined) return badIds(raw.idFault)
    const found = lookUpWay(raw)
    if (isReason(found)) return found
    const fault = faultAfterWay(atMs, keepDays, to - from)
    if (fault !== undefined) return fault
    const cell = found[stage]
    if (cell === undefined) throw new Error(`a way has no stage ${stage}`)
    return { about: 'message', msgId, cell, atMs, from, to }
  }

  const device = (raw: RawEvent, about: DeviceEventType, from: number, to: number): Placed => {
    if (raw.idFault !== undefined) return badIds(raw.idFault)
    const platform = devicePlatformOf(raw.platform)
    if (typeof platform !== 'string') return platform
    const atMs = raw.time ?? nowMs
    const fault = faultAfterWay(atMs, daysToldApart, to - from)
    return fault ?? { about, platform, atMs, from, to }
  }

  return (raw, from, to) => {
    const stage = stageNumbers.get(raw.type)
    if (stage !== undefined) return message(raw, stage, from, to)
    const about = deviceEvents.get(raw.type)
    return about === undefined ? badType : device(raw, about, from, to)
  }
}

const badIds = (message: string): Reason => ({ code: 'bad_registration_id', message })

const timeTooOld = (days: number): Reason => ({
  code: 'time_too_old',
  message: `time must be at most ${days} days ago with an event of this type`,
})
