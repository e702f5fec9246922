// A message of the memory engine: for each cell its devices, and whatever is asked of them, found by
// looking at all of them.
import { type Cell, STAGES, type Stage, stageOf } from '../../ledger/channel.ts'
import { type Day, dayOfHour, type Hour } from '../../ledger/day.ts'
import type { MsgId, RegistrationId } from '../../ledger/ids.ts'
import { type Counts, SELECTIONS, type Selection } from '../../ledger/selection.ts'
import { type Status, statusOf } from '../../ledger/status.ts'
import type {
  App,
  DayTotals,
  FactsAsk,
  FactsPage,
  HeldFact,
  HeldMessage,
  RecentAsk,
  RecentMessage,
  StageHour,
  StatusAsk,
} from '../../ledger/store.ts'

export interface Message {
  latestDay: Day
  firstHour: Hour
  /** Per cell, each device with the earliest hour told of. */
  readonly facts: Map<Cell, Map<RegistrationId, Hour>>
  /** Of these facts; undefined until it is asked, and after each that is added. */
  counts: Counts | undefined
}

export const countsOf = (message: Message | undefined): Counts => {
  if (message === undefined) return []
  message.counts ??= SELECTIONS.map((selection) => sizeOf(message, selection))
  return message.counts
}

const sizeOf = ({ facts }: Message, selection: Selection): number => {
  const cells = selection.flatMap((cell) => facts.get(cell) ?? [])
  if (cells.length === 1) return cells[0]?.size ?? 0
  const union = new Set<RegistrationId>()
  for (const hours of cells) for (const device of hours.keys()) union.add(device)
  return union.size
}

export const statusIn = (
  message: Message | undefined,
  device: RegistrationId,
  app: App,
  ask: StatusAsk,
): Status => {
  const facts = [...(message?.facts ?? [])].flatMap(([cell, hours]) => {
    const hour = hours.get(device)
    return hour === undefined ? [] : [{ cell, day: dayOfHour(hour) }]
  })
  return statusOf(facts, ask.asOf, app.zone.dayOf(ask.nowMs))
}

export const messagesBehind = (
  held: readonly (readonly [MsgId, Message])[],
  after: MsgId | undefined,
): readonly HeldMessage[] =>
  held
    .map(([msgId, { latestDay }]) => ({ msgId, latestDay }))
    .filter(({ msgId }) => after === undefined || BigInt(msgId) > BigInt(after))
    .sort((a, b) => (BigInt(a.msgId) < BigInt(b.msgId) ? -1 : 1))

export const recentOf = (
  held: readonly (readonly [MsgId, Message])[],
  { from, to, behind, limit }: RecentAsk,
): readonly RecentMessage[] =>
  held
    .map(([msgId, { latestDay, firstHour }]) => ({ msgId, latestDay, firstHour }))
    .filter(({ firstHour }) => firstHour >= from && firstHour <= to)
    .sort(newestFirst)
    .filter((message) => behind === undefined || newestFirst(behind, message) < 0)
    .slice(0, limit)

const newestFirst = (
  a: Pick<RecentMessage, 'firstHour' | 'msgId'>,
  b: Pick<RecentMessage, 'firstHour' | 'msgId'>,
): number => {
  if (a.firstHour !== b.firstHour) return b.firstHour - a.firstHour
  return Number(BigInt(a.msgId) < BigInt(b.msgId)) - Number(BigInt(a.msgId) > BigInt(b.msgId))
}

/** Each device counts for a stage in the earliest hour of any of its cells. */
export const stageHoursOf = (message: Message | undefined): readonly StageHour[] => {
  const found = new Map<Hour, Record<Stage, number>>()
  for (const stage of STAGES) {
    const earliest = new Map<RegistrationId, Hour>()
    for (const [cell, hours] of message?.facts ?? []) {
      if (stageOf(cell) !== stage) continue
      for (const [device, hour] of hours) {
        earliest.set(device, Math.min(earliest.get(device) ?? hour, hour))
      }
    }
    for (const hour of earliest.values()) {
      const devices = found.get(hour) ?? noDevices()
      found.set(hour, devices)
      devices[stage] += 1
    }
  }
  return [...found].map(([hour, devices]) => ({ hour, devices })).sort((a, b) => a.hour - b.hour)
}

const noDevices = (): Record<Stage, number> =>
  Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>

export const totalsOf = (messages: readonly Message[], day: Day): DayTotals => {
  const ofDay = messages.filter(({ firstHour }) => dayOfHour(firstHour) === day)
  const sizes = ofDay.map(countsOf)
  const counts = SELECTIONS.map((_, i) => sizes.reduce((sum, size) => sum + (size[i] ?? 0), 0))
  return { messages: ofDay.length, counts }
}

/** Devices in the order in which the app saw them first. */
export const factsOf = (
  members: readonly RegistrationId[],
  message: Message | undefined,
  { from, limit }: FactsAsk,
): FactsPage => {
  const facts: HeldFact[] = []
  let devices = 0
  for (let place = from; place < members.length; place++) {
    if (devices === limit) return { facts, next: place, end: members.length }
    const device = members[place] as RegistrationId
    const own = [...(message?.facts ?? [])].flatMap(([cell, hours]) => {
      const hour = hours.get(device)
      return hour === undefined ? [] : [{ device, cell, hour }]
    })
    if (own.length > 0) devices++
    facts.push(...own.sort((a, b) => a.hour - b.hour || a.cell - b.cell))
  }
  return { facts, next: undefined, end: members.length }
}
