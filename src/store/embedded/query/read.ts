// The reads of the port: counts and users from headers alone; statuses from the leaves that hold the
// devices asked, without reading the other devices. Each read is one stretch on one snapshot.
import { PLATFORMS, type Platform } from '../../../ledger/channel.ts'
import { type Day, dayOfHour, firstDayOf, hoursPerDay, lastDayOf } from '../../../ledger/day.ts'
import { deviceListOf } from '../../../ledger/event-batch.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { Counts } from '../../../ledger/selection.ts'
import { STATUS, type Status, statusOf } from '../../../ledger/status.ts'
import type { App, Slot, StatusAsk, Users, UsersByPlatform } from '../../../ledger/store.ts'
import { type Header, readHeader, summaryOf } from '../device-set/header.ts'
import type { DeviceTable } from '../devices/dictionary.ts'
import { type NewUsers, newUsersAt, readNewUsers } from '../devices/registrations.ts'
import { findInLeaf } from '../leaf/codec.ts'
import { ByteReader, Damage } from '../lmdb/bytes.ts'
import type { Environment, ReadBody } from '../lmdb/environment.ts'
import {
  isIn,
  type KeyRange,
  leafKey,
  METRICS,
  type Metric,
  messageKey,
  newUsersKey,
  type Scale,
  userSheetKey,
} from '../lmdb/key.ts'
import { daySheets, monthSheets, type SheetKind, wholeDay } from '../states/selections.ts'
import { cellOfCode, dayOfCode, type FactCode } from '../states/state-table.ts'

const nothing: Counts = []

/** Undefined where there is none, or it is gone. */
export const openMessage = (
  environment: Environment,
  app: Pick<App, 'id'>,
  msgId: MsgId,
  firstDay: Day,
): Header | undefined => {
  const body = openLookUp(environment)(messageKey(app.id, msgId))
  const header = body && readHeader(body, environment.numbering().messages)
  return header === undefined || header.latestDay < firstDay ? undefined : header
}

/**
 * Reads values in one stretch. Of those that are not there it makes sure that they never were; keys with
 * nothing between them are looked for once.
 */
const openLookUp = ({ read, emptyAround }: Environment): ReadBody => {
  let empty: KeyRange | undefined
  return (key) => {
    if (empty !== undefined && isIn(empty, key)) return undefined
    const body = read(key)
    if (body === undefined) empty = emptyAround(key)
    return body
  }
}

/**
 * Messages whose latest day lies before `firstDay` are gone. `lack` is given the places of those whose headers
 * lack sizes that the program needs.
 */
export const readCounts = (
  environment: Environment,
  app: App,
  msgIds: readonly MsgId[],
  firstDay: Day,
  lack: (place: number) => void,
): Counts[] => {
  const read = openLookUp(environment)
  const { messages, table, countsOf, needsMore } = environment.numbering()
  return msgIds.map((msgId, place) => {
    const body = read(messageKey(app.id, msgId))
    const summary = body && summaryOf(body, messages)
    if (summary === undefined || summary.latestDay < firstDay) return nothing
    const { revision, sizes } = summary
    if (revision < table.revision && needsMore(revision)) lack(place)
    return countsOf(sizes)
  })
}

/** `report` is told of a value that cannot be read; its devices get status 4. */
export const readStatuses = (
  environment: Environment,
  devices: DeviceTable,
  app: App,
  ask: StatusAsk,
  keepDays: number,
  report: (damage: Damage) => void,
): readonly Status[] => {
  const today = app.zone.dayOf(ask.nowMs)
  const ordinals = ordinalsOf(devices, ask)
  const members = [...new Set(ordinals.filter((ordinal) => ordinal >= 0))].sort((a, b) => a - b)
  const byOrdinal = new Map<number, Status>()
  const { cellOf } = environment.numbering()
  const statusIn = (facts: readonly FactCode[]): Status => {
    const onDays = facts.map((code) => ({ cell: cellOf(cellOfCode(code)), day: dayOfCode(code) }))
    return statusOf(onDays, ask.asOf, today)
  }
  const ofNobody = statusIn([])
  const decide = (asked: readonly number[], found: readonly (Status | undefined)[]): void => {
    asked.forEach((ordinal, i) => {
      byOrdinal.set(ordinal, found[i] ?? ofNobody)
    })
  }
  const failed = (unread: readonly number[], damage: unknown): void => {
    if (!(damage instanceof Damage)) throw damage
    report(damage)
    for (const ordinal of unread) byOrdinal.set(ordinal, STATUS.unreadable)
  }
  try {
    const key = messageKey(app.id, ask.msgId)
    const header = openMessage(environment, app, ask.msgId, today - keepDays)
    if (header === undefined) decide(members, [])
    else if (header.leafStarts.length === 0) {
      decide(members, findInLeaf(header.rest, 0, members, statusIn))
    } else {
      for (const [start, inLeaf] of byLeaf(header.leafStarts, members)) {
        try {
          const body = environment.read(leafKey(key, start))
          if (body === undefined) throw new Damage('a leaf that its header names is missing')
          decide(inLeaf, findInLeaf(new ByteReader(body), start, inLeaf, statusIn))
        } catch (damage) {
          failed(inLeaf, damage)
        }
      }
    }
  } catch (damage) {
    failed(members, damage)
  }
  return ordinals.map((ordinal) => byOrdinal.get(ordinal) ?? STATUS.notOfThisApp)
}

/** −1 for a device that is not, or not yet durably, of the app. */
const ordinalsOf = (devices: DeviceTable, ask: StatusAsk): readonly number[] => {
  const list = deviceListOf(ask.devices)
  return ask.devices.map((_, i) => {
    const ordinal = devices.find(list.bytes, list.starts[i] ?? 0, list.lengths[i] ?? 0)
    return ordinal < devices.durable ? ordinal : -1
  })
}

/** Groups rising ordinals by the leaf that holds them. */
const byLeaf = (
  starts: readonly number[],
  ordinals: readonly number[],
): ReadonlyMap<number, number[]> => {
  const groups = new Map<number, number[]>()
  let leaf = 0
  for (const ordinal of ordinals) {
    while (leaf + 1 < starts.length && (starts[leaf + 1] ?? 0) <= ordinal) leaf++
    const start = starts[leaf] ?? 0
    const group = groups.get(start)
    if (group === undefined) groups.set(start, [ordinal])
    else group.push(ordinal)
  }
  return groups
}

export const readUsers = (
  environment: Environment,
  app: App,
  slots: readonly Slot[],
): readonly UsersByPlatform[] => {
  const read = openLookUp(environment)
  const sheetsOf = (scale: Scale, period: number, kind: SheetKind) =>
    PLATFORMS.map((_, platform) =>
      METRICS.map((metric) => {
        const body = read(userSheetKey(app.id, scale, period, platform, metric))
        return body === undefined ? [] : summaryOf(body, kind).sizes
      }),
    )
  const seenOn = rememberingLast((day) => sheetsOf('DAY', day, daySheets))
  const seenIn = rememberingLast((month) => sheetsOf('MONTH', month, monthSheets))
  const readNew = openLookUp(environment)
  const newOn = rememberingLast((day) => readNewUsers(readNew(newUsersKey(app.id, day))))
  const seen = (slot: Slot, platform: number, metric: Metric): number => {
    const sizesOf = (sheets: ReturnType<typeof sheetsOf>) =>
      sheets[platform]?.[METRICS.indexOf(metric)] ?? []
    if (slot.unit === 'MONTH') return sizesOf(seenIn(slot.month))[0] ?? 0
    if (slot.unit === 'DAY') return sizesOf(seenOn(slot.day))[wholeDay] ?? 0
    return sizesOf(seenOn(dayOfHour(slot.hour)))[slot.hour % hoursPerDay] ?? 0
  }
  return slots.map((slot) => {
    const registered = registeredIn(slot, newOn)
    const usersOf = (platform: Platform): Users => {
      const number = PLATFORMS.indexOf(platform)
      return {
        new: registered[number] ?? 0,
        online: seen(slot, number, 'online'),
        active: seen(slot, number, 'active'),
      }
    }
    return {
      android: usersOf('android'),
      ios: usersOf('ios'),
      winphone: usersOf('winphone'),
      hmos: usersOf('hmos'),
      quickapp: usersOf('quickapp'),
    }
  })
}

/** By platform. */
const registeredIn = (slot: Slot, newOn: (day: Day) => NewUsers): readonly number[] => {
  const devices = PLATFORMS.map(() => 0)
  const [firstHour, lastHour] =
    slot.unit === 'HOUR' ? [slot.hour % hoursPerDay, slot.hour % hoursPerDay] : [0, hoursPerDay - 1]
  for (let day = firstDay(slot); day <= lastDay(slot); day++) {
    const users = newOn(day)
    for (let hour = firstHour; hour <= lastHour; hour++) {
      for (let platform = 0; platform < devices.length; platform++) {
        devices[platform] = (devices[platform] ?? 0) + (users[newUsersAt(hour, platform)] ?? 0)
      }
    }
  }
  return devices
}

const firstDay = (slot: Slot): Day =>
  slot.unit === 'MONTH'
    ? firstDayOf(slot.month)
    : slot.unit === 'DAY'
      ? slot.day
      : dayOfHour(slot.hour)

const lastDay = (slot: Slot): Day =>
  slot.unit === 'MONTH' ? lastDayOf(slot.month) : firstDay(slot)

/** Reads a period once when it is asked for again and again, as the hours of a day do. */
const rememberingLast = <T>(read: (period: number) => T): ((period: number) => T) => {
  let last: { readonly period: number; readonly value: T } | undefined
  return (period) => {
    if (last?.period !== period) last = { period, value: read(period) }
    return last.value
  }
}
