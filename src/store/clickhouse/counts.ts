// How many devices each selection has: of messages asked for, and of the messages of a day, those that
// were swept included.
import { createHash } from 'node:crypto'
import type { Day } from '../../ledger/day.ts'
import { type Counts, SELECTIONS } from '../../ledger/selection.ts'
import type { DayTotals, Reader } from '../../ledger/store.ts'
import type { Connection } from './connection.ts'
import { type Keeping, livingWhere } from './messages.ts'
import { addDevices, maskOfCells, noSizes } from './sizes.ts'

/** By what a selection is named in the table of totals: their numbers change with the field table. */
export const SELECTION_NAMES: readonly string[] = SELECTIONS.map((cells) =>
  createHash('sha256').update(cells.join()).digest('hex').slice(0, 16),
)
const selectionNumbers = new Map(SELECTION_NAMES.map((name, number) => [name, number]))

interface MaskRow {
  readonly id: string
  readonly mask: string
  readonly devices: string
}

export const openCounts = (
  connection: Connection,
  { oldestDay }: Keeping,
): Pick<Reader, 'counts' | 'totals'> => ({
  counts: async (app, msgIds, nowMs) => {
    if (msgIds.length === 0) return []
    const rows = await connection.ask<MaskRow>(
      `SELECT toString(msg_id) AS id, toString(mask) AS mask, count() AS devices FROM (
        SELECT msg_id, ${maskOfCells} AS mask FROM facts
        WHERE app = {app:UInt32} AND msg_id IN {ids:Array(UInt64)} AND (msg_id, generation) GLOBAL IN (
          SELECT msg_id, generation FROM (${livingWhere('msg_id IN {ids:Array(UInt64)}')}))
        GROUP BY msg_id, device
      ) GROUP BY msg_id, mask`,
      { app: app.id, ids: `[${msgIds.join()}]`, oldest: oldestDay(app, nowMs) },
    )
    const sizes = new Map<string, number[]>()
    for (const { id, mask, devices } of rows) {
      const own = sizes.get(id) ?? noSizes()
      sizes.set(id, own)
      addDevices(own, mask, Number(devices))
    }
    return msgIds.map((msgId): Counts => sizes.get(msgId) ?? [])
  },
  totals: async (app, days) => {
    const parameters = { app: app.id, days: [...days] }
    const [held, masks, swept] = await Promise.all([
      connection.ask<{ day: Day; messages: string }>(messagesOfDays, parameters),
      connection.ask<{ day: Day; mask: string; devices: string }>(masksOfDays, parameters),
      connection.ask<{ day: Day; name: string; devices: string }>(sweptOfDays, parameters),
    ])
    const found = new Map(days.map((day) => [day, { messages: 0, counts: noSizes() }]))
    for (const { day, messages } of held) {
      const own = found.get(day)
      if (own !== undefined) own.messages = Number(messages)
    }
    for (const { day, mask, devices } of masks) {
      addDevices(found.get(day)?.counts ?? [], mask, Number(devices))
    }
    for (const { day, name, devices } of swept) {
      const number = selectionNumbers.get(name)
      const counts = found.get(day)?.counts
      if (number === undefined || counts === undefined) continue
      counts[number] = (counts[number] ?? 0) + Number(devices)
    }
    return days.map((day): DayTotals => found.get(day) ?? { messages: 0, counts: [] })
  },
})

/** All generations of the days: each was a message of its own. */
const ofDays = `SELECT msg_id, generation, intDiv(min(first), 24) AS day, max(swept) AS is_swept
  FROM messages WHERE app = {app:UInt32} GROUP BY msg_id, generation
  HAVING day IN {days:Array(Int32)}`

const messagesOfDays = `SELECT day, count() AS messages FROM (${ofDays}) GROUP BY day`

const masksOfDays = `SELECT day, toString(mask) AS mask, count() AS devices FROM (
    SELECT msg_id, generation, ${maskOfCells} AS mask FROM facts
    WHERE app = {app:UInt32} AND (msg_id, generation) GLOBAL IN (
      SELECT msg_id, generation FROM (${ofDays}) WHERE is_swept = 0)
    GROUP BY msg_id, generation, device
  ) AS masks GLOBAL INNER JOIN (${ofDays}) AS held USING (msg_id, generation)
  GROUP BY day, mask`

const sweptOfDays = `SELECT day, selection AS name, sum(size) AS devices FROM (
    SELECT day, selection, max(devices) AS size FROM totals
    WHERE app = {app:UInt32} AND day IN {days:Array(Int32)} AND (msg_id, generation) GLOBAL IN (
      SELECT msg_id, generation FROM (${ofDays}) WHERE is_swept = 1)
    GROUP BY day, msg_id, generation, selection
  ) GROUP BY day, selection`
