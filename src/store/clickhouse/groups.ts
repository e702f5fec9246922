// The table of groups in ClickHouse, as records, and that of their pushes: a row for each app's message.
// A push that begins anew has the next generation.
import type { GroupPush, GroupRecord, GroupTable } from '../../apps/group.ts'
import type { GroupMsgId, MsgId } from '../../ledger/ids.ts'
import type { Connection } from './connection.ts'
import { openKeyed } from './keyed.ts'
import { openTurns } from './records.ts'
import { openRows } from './rows.ts'

interface PushRow {
  readonly of: GroupMsgId
  readonly generation: number
  readonly app: number
  readonly id: MsgId
  readonly last: string
}

interface Held extends GroupPush {
  readonly generation: number
}

export const openClickHouseGroups = (connection: Connection): GroupTable => {
  const { records, ...groups } = openKeyed<GroupRecord>(connection, 'group')
  const inTurn = openTurns()

  const find = async (
    groupId: number,
    ids: readonly GroupMsgId[],
  ): Promise<ReadonlyMap<GroupMsgId, Held>> => {
    const rows = await connection.ask<PushRow>(
      `SELECT push AS of, generation, app, toString(min(msg_id)) AS id, max(at) AS last FROM pushes
      WHERE group = {group:UInt32} AND push IN {ids:Array(String)}
      GROUP BY push, generation, app ORDER BY generation`,
      { group: groupId, ids: [...ids] },
    )
    const found = new Map<GroupMsgId, Held>()
    for (const { of, generation, app, id, last } of rows) {
      const before = found.get(of)
      const held = before?.generation === generation ? before : undefined
      found.set(of, {
        generation,
        parts: new Map([...(held?.parts ?? []), [app, id]]),
        toldAtMs: Math.max(held?.toldAtMs ?? 0, Number(last)),
      })
    }
    return found
  }

  return {
    ...groups,
    tell: (groupId, id, told, afterMs) =>
      inTurn(async () => {
        const held = (await find(groupId, [id])).get(id)
        const before = held !== undefined && held.toldAtMs >= afterMs ? held : undefined
        const other = [...told.parts].find(
          ([app, msgId]) => (before?.parts.get(app) ?? msgId) !== msgId,
        )
        if (other !== undefined) return other[0]
        const push: GroupPush = {
          parts: new Map([...(before?.parts ?? []), ...told.parts]),
          toldAtMs: Math.max(before?.toldAtMs ?? 0, told.toldAtMs),
        }
        const generation = before?.generation ?? (held === undefined ? 0 : held.generation + 1)
        const rows = openRows()
        for (const [app, msgId] of told.parts) {
          rows.u32(groupId)
          rows.text(id)
          rows.u32(generation)
          rows.u32(app)
          rows.u64(BigInt(msgId))
          rows.u64(BigInt(told.toldAtMs))
          rows.end()
        }
        await connection.insert('pushes (group, push, generation, app, msg_id, at)', rows.taken())
        return push
      }),
    pushes: async (groupId, ids) => {
      const found = await find(groupId, ids)
      return ids.map((id) => {
        const held = found.get(id)
        return held && { parts: held.parts, toldAtMs: held.toldAtMs }
      })
    },
    sweep: async (afterMs) => {
      const alive = (await records.list()).map(({ body }) => (JSON.parse(body) as GroupRecord).id)
      const holds = `(group, push) IN (SELECT group, push FROM pushes GROUP BY group, push
        HAVING max(at) < {after:Int64} OR group NOT IN {alive:Array(UInt32)})`
      const parameters = { after: afterMs, alive: [...alive] }
      const old = await connection.ask(`SELECT 1 FROM pushes WHERE ${holds} LIMIT 1`, parameters)
      if (old.length > 0) await connection.run(`DELETE FROM pushes WHERE ${holds}`, parameters)
    },
  }
}
