// While messages are recounted because selections were added: which of them the totals of days have the added
// sizes of. The recount goes through the list of messages from the newest hour to the oldest, because a
// message's first hour only ever gets earlier: it never comes to a place that was passed already.
import type { Hour } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { Environment } from '../lmdb/environment.ts'
import { noPlace, type Recount, readRecount } from '../lmdb/format.ts'

/** Undefined where none is under way. For who reads beside an older program, it never began. */
export const recountOf = (environment: Environment): Recount | undefined => {
  const { table, revisionOnDisk } = environment.numbering()
  const { revision } = table
  const recount = readRecount(environment.db)
  if (revision === revisionOnDisk) return recount
  return { base: recount?.base ?? revisionOnDisk, revision, appId: 0, ...noPlace }
}

/** Whether the totals of a message's day have its sizes of all selections, added ones included. */
export const isRecounted = (recount: Recount, appId: number, hour: Hour, msgId: MsgId): boolean => {
  if (appId !== recount.appId) return appId < recount.appId
  if (hour !== recount.hour) return hour > recount.hour
  return BigInt(msgId) >= BigInt(recount.id)
}
