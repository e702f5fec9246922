// Letting go: of messages that are gone, whose sizes stay for the totals of their days, of old days of
// users and hours of the feed, and of all that a removed app left. Rows are taken away by mutations, few
// and large, since each of them looks at every part.
import { type Day, firstHourOf } from '../../ledger/day.ts'
import { feedDaysKept } from '../../ledger/ingest-history.ts'
import { type App, type Store, userDaysKept } from '../../ledger/store.ts'
import type { Connection } from './connection.ts'
import type { Keeping } from './messages.ts'
import { localName } from './migration.ts'
import { openRows } from './rows.ts'
import { addDevices, maskOfCells, noSizes } from './sizes.ts'
import { addMessage, addTotals, columns } from './table.ts'

interface GoneRow {
  readonly id: string
  readonly generation: number
  readonly day: Day
  /** Whether another generation has begun since, which counted it as forgotten already. */
  readonly isOver: number
}

const messagesAtOnce = 500
const oldMessagesAtOnce = 3000
// Longer than anybody may ask for the totals of a day.
const totalDaysKept = 100
const sharded = new Set(['facts', 'members', 'registrations', 'visits'])
const everyTable = [...sharded, 'messages', 'feed', 'refusals', 'totals']

const gone = `SELECT toString(msg_id) AS id, generation, intDiv(hour, 24) AS day,
    generation < newest AS isOver FROM (
      SELECT msg_id, generation, max(latest) AS latest_day, min(first) AS hour,
        max(swept) AS is_swept, max(generation) OVER (PARTITION BY msg_id) AS newest
      FROM messages WHERE app = {app:UInt32} GROUP BY msg_id, generation
    ) WHERE is_swept = 0 AND (latest_day < {oldest:Int32} OR generation < newest)
    LIMIT ${messagesAtOnce}`

export const openSweeper = (
  connection: Connection,
  { oldestDay }: Keeping,
): Pick<Store, 'sweep' | 'removeApp'> => {
  const { cluster } = connection
  /** Only where there are some: to look is cheap, to take is not. */
  const take = async (table: string, holds: string, parameters: object): Promise<void> => {
    const some = `SELECT 1 FROM ${table} WHERE ${holds} LIMIT 1`
    if ((await connection.ask(some, { ...parameters })).length === 0) return
    const name =
      cluster !== undefined && sharded.has(table)
        ? `${localName(table)} ON CLUSTER ${cluster}`
        : table
    await connection.run(`DELETE FROM ${name} WHERE ${holds}`, { ...parameters })
  }

  /** How many of those that it found were messages until now. */
  const sweepSome = async (app: App, found: readonly GoneRow[]): Promise<number> => {
    const keys = `[${found.map(({ id, generation }) => `(${id},${generation})`).join()}]`
    await keepTotals(connection, app, found, keys)
    await noteSwept(connection, app, found)
    await take('facts', isOfApp('(msg_id, generation) IN {keys:Array(Tuple(UInt64, UInt32))}'), {
      app: app.id,
      keys,
    })
    return found.filter(({ isOver }) => isOver === 0).length
  }

  const takeOld = (app: App, table: string, column: string, before: number): Promise<void> =>
    take(table, isOfApp(`${column} < {before:Int32}`), { app: app.id, before })

  return {
    sweep: async (app, nowMs) => {
      const today = app.zone.dayOf(nowMs)
      let messages = 0
      for (;;) {
        const parameters = { app: app.id, oldest: oldestDay(app, nowMs) }
        const found = await connection.ask<GoneRow>(gone, parameters)
        if (found.length === 0) break
        messages += await sweepSome(app, found)
      }
      await takeOld(app, 'visits', 'day', today - userDaysKept)
      await takeOld(app, 'feed', 'hour', firstHourOf(today - feedDaysKept))
      await takeOld(app, 'totals', 'day', today - totalDaysKept)
      await takeOldMessages(connection, take, app, firstHourOf(today - totalDaysKept))
      return { messages }
    },
    removeApp: async (appId) => {
      await Promise.all(everyTable.map((table) => take(table, isOfApp('true'), { app: appId })))
    },
  }
}

const isOfApp = (holds: string): string => `app = {app:UInt32} AND ${holds}`

/** Of messages that were swept so long ago that nothing asks for them any more. */
const takeOldMessages = async (
  connection: Connection,
  take: (table: string, holds: string, parameters: object) => Promise<void>,
  app: App,
  before: number,
): Promise<void> => {
  const rows = await connection.ask<{ id: string; generation: number }>(
    `SELECT toString(msg_id) AS id, generation FROM (
      SELECT msg_id, generation, min(first) AS hour, max(swept) AS is_swept,
        max(generation) OVER (PARTITION BY msg_id) AS newest
      FROM messages WHERE app = {app:UInt32} GROUP BY msg_id, generation
    ) WHERE is_swept = 1 AND hour < {before:Int32} LIMIT ${oldMessagesAtOnce}`,
    { app: app.id, before },
  )
  if (rows.length === 0) return
  const keys = `[${rows.map(({ id, generation }) => `(${id},${generation})`).join()}]`
  await take('messages', isOfApp('(msg_id, generation) IN {keys:Array(Tuple(UInt64, UInt32))}'), {
    app: app.id,
    keys,
  })
}

const keepTotals = async (
  connection: Connection,
  app: App,
  found: readonly GoneRow[],
  keys: string,
): Promise<void> => {
  const masks = await connection.ask<{
    id: string
    generation: number
    mask: string
    devices: string
  }>(
    `SELECT toString(msg_id) AS id, generation, toString(mask) AS mask, count() AS devices FROM (
      SELECT msg_id, generation, ${maskOfCells} AS mask FROM facts
      WHERE app = {app:UInt32} AND (msg_id, generation) IN {keys:Array(Tuple(UInt64, UInt32))}
      GROUP BY msg_id, generation, device
    ) GROUP BY msg_id, generation, mask`,
    { app: app.id, keys },
  )
  const sizes = new Map(found.map(({ id, generation }) => [`${id} ${generation}`, noSizes()]))
  for (const { id, generation, mask, devices } of masks) {
    addDevices(sizes.get(`${id} ${generation}`) ?? [], mask, Number(devices))
  }
  const rows = openRows()
  for (const { id, generation, day } of found) {
    const row = { appId: app.id, msgId: BigInt(id), generation, day }
    addTotals(rows, row, sizes.get(`${id} ${generation}`) ?? [])
  }
  if (rows.count === 0) return
  await connection.insert(columns.totals, rows.taken())
}

/** A row that changes nothing else. */
const noteSwept = async (
  connection: Connection,
  app: App,
  found: readonly GoneRow[],
): Promise<void> => {
  const rows = openRows()
  for (const { id, generation } of found) {
    addMessage(rows, { appId: app.id, msgId: BigInt(id), generation, isSwept: true })
  }
  await connection.insert(columns.messages, rows.taken())
}
