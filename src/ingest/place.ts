// Placing a raw event: the rules between members and about time, asked in the order of REFUSALS,
// make of it an event of the ledger or the reason why not. It decides alike for both readers of a
// line.
import { CELL_COUNT, STAGES } from '../ledger/channel.ts'
import { daysToldApart, msPerDay } from '../ledger/day.ts'
import {
  DEVICE_EVENTS,
  type DeviceEventType,
  type MessageEvent,
  type ToldEvent,
} from '../ledger/fact.ts'
import type { RawEvent } from './raw.ts'
import { devicePlatformOf, isReason, type Reason, wayOf } from './way.ts'
import { WORD_COUNT, type Word, wordOf } from './word.ts'

export interface IngestSettings {
  /** The most ids that one line may tell of. */
  readonly lineDevicesMax: number
  /** The oldest message event taken, in days of 24 hours before its arrival. */
  readonly keepDays: number
}

export const defaultIngestSettings: IngestSettings = { lineDevicesMax: 10_000, keepDays: 31 }

const minutesAheadMax = 5

const noStage = -1
/** By word, the number of the stage. */
const stageNumbers = new Int8Array(WORD_COUNT).fill(noStage)
for (const [number, stage] of STAGES.entries()) stageNumbers[wordOf(stage)] = number
const deviceEvents: ReadonlyMap<Word, DeviceEventType> = new Map(
  DEVICE_EVENTS.map((type) => [wordOf(type), type]),
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

export interface Places {
  /** The number of the event that a raw event of so many ids tells, or why it is refused. */
  place(raw: RawEvent, ids: number): number | Reason
  /** By number: mostly a line tells the same as one before, of another device. */
  readonly events: readonly ToldEvent[]
}

/** For the lines of one body, which arrived at nowMs. */
export const openPlaces = (settings: IngestSettings, nowMs: number): Places => {
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

  const events: ToldEvent[] = []
  /** By cell, the event that was told of it last. */
  const lastOfCell: (MessageEvent | undefined)[] = new Array(CELL_COUNT).fill(undefined)
  const numberOfLast = new Uint32Array(CELL_COUNT)

  const message = (raw: RawEvent, stage: number, ids: number): number | Reason => {
    const { msgId, time: atMs = nowMs } = raw
    if (msgId === undefined || msgId === '') return badMsgId
    if (raw.idFault !== undefined) return badIds(raw.idFault)
    const way = wayOf(raw.platform, raw.channel, raw.kind)
    if (isReason(way)) return way
    const fault = faultAfterWay(atMs, keepDays, ids)
    if (fault !== undefined) return fault
    const cell = way[stage]
    if (cell === undefined) throw new Error(`a way has no stage ${stage}`)
    const last = lastOfCell[cell]
    if (last !== undefined && last.msgId === msgId && last.atMs === atMs) {
      return numberOfLast[cell] as number
    }
    const event: MessageEvent = { about: 'message', msgId, cell, atMs }
    lastOfCell[cell] = event
    numberOfLast[cell] = events.length
    return events.push(event) - 1
  }

  const device = (raw: RawEvent, about: DeviceEventType, ids: number): number | Reason => {
    if (raw.idFault !== undefined) return badIds(raw.idFault)
    const platform = devicePlatformOf(raw.platform)
    if (typeof platform !== 'string') return platform
    const atMs = raw.time ?? nowMs
    const fault = faultAfterWay(atMs, daysToldApart, ids)
    if (fault !== undefined) return fault
    const last = events.at(-1)
    if (last?.about === about && last.platform === platform && last.atMs === atMs) {
      return events.length - 1
    }
    return events.push({ about, platform, atMs }) - 1
  }

  return {
    events,
    place: (raw, ids) => {
      const stage = stageNumbers[raw.type] ?? noStage
      if (stage !== noStage) return message(raw, stage, ids)
      const about = deviceEvents.get(raw.type)
      return about === undefined ? badType : device(raw, about, ids)
    },
  }
}

const badIds = (message: string): Reason => ({ code: 'bad_registration_id', message })

const timeTooOld = (days: number): Reason => ({
  code: 'time_too_old',
  message: `time must be at most ${days} days ago with an event of this type`,
})
