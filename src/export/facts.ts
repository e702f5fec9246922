// One row a fact of a message: which device reached which stage, by which way, on which day.
import { stageOf, trackOf } from '../ledger/channel.ts'
import { dayOfHour } from '../ledger/day.ts'
import type { MsgId } from '../ledger/ids.ts'
import type { App, HeldFact, Reader } from '../ledger/store.ts'
import { type Column, dayText, type Page, type Table, type Value } from './table.ts'

/** So many that a page is soon read, and few enough that no reader holds the ledger up. */
const devicesAtOnce = 4_096

const columns: readonly Column[] = [
  { name: 'registration_id', type: 'text' },
  { name: 'platform', type: 'text' },
  { name: 'channel', type: 'text' },
  { name: 'kind', type: 'text' },
  { name: 'stage', type: 'text' },
  { name: 'day', type: 'day' },
]

const valuesOf = ({ device, cell, hour }: HeldFact): readonly Value[] => {
  const { platform, channel, kind } = trackOf(cell)
  return [device, platform, channel, kind, stageOf(cell), dayOfHour(hour)]
}

const jsonOf = ({ device, cell, hour }: HeldFact): string => {
  const day = dayText(dayOfHour(hour))
  const track = JSON.stringify({ ...trackOf(cell), stage: stageOf(cell), day })
  return `{"registration_id":${JSON.stringify(device)},${track.slice(1)}`
}

export const factsTable = (
  reader: Reader,
  app: App,
  msgId: MsgId,
  nowMs: number,
): Table<HeldFact> => {
  async function* pages(): AsyncGenerator<Page<HeldFact>> {
    for (let from: number | undefined = 0; from !== undefined; ) {
      const ask = { msgId, from, limit: devicesAtOnce }
      const { facts, next, end } = await reader.facts(app, ask, nowMs)
      yield { rows: facts, part: end === 0 ? 1 : (next ?? end) / end }
      from = next
    }
  }
  return { columns, valuesOf, jsonOf, pages }
}
