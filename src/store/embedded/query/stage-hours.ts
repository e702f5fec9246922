// When devices first reached each stage of a message. No header keeps it: the states of all devices are
// walked, leaf by leaf, and each counts by the earliest hours of its state.
import { type Cell, STAGES, type Stage, stageOf } from '../../../ledger/channel.ts'
import type { Day, Hour } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { App, StageHour } from '../../../ledger/store.ts'
import type { Environment } from '../lmdb/environment.ts'
import { cellOfCode, type FactCode, hourOfCode } from '../states/state-table.ts'
import { walkStates } from './scan.ts'

type DevicesByStage = Record<Stage, number>
type Hours = Map<Hour, DevicesByStage>

/** Yields between stretches, which are of one snapshot each and none of the same device. */
export function* walkStageHours(
  environment: Environment,
  app: App,
  msgId: MsgId,
  firstDay: Day,
): Generator<void, readonly StageHour[]> {
  const { cellOf } = environment.numbering()
  const hours: Hours = new Map()
  yield* walkStates(environment, app, msgId, firstDay, (facts, devices) => {
    for (const [stage, hour] of earliestOf(facts, cellOf)) {
      const found = hours.get(hour) ?? noDevices()
      hours.set(hour, found)
      found[stage] += devices
    }
  })
  return [...hours].map(([hour, devices]) => ({ hour, devices })).sort((a, b) => a.hour - b.hour)
}

/** The facts stand in rising order of hours. */
const earliestOf = (
  facts: readonly FactCode[],
  cellOf: (storedCell: number) => Cell,
): ReadonlyMap<Stage, Hour> => {
  const earliest = new Map<Stage, Hour>()
  for (const code of facts) {
    const stage = stageOf(cellOf(cellOfCode(code)))
    if (!earliest.has(stage)) earliest.set(stage, hourOfCode(code))
  }
  return earliest
}

const noDevices = (): DevicesByStage =>
  Object.fromEntries(STAGES.map((stage) => [stage, 0])) as DevicesByStage
