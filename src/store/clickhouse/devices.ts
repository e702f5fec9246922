// Questions about the devices of one message: their statuses, their facts page by page, and when they
// were reached. Devices stand in the order of a hash, cut to 53 bits so that a page's end is a number.
import { type Cell, STAGES, type Stage } from '../../ledger/channel.ts'
import { dayOfHour, type Hour } from '../../ledger/day.ts'
import type { RegistrationId } from '../../ledger/ids.ts'
import { type FactOnDay, STATUS, statusOf } from '../../ledger/status.ts'
import type { FactsPage, HeldFact, StageHour, Store } from '../../ledger/store.ts'
import type { Connection } from './connection.ts'
import { aboutMessage, factsOfMessage, type Keeping } from './messages.ts'

/** As in the sorting key of the table. */
const place = 'bitShiftRight(cityHash64(device), 11)'
const placesEnd = 2 ** 53

interface FactRow {
  readonly device: RegistrationId
  /** Of a cell that is none where the row tells of a member. */
  readonly cell: number
  readonly at: Hour
}
const noCell = 255

interface PlaceRow {
  readonly stands: string
  readonly device: RegistrationId
  readonly facts: readonly (readonly [Cell, Hour])[]
}

export const openDevices = (
  connection: Connection,
  keeping: Keeping,
): Pick<Store, 'statuses' | 'facts' | 'stageHours'> => ({
  statuses: async (app, { msgId, devices, asOf, nowMs }) => {
    if (devices.length === 0) return []
    const rows = await connection.ask<FactRow>(
      `SELECT device, cell, min(hour) AS at ${factsOfMessage}
        AND ${place} IN (SELECT ${place.replace('device', 'arrayJoin({devices:Array(String)})')})
        AND device IN {devices:Array(String)} GROUP BY device, cell
      UNION ALL SELECT DISTINCT device, toUInt8(${noCell}) AS cell, toInt32(0) AS at
        FROM members WHERE app = {app:UInt32} AND device IN {devices:Array(String)}`,
      { ...aboutMessage(keeping, app, msgId, nowMs), devices: [...devices] },
    )
    const facts = new Map<RegistrationId, FactOnDay[]>()
    for (const { device, cell, at } of rows) {
      const own = facts.get(device) ?? []
      facts.set(device, own)
      if (cell !== noCell) own.push({ cell: cell as Cell, day: dayOfHour(at) })
    }
    const today = app.zone.dayOf(nowMs)
    return devices.map((device) => {
      const own = facts.get(device)
      return own === undefined ? STATUS.notOfThisApp : statusOf(own, asOf, today)
    })
  },

  facts: async (app, { msgId, from, limit }, nowMs) => {
    const about = aboutMessage(keeping, app, msgId, nowMs)
    const page = (holds: string, rows: string, parameters: object) =>
      connection.ask<PlaceRow>(
        `SELECT toString(place) AS stands, device, groupArray((cell, earliest)) AS facts FROM (
          SELECT ${place} AS place, device, cell, min(hour) AS earliest ${factsOfMessage} AND ${holds}
          GROUP BY device, cell ORDER BY earliest, cell
        ) GROUP BY place, device ORDER BY place, device ${rows}`,
        { ...about, ...parameters },
      )
    const found = await page(`${place} >= {from:UInt64}`, 'LIMIT {rows:UInt32}', {
      from,
      rows: limit + 1,
    })
    if (found.length <= limit) return pageOf(found, undefined)
    const next = Number(found[limit]?.stands)
    const before = found.filter((row) => Number(row.stands) < next)
    if (before.length > 0) return pageOf(before, next)
    // More devices of one place than a page may have: they cannot be cut, and hardly ever are.
    return pageOf(await page(`${place} = {from:UInt64}`, '', { from: next }), next + 1)
  },

  stageHours: async (app, msgId, nowMs) => {
    const rows = await connection.ask<{ hour: Hour; stage: number; devices: string }>(
      `SELECT earliest AS hour, stage, count() AS devices FROM (
        SELECT device, cell % ${STAGES.length} AS stage, min(hour) AS earliest ${factsOfMessage}
        GROUP BY device, stage
      ) GROUP BY hour, stage ORDER BY hour`,
      aboutMessage(keeping, app, msgId, nowMs),
    )
    const hours = new Map<Hour, Record<Stage, number>>()
    for (const { hour, stage, devices } of rows) {
      const own = hours.get(hour) ?? noDevices()
      hours.set(hour, own)
      const name = STAGES[stage]
      if (name !== undefined) own[name] = Number(devices)
    }
    return [...hours].map(([hour, devices]): StageHour => ({ hour, devices }))
  },
})

const noDevices = (): Record<Stage, number> =>
  Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>

const pageOf = (rows: readonly PlaceRow[], next: number | undefined): FactsPage => {
  const facts = rows.flatMap(({ device, facts: own }) =>
    own.map(([cell, hour]): HeldFact => ({ device, cell, hour })),
  )
  return { facts, next, end: placesEnd }
}
