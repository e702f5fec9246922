// The table of groups in the same file as the ledger, like that of the apps: every change is a
// transaction of its own, beside a running server too.
import type { GroupKey, GroupPush, GroupRecord, GroupTable } from '../../../apps/group.ts'
import type { GroupMsgId, MsgId } from '../../../ledger/ids.ts'
import type { Environment } from '../lmdb/environment.ts'
import { orFault } from '../lmdb/fault.ts'
import {
  behind,
  groupIdOfPush,
  groupPushes,
  groupPushKey,
  groupRecordKey,
  groupRecords,
  metaKey,
} from '../lmdb/key.ts'
import { openRecords } from '../lmdb/records.ts'

/** A push as it is written: app numbers and messages, pair by pair. */
interface PushRecord {
  readonly parts: readonly (readonly [number, MsgId])[]
  readonly toldAtMs: number
}

// So many keys are looked at in one transaction of a sweep.
const keysAStep = 256

export const openEmbeddedGroups = (environment: Environment): GroupTable => {
  const { db } = environment
  const { read, write, keysIn } = openRecords(environment)
  const find = (key: GroupKey) => read(groupRecordKey(key)) as GroupRecord | undefined
  const findPush = (key: Uint8Array): GroupPush | undefined => {
    const record = read(key) as PushRecord | undefined
    return record && { ...record, parts: new Map(record.parts) }
  }
  const inTransaction = <T>(work: () => T): Promise<T> =>
    orFault(() => environment.changeLater(work))
  const list = () => keysIn(groupRecords).map((key) => read(key) as GroupRecord)

  return {
    async find(key) {
      environment.refresh()
      return find(key)
    },
    async list() {
      environment.refresh()
      return list().sort((a, b) => a.id - b.id)
    },
    create: async (group) =>
      environment.change(() => {
        if (find(group.key) !== undefined) return undefined
        const id = ((read(metaKey('lastGroupId')) as number | undefined) ?? 0) + 1
        const record: GroupRecord = { ...group, id }
        write(metaKey('lastGroupId'), id)
        write(groupRecordKey(group.key), record)
        return record
      }),
    change: async (key, change) =>
      environment.change(() => {
        const record = find(key)
        if (record === undefined) return undefined
        const changed: GroupRecord = { ...change(record), id: record.id, key }
        write(groupRecordKey(key), changed)
        return changed
      }),
    // Its pushes are seen by nobody any more, and freed by the next sweep.
    remove: async (key) =>
      environment.change(() => {
        const record = find(key)
        if (record !== undefined) db.removeSync(groupRecordKey(key))
        return record
      }),
    // Waits for the write lock on a thread of its own: a server calls it.
    tell: (groupId, id, told, afterMs) =>
      inTransaction(() => {
        const key = groupPushKey(groupId, id)
        const held = findPush(key)
        const push = joined(held !== undefined && held.toldAtMs >= afterMs ? held : undefined, told)
        if (typeof push !== 'number') {
          write(key, { parts: [...push.parts], toldAtMs: push.toldAtMs } satisfies PushRecord)
        }
        return push
      }),
    pushes: (groupId, ids: readonly GroupMsgId[]) =>
      orFault(() => {
        environment.refresh()
        return ids.map((id) => findPush(groupPushKey(groupId, id)))
      }),
    sweep: async (afterMs) => {
      let start: Uint8Array | undefined = groupPushes.start
      while (start !== undefined) {
        const from: Uint8Array = start
        start = await inTransaction(() => {
          const alive = new Set(list().map(({ id }) => id))
          const range = { start: from, end: groupPushes.end }
          const keys = environment.keysIn(range, keysAStep)
          for (const key of keys) {
            const isLost = !alive.has(groupIdOfPush(key))
            if (isLost || (findPush(key)?.toldAtMs ?? 0) < afterMs) db.removeSync(key)
          }
          const last = keys.at(-1)
          // The next key sorts just behind the last one looked at.
          return last && behind(last)
        })
      }
    },
  }
}

/** Both together, or the number of an app of which they tell different messages. */
const joined = (before: GroupPush | undefined, told: GroupPush): GroupPush | number => {
  const parts = new Map(before?.parts)
  for (const [appId, msgId] of told.parts) {
    if ((parts.get(appId) ?? msgId) !== msgId) return appId
    parts.set(appId, msgId)
  }
  return { parts, toldAtMs: Math.max(before?.toldAtMs ?? 0, told.toldAtMs) }
}
