// Questions about messages as wholes: which are there, which are the newest. A message is what its last
// generation is, as long as that is not gone.
import type { Day } from '../../ledger/day.ts'
import type { MsgId } from '../../ledger/ids.ts'
import type { App, HeldMessage, Reader, RecentAsk, RecentMessage } from '../../ledger/store.ts'
import type { Connection } from './connection.ts'

/** The last generations that are not gone, of an app's messages where something holds. */
export const livingWhere = (holds: string): string =>
  `SELECT msg_id, generation, day, hour FROM (
    SELECT msg_id, generation, max(latest) AS day, min(first) AS hour
    FROM messages WHERE app = {app:UInt32} AND ${holds}
    GROUP BY msg_id, generation ORDER BY msg_id, generation DESC LIMIT 1 BY msg_id
  ) WHERE day >= {oldest:Int32}`

const noGeneration = 2 ** 32 - 1

/** The facts of one living message; with the parameters of `aboutMessage`. */
export const factsOfMessage = `FROM facts WHERE app = {app:UInt32} AND msg_id = {id:UInt64}
  AND generation = ifNull((SELECT generation FROM (${livingWhere('msg_id = {id:UInt64}')})), ${noGeneration})`

export interface Keeping {
  /** The last day on which a message that is not gone may have been told of last. */
  oldestDay(app: App, nowMs: number): Day
}

export const keepingOf = (keepDays: number): Keeping => ({
  oldestDay: (app, nowMs) => app.zone.dayOf(nowMs) - keepDays,
})

export const aboutMessage = (
  { oldestDay }: Keeping,
  app: App,
  msgId: MsgId,
  nowMs: number,
): Readonly<Record<string, unknown>> => ({
  app: app.id,
  id: msgId,
  oldest: oldestDay(app, nowMs),
})

interface MessageRow {
  readonly id: MsgId
  readonly day: Day
  readonly hour: number
}

export const openMessages = (
  connection: Connection,
  { oldestDay }: Keeping,
): Pick<Reader, 'messages' | 'recent'> => ({
  messages: async (app, after, limit, nowMs): Promise<readonly HeldMessage[]> => {
    const rows = await connection.ask<MessageRow>(
      `SELECT toString(msg_id) AS id, day FROM (${livingWhere('msg_id > {after:UInt64}')})
      ORDER BY msg_id LIMIT {limit:UInt32}`,
      { app: app.id, after: after ?? '0', limit, oldest: oldestDay(app, nowMs) },
    )
    return rows.map(({ id, day }) => ({ msgId: id, latestDay: day }))
  },
  recent: async (app, ask: RecentAsk, nowMs): Promise<readonly RecentMessage[]> => {
    const { from, to, behind, limit } = ask
    const rows = await connection.ask<MessageRow>(
      `SELECT toString(msg_id) AS id, day, hour FROM (${livingWhere('true')})
      WHERE hour BETWEEN {from:Int32} AND {to:Int32}
        ${behind === undefined ? '' : 'AND (hour, msg_id) < ({hour:Int32}, {behind:UInt64})'}
      ORDER BY hour DESC, msg_id DESC LIMIT {limit:UInt32}`,
      {
        app: app.id,
        oldest: oldestDay(app, nowMs),
        from,
        to,
        limit,
        ...(behind !== undefined && { hour: behind.firstHour, behind: behind.msgId }),
      },
    )
    return rows.map(({ id, day, hour }) => ({ msgId: id, latestDay: day, firstHour: hour }))
  },
})
