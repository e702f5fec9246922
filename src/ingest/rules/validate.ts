// Placing a raw event: the rules between members and about time, asked in the order of REFUSALS,
// make of it an event of the ledger or the reason why not. It decides alike for both readers of a
// line.
import type { CarriedTimes } from '../../ledger/believed-clock.ts'
import { CELL_COUNT, STAGES } from '../../ledger/channel.ts'
import { type Day, daysToldApart, msPerDay, openZones, parseDay } from '../../ledger/day.ts'
import {
  DEVICE_EVENTS,
  type DeviceEventType,
  type MessageEvent,
  type ToldEvent,
} from '../../ledger/event-batch.ts'
import { WORD_COUNT, type Word, wordOf } from '../line/keyword.ts'
import type { RawEvent } from '../line/parsed-line.ts'
import { devicePlatformOf, isReason, type Reason, wayOf } from './track.ts'

export interface IngestSettings {
  /** The most ids that one line may tell of. */
  readonly lineDevicesMax: number
  /** The oldest message event accepted, in civil days of the app before its arrival. */
  readonly keepDays: number
}

export const defaultIngestSettings: IngestSettings = { lineDevicesMax: 10_000, keepDays: 31 }

/** When a body arrived, and in which app's days its events are old. */
export interface Arrival {
  /** By the clock: the time of an event that carries none, and what the future is measured from. */
  readonly nowMs: number
  /** An event that has expired as of this time is too old. */
  readonly keptMs: number
  readonly zoneName: string
}

const minutesAheadMax = 5
/** No push platform was there before. */
const registeredSince = '2009-01-01'

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
  /** Of the accepted events. */
  carried(): CarriedTimes
}

// One of each thread.
const zoneNamed = openZones()

/** For the lines of one body. */
export const openPlaces = (settings: IngestSettings, arrival: Arrival): Places => {
  const { lineDevicesMax, keepDays } = settings
  const { nowMs } = arrival
  const [ofMessages, ofVisits] = [ageOf(keepDays, arrival), ageOf(daysToldApart, arrival)]
  const ofRegistrations = ageOfRegistrations(arrival)
  let latestOwnMs: number | undefined
  let isPlacedByClock = false
  const tooManyIds: Reason = {
    code: 'too_many_ids',
    message: `registration_ids must hold at most ${lineDevicesMax} ids`,
  }

  const faultAfterWay = (atMs: number, age: Age, ids: number): Reason | undefined => {
    if (Number.isNaN(atMs)) return badTime
    if (atMs > nowMs + minutesAheadMax * 60_000) return timeInFuture
    if (age.isOver(atMs)) return age.reason
    return ids > lineDevicesMax ? tooManyIds : undefined
  }

  const carry = (ownMs: number | undefined): void => {
    if (ownMs === undefined) isPlacedByClock = true
    else if (latestOwnMs === undefined || ownMs > latestOwnMs) latestOwnMs = ownMs
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
    const fault = faultAfterWay(atMs, ofMessages, ids)
    if (fault !== undefined) return fault
    const cell = way[stage]
    if (cell === undefined) throw new Error(`a way has no stage ${stage}`)
    const last = lastOfCell[cell]
    if (last !== undefined && last.msgId === msgId && last.atMs === atMs) {
      return numberOfLast[cell] as number
    }
    carry(raw.time)
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
    const fault = faultAfterWay(atMs, about === 'register' ? ofRegistrations : ofVisits, ids)
    if (fault !== undefined) return fault
    const last = events.at(-1)
    if (last?.about === about && last.platform === platform && last.atMs === atMs) {
      return events.length - 1
    }
    carry(raw.time)
    return events.push({ about, platform, atMs }) - 1
  }

  return {
    events,
    carried: () => ({ latestOwnMs, isPlacedByClock }),
    place: (raw, ids) => {
      const stage = stageNumbers[raw.type] ?? noStage
      if (stage !== noStage) return message(raw, stage, ids)
      const about = deviceEvents.get(raw.type)
      return about === undefined ? badType : device(raw, about, ids)
    },
  }
}

const badIds = (message: string): Reason => ({ code: 'bad_registration_id', message })

/** How old events of a type may be. */
interface Age {
  isOver(atMs: number): boolean
  readonly reason: Reason
}

// A civil day may be skipped, or longer or shorter by some hours: only so near is the calendar asked.
const marginDays = 3

/** At most so many civil days before today, by which messages expire too. */
const ageOf = (daysMax: number, { keptMs, zoneName }: Arrival): Age => {
  const surelyOverMs = keptMs - (daysMax + marginDays) * msPerDay
  const surelyInMs = keptMs - (daysMax - marginDays) * msPerDay
  let firstDay: Day | undefined
  return {
    isOver: (atMs) => {
      if (atMs >= surelyInMs) return false
      if (atMs < surelyOverMs) return true
      const zone = zoneNamed(zoneName)
      firstDay ??= zone.dayOf(keptMs) - daysMax
      return zone.dayOf(atMs) < firstDay
    },
    reason: {
      code: 'time_too_old',
      message: `time must be at most ${daysMax} days ago with an event of this type`,
    },
  }
}

const firstRegistrationDay = parseDay(registeredSince) as Day

/** However old: an early registration is why a later one is not new. */
const ageOfRegistrations = ({ zoneName }: Arrival): Age => ({
  isOver: (atMs) => {
    const fromFirstDayMs = atMs - firstRegistrationDay * msPerDay
    if (Math.abs(fromFirstDayMs) > marginDays * msPerDay) return fromFirstDayMs < 0
    return zoneNamed(zoneName).dayOf(atMs) < firstRegistrationDay
  },
  reason: {
    code: 'time_too_old',
    message: `time must not lie before ${registeredSince} with an event of this type`,
  },
})
