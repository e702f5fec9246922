// A group's record and the table that engines keep of groups and of their pushes: the third PORT of
// this room. A group is a set of apps with credentials of its own; a group push is one id for one
// message of each of these apps.
import type { AppKey, GroupMsgId, MsgId } from '../ledger/ids.ts'
import { parseAppKey } from '../ledger/ids.ts'
import type { HashedSecret } from './secret.ts'

/** 24 lowercase hexadecimal digits. Keys of groups and keys of apps know nothing of each other. */
export type GroupKey = string & { readonly groupKey: true }

export interface Member {
  readonly key: AppKey
  /** The engines' number of the app: an app created again with the same key is no member. */
  readonly appId: number
}

export interface GroupRecord extends HashedSecret {
  /** The engines' number of the group: given afresh at every creation, never reused. */
  readonly id: number
  readonly key: GroupKey
  readonly name: string
  /** IANA name, and that of all its apps, because days are cut by it. */
  readonly timeZone: string
  /** In the order in which they were added. */
  readonly members: readonly Member[]
  readonly createdAtMs: number
}

/** One message of each app, by the app's number. */
export type PushParts = ReadonlyMap<number, MsgId>

export interface GroupPush {
  readonly parts: PushParts
  /** The latest time it was told. */
  readonly toldAtMs: number
}

/** Every change is atomic and on disk when its promise resolves, also beside other processes. */
export interface GroupTable {
  find(key: GroupKey): Promise<GroupRecord | undefined>
  /** In order of creation. */
  list(): Promise<readonly GroupRecord[]>
  /** Gives the record a fresh id; undefined when the key is taken. */
  create(group: Omit<GroupRecord, 'id'>): Promise<GroupRecord | undefined>
  /** Undefined when there is no such group. `change` may not touch id and key. */
  change(
    key: GroupKey,
    change: (group: GroupRecord) => GroupRecord,
  ): Promise<GroupRecord | undefined>
  /** Gone at once, with all its pushes. */
  remove(key: GroupKey): Promise<GroupRecord | undefined>
  /**
   * Adds parts to a push. One that was told before `afterMs` for the last time counts as none. Where
   * another message of an app is held already nothing changes, and that app's number comes back.
   */
  tell(
    groupId: number,
    id: GroupMsgId,
    told: GroupPush,
    afterMs: number,
  ): Promise<GroupPush | number>
  /** The pushes of these ids, in their order. */
  pushes(groupId: number, ids: readonly GroupMsgId[]): Promise<readonly (GroupPush | undefined)[]>
  /** Frees pushes of removed groups, and those that were told before `afterMs` for the last time. */
  sweep(afterMs: number): Promise<void>
}

export const parseGroupKey = (text: string): GroupKey | undefined =>
  parseAppKey(text) === undefined ? undefined : (text as GroupKey)
