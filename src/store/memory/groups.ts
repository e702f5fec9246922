// The table of groups in memory: for tests, and the plainest reading of the port.
import type { GroupKey, GroupPush, GroupRecord, GroupTable } from '../../apps/group.ts'
import type { GroupMsgId } from '../../ledger/ids.ts'

/** A table of its own, empty. */
export const openMemoryGroups = (): GroupTable => {
  const groups = new Map<GroupKey, GroupRecord>()
  const pushes = new Map<number, Map<GroupMsgId, GroupPush>>()
  let lastId = 0
  return {
    find: async (key) => groups.get(key),
    list: async () => [...groups.values()],
    create: async (group) => {
      if (groups.has(group.key)) return undefined
      lastId++
      const record = { ...group, id: lastId }
      groups.set(group.key, record)
      pushes.set(lastId, new Map())
      return record
    },
    change: async (key, change) => {
      const held = groups.get(key)
      if (held === undefined) return undefined
      const changed = { ...change(held), id: held.id, key }
      groups.set(key, changed)
      return changed
    },
    remove: async (key) => {
      const held = groups.get(key)
      groups.delete(key)
      if (held !== undefined) pushes.delete(held.id)
      return held
    },
    tell: async (groupId, id, told, afterMs) => {
      const held = pushes.get(groupId)?.get(id)
      const before = held !== undefined && held.toldAtMs >= afterMs ? held : undefined
      const other = [...told.parts].find(
        ([appId, msgId]) => (before?.parts.get(appId) ?? msgId) !== msgId,
      )
      if (other !== undefined) return other[0]
      const push = {
        parts: new Map([...(before?.parts ?? []), ...told.parts]),
        toldAtMs: Math.max(before?.toldAtMs ?? 0, told.toldAtMs),
      }
      pushes.get(groupId)?.set(id, push)
      return push
    },
    pushes: async (groupId, ids) => ids.map((id) => pushes.get(groupId)?.get(id)),
    sweep: async (afterMs) => {
      for (const held of pushes.values()) {
        for (const [id, push] of held) if (push.toldAtMs < afterMs) held.delete(id)
      }
    },
  }
}
