// When devices first reached each stage of a message. No header keeps it: the states of all devices are
// walked, leaf by leaf, and each counts by the earliest hours of its state.
import { type Cell, STAGES, type Stage, stageOf } from '../../ledger/channel.ts'
import type { Day, Hour } from '../../ledger/day.ts'
import type { MsgId } from '../../ledger/ids.ts'
import type { App, StageHour } from '../../ledger/store.ts'
import type { Environment } from './environment.ts'
import { cellOfCode, type FactCode, hourOfCode } from './state-table.ts'
import { type Leaf, leavesFrom, placeOf } from './walk.ts'

type DevicesByStage = Record<Stage, number>
type Hours = Map<Hour, DevicesByStage>

const devicesAtOnce = 65_536

/** Yields between stretches, which are of one snapshot each and none of the same device. */
export function* walkStageHours(
  environment: Environment,
  app: App,
  msgId: MsgId,
  firstDay: Day,
): Generator<void, readonly StageHour[]> {
  const hours: Hours = new Map()
  for (let from: number | undefined = 0; from !== undefined; ) {
    environment.refresh()
    from = countSome(leavesFrom(environment, app, msgId, from, firstDay), from, hours)
    yield
  }
  return [...hours].map(([hour, devices]) => ({ hour, devices })).sort((a, b) => a.hour - b.hour)
}

/** Gives the ordinal from which to go on; undefined at the end. */
const countSome = (leaves: Iterable<Leaf>, from: number, hours: Hours): number | undefined => {
  let counted = 0
  let next = from
  for (const leaf of leaves) {
    if (counted >= devicesAtOnce) return next
    const { ordinals, length } = leaf.entries
    counted += countLeaf(leaf, placeOf(leaf.entries, next), hours)
    if (length > 0) next = (ordinals[length - 1] ?? 0) + 1
  }
  return undefined
}

/** Counts the devices at and behind a place; how many they are. */
const countLeaf = ({ table, entries }: Leaf, first: number, hours: Hours): number => {
  const devicesIn: number[] = []
  for (let i = first; i < entries.length; i++) {
    const state = entries.states[i] as number
    devicesIn[state] = (devicesIn[state] ?? 0) + 1
  }
  devicesIn.forEach((devices, state) => {
    for (const [stage, hour] of earliestOf(table.factsOf(state))) {
      const found = hours.get(hour) ?? noDevices()
      hours.set(hour, found)
      found[stage] += devices
    }
  })
  return entries.length - first
}

/** The facts stand in rising order of hours. */
const earliestOf = (facts: readonly FactCode[]): ReadonlyMap<Stage, Hour> => {
  const earliest = new Map<Stage, Hour>()
  for (const code of facts) {
    const stage = stageOf(cellOfCode(code) as Cell)
    if (!earliest.has(stage)) earliest.set(stage, hourOfCode(code))
  }
  return earliest
}

const noDevices = (): DevicesByStage =>
  Object.fromEntries(STAGES.map((stage) => [stage, 0])) as DevicesByStage
