// GET /group/messages/detail: the stages of a group push per channel. A number is the sum over the
// apps, which is the size of a set too: a device of one app is never a device of another.

import { type GroupMsgId, type MsgId, parseGroupMsgId } from '../ledger/ids.ts'
import { SELECTIONS } from '../ledger/selection.ts'
import type { App, Store } from '../ledger/store.ts'
import { type IdList, parseIds, type Query } from './query.ts'
import { openCountsShape } from './shape.ts'

/** One message of each app that took part. */
export interface GroupPushAsked {
  readonly id: GroupMsgId
  readonly parts: readonly { readonly app: App; readonly msgId: MsgId }[]
}

export const GROUP_MSG_IDS: IdList<GroupMsgId> = {
  name: 'group_msgids',
  most: 10,
  rule: 'ids of 1 to 64 bytes without control characters and blanks',
  parse: parseGroupMsgId,
}

const numbersOf = openCountsShape('/messages/detail')

const answer = async (
  store: Store,
  pushes: readonly GroupPushAsked[],
  nowMs: number,
): Promise<string> => {
  const items = pushes.map(async ({ id, parts }) => {
    const sums = new Float64Array(SELECTIONS.length)
    for (const { app, msgId } of parts) {
      const [counts = []] = await store.counts(app, [msgId], nowMs)
      for (let i = 0; i < counts.length; i++) sums[i] = (sums[i] ?? 0) + (counts[i] ?? 0)
    }
    // Today's clients look for one name or the other.
    const name = JSON.stringify(id)
    return `{"group_msgid":${name},"group_msgids":${name},${numbersOf(sums)}}`
  })
  return `[${(await Promise.all(items)).join(',')}]`
}

export const groupMessagesDetail: {
  readonly parse: (query: Query) => readonly GroupMsgId[]
  readonly answer: typeof answer
} = { parse: (query) => parseIds(query, GROUP_MSG_IDS), answer }
