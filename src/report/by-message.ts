// What the four reports about messages have in common: they read msg_ids, ask the store for counts
// and write one item per id in the order asked. Which numbers an item holds is the shape's to know.
import type { MessageReport } from '../ledger/field.ts'
import type { MsgId } from '../ledger/ids.ts'
import type { App, Store } from '../ledger/store.ts'
import { parseMsgIds, type Query } from './query.ts'
import { openShape } from './shape.ts'

/** A report about messages: `parse` throws a Fault on a bad query, `answer` gives JSON text. */
export interface ReportByMessage {
  parse(query: Query): readonly MsgId[]
  answer(store: Store, app: App, ask: readonly MsgId[], nowMs: number): Promise<string>
}

export const openReportByMessage = (report: MessageReport): ReportByMessage => {
  const shape = openShape(report)
  return {
    parse: parseMsgIds,
    answer: async (store, app, msgIds, nowMs) => {
      const counts = await store.counts(app, msgIds, nowMs)
      return `[${msgIds.map((msgId, i) => shape(msgId, counts[i] ?? [])).join(',')}]`
    },
  }
}
