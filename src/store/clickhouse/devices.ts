// Questions about the devices of one message: their statuses, their facts page by page, and when they
// were reached. Devices stand in the order of a hash, cut to 53 bits so that a page's end is a number; two
// devices of one place, which a message to a million has once in some ten thousand, count as one for a page.
import { type Cell, STAGES, type Stage } from '../../ledger/channel.ts'
import { dayOfHour, type Hour } from '../../ledger/day.ts'
import type { RegistrationId } from '../../ledger/ids.ts'
import { type FactOnDay, STATUS, type Status, statusOf } from '../../ledger/status.ts'
import type { App, HeldFact, StageHour, StatusAsk, Store } from '../../ledger/store.ts'
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
// ClickHouse takes no parameter longer than 128 KiB; a character of a string takes three bytes of it at most,
// escaped or not, and each id has quotes and a comma.
const charactersAtOnce = 30_000
const betweenCharacters = 3

export const openDevices = (
  connection: Connection,
  keeping: Keeping,
): Pick<Store, 'statuses' | 'facts' | 'stageHours'> => ({
  statuses: async (app, ask) => {
    const parts = partsOf(ask.devices)
    const found = await Promise.all(
      parts.map((devices) => factsOfEach(connection, keeping, app, { ...ask, devices })),
    )
    const today = app.zone.dayOf(ask.nowMs)
    return parts.flatMap((devices, i) =>
      devices.map((device): Status => {
        const own = found[i]?.get(device)
        return own === undefined ? STATUS.notOfThisApp : statusOf(own, ask.asOf, today)
      }),
    )
  },

  facts: async (app, { msgId, from, limit }, nowMs) => {
    const about = { ...aboutMessage(keeping, app, msgId, nowMs), from }
    const behind = `${factsOfMessage} AND ${place} >= {from:UInt64}`
    const [row] = await connection.ask<{ next: string }>(
      `SELECT DISTINCT ${place} AS next ${behind} ORDER BY next LIMIT 1 OFFSET {limit:UInt32}`,
      { ...about, limit },
    )
    const next = row === undefined ? undefined : Number(row.next)
    const facts = await connection.ask<HeldFact>(
      `SELECT device, cell, earliest AS hour FROM (
        SELECT ${place} AS stands, device, cell, min(hour) AS earliest ${behind}
          AND ${place} < {next:UInt64} GROUP BY stands, device, cell
      ) ORDER BY stands, device, earliest, cell`,
      { ...about, next: next ?? placesEnd },
    )
    return { facts, next, end: placesEnd }
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

/** In parts that one parameter has room for. */
const partsOf = (devices: readonly RegistrationId[]): readonly (readonly RegistrationId[])[] => {
  const parts: RegistrationId[][] = []
  let characters = Number.POSITIVE_INFINITY
  for (const device of devices) {
    characters += device.length + betweenCharacters
    if (characters > charactersAtOnce) {
      parts.push([])
      characters = device.length + betweenCharacters
    }
    parts.at(-1)?.push(device)
  }
  return parts
}

/** Of each device that is a member. */
const factsOfEach = async (
  connection: Connection,
  keeping: Keeping,
  app: App,
  { msgId, devices, nowMs }: StatusAsk,
): Promise<ReadonlyMap<RegistrationId, readonly FactOnDay[]>> => {
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
  return facts
}

const noDevices = (): Record<Stage, number> =>
  Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>
