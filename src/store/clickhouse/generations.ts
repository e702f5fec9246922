// The generations of messages. A message that is gone begins anew when it is told of again, and what was
// told before must not count: its facts carry the number of their generation, and reads look at the last.
// Two servers that find a message gone agree on the next number. What is known of living messages is
// remembered, so that most commits ask and write nothing about them.
import type { Day, Hour } from '../../ledger/day.ts'
import type { MsgId } from '../../ledger/ids.ts'
import type { Connection } from './connection.ts'
import { openRows, type Rows } from './rows.ts'
import { addMessage } from './table.ts'

export interface State {
  readonly generation: number
  readonly latest: Day
  readonly first: Hour
}

/** What one body tells of a message. */
export interface ToldOf {
  readonly msgId: MsgId
  readonly latest: Day
  readonly first: Hour
}

/** The messages of one commit, from what was known before it. */
export interface Generations {
  /** The generation in which a body's facts of the message stand. */
  enter(appId: number, today: Day, told: ToldOf): number
  /** What must be written of them. */
  rows(): Rows
  /** To be called when that is written. */
  remember(): void
}

export interface Known {
  /** Asks for what is not known of these messages, or no longer. */
  generations(
    asked: Iterable<readonly [appId: number, today: Day, msgId: MsgId]>,
  ): Promise<Generations>
}

// ClickHouse takes no parameter longer than 128 KiB; a key is 35 bytes at most.
const keysAtOnce = 3500
// Some hundred bytes each.
const rememberedMax = 200_000

const keyOf = (appId: number, msgId: string): string => `${appId} ${msgId}`

export const openKnown = (connection: Connection, keepDays: number): Known => {
  const known = new Map<string, State>()
  const isAlive = (state: State | undefined, today: Day): boolean =>
    state !== undefined && today <= state.latest + keepDays

  return {
    async generations(asked) {
      const unknown = new Map<string, string>()
      for (const [appId, today, msgId] of asked) {
        const key = keyOf(appId, msgId)
        if (!isAlive(known.get(key), today)) unknown.set(key, `(${appId},${msgId})`)
      }
      const before = await askInParts(connection, [...unknown.values()])
      const changed = new Map<string, State & { readonly appId: number; readonly msgId: MsgId }>()
      const find = (key: string): State | undefined =>
        changed.get(key) ?? before.get(key) ?? known.get(key)

      return {
        enter(appId, today, { msgId, latest, first }) {
          const key = keyOf(appId, msgId)
          const found = find(key)
          if (found === undefined || !isAlive(found, today)) {
            const generation = found === undefined ? 0 : found.generation + 1
            changed.set(key, { appId, msgId, generation, latest, first })
            return generation
          }
          if (latest > found.latest || first < found.first) {
            changed.set(key, {
              appId,
              msgId,
              generation: found.generation,
              latest: Math.max(latest, found.latest),
              first: Math.min(first, found.first),
            })
          } else if (!known.has(key)) before.set(key, found)
          return found.generation
        },
        rows() {
          const rows = openRows()
          for (const { msgId, ...row } of changed.values()) {
            addMessage(rows, { msgId: BigInt(msgId), ...row })
          }
          return rows
        },
        remember() {
          if (known.size > rememberedMax) known.clear()
          for (const [key, state] of before) known.set(key, state)
          for (const [key, { generation, latest, first }] of changed) {
            known.set(key, { generation, latest, first })
          }
        },
      }
    },
  }
}

interface StateRow extends State {
  readonly app: number
  readonly id: string
}

const askInParts = async (
  connection: Connection,
  keys: readonly string[],
): Promise<Map<string, State>> => {
  const found = new Map<string, State>()
  for (let from = 0; from < keys.length; from += keysAtOnce) {
    const part = await askFor(connection, keys.slice(from, from + keysAtOnce))
    for (const [key, state] of part) found.set(key, state)
  }
  return found
}

const askFor = async (
  connection: Connection,
  keys: readonly string[],
): Promise<Map<string, State>> => {
  const rows = await connection.ask<StateRow>(
    `SELECT app, toString(msg_id) AS id, generation, max(latest) AS latest, min(first) AS first
    FROM messages WHERE (app, msg_id) IN {keys:Array(Tuple(UInt32, UInt64))}
    GROUP BY app, msg_id, generation ORDER BY generation DESC LIMIT 1 BY app, msg_id`,
    { keys: `[${keys.join()}]` },
  )
  return new Map(
    rows.map(({ app, id, generation, latest, first }) => [
      keyOf(app, id),
      { generation, latest, first },
    ]),
  )
}
