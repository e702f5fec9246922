// The pushes of groups: which message of each app one id stands for, as long as it is kept. The counts
// are the apps' own; nothing here knows them.
import type { AppKey, GroupMsgId, MsgId } from '../ledger/ids.ts'
import type { App } from '../ledger/store.ts'
import type { GroupPush, GroupTable } from './group.ts'
import type { Group } from './groups.ts'

/** One message of one app of a group push. */
export interface PushPart {
  readonly app: App
  readonly msgId: MsgId
}

export type NotTold =
  | { readonly why: 'no member'; readonly app: AppKey }
  | { readonly why: 'another message'; readonly app: AppKey }

export interface GroupPushes {
  /** On disk when it resolves with the number of apps that the push has now; all or nothing. */
  tell(
    group: Group,
    id: GroupMsgId,
    messages: ReadonlyMap<AppKey, MsgId>,
    nowMs: number,
  ): Promise<number | NotTold>
  /** The parts of each push, in the order asked; none of one that is unknown, or kept no more. */
  find(
    group: Group,
    ids: readonly GroupMsgId[],
    nowMs: number,
  ): Promise<readonly (readonly PushPart[])[]>
  /** Frees what no `find` sees any more. */
  sweep(nowMs: number): Promise<void>
}

const msPerDay = 86_400_000

/**
 * A push is kept so many days, and one more, after it was told for the last time. `keptAsOf` gives an earlier
 * time than that of the call while the clock is not believed.
 */
export const openGroupPushes = (
  table: GroupTable,
  keepDays: number,
  keptAsOf: (nowMs: number) => number = (nowMs) => nowMs,
): GroupPushes => {
  const afterMs = (nowMs: number): number => keptAsOf(nowMs) - (keepDays + 1) * msPerDay
  const partsOf = ({ apps }: Group, push: GroupPush): readonly PushPart[] =>
    [...apps.values()].flatMap((app) => {
      const msgId = push.parts.get(app.id)
      return msgId === undefined ? [] : [{ app, msgId }]
    })
  return {
    sweep: (nowMs) => table.sweep(afterMs(nowMs)),
    tell: async (group, id, messages, nowMs) => {
      const parts = new Map<number, MsgId>()
      for (const [key, msgId] of messages) {
        const app = group.apps.get(key)
        if (app === undefined) return { why: 'no member', app: key }
        parts.set(app.id, msgId)
      }
      const told = { parts, toldAtMs: nowMs }
      const push = await table.tell(group.record.id, id, told, afterMs(nowMs))
      if (typeof push !== 'number') return partsOf(group, push).length
      const [key] = [...group.apps].find(([, app]) => app.id === push) ?? []
      if (key === undefined) throw new Error(`an app that was not told of is refused: ${push}`)
      return { why: 'another message', app: key }
    },
    find: async (group, ids, nowMs) => {
      const pushes = await table.pushes(group.record.id, ids)
      return pushes.map((push) =>
        push === undefined || push.toldAtMs < afterMs(nowMs) ? [] : partsOf(group, push),
      )
    },
  }
}
