// One row a message: what a report about messages says of it, and the latest day that was told of.

import type { MessageReport } from '../ledger/field.ts'
import type { MsgId } from '../ledger/ids.ts'
import { type Counts, fieldsOf, selectionOf } from '../ledger/selection.ts'
import type { App, HeldMessage, Reader } from '../ledger/store.ts'
import { openShape } from '../report/shape.ts'
import { type Column, dayText, type Page, type Table } from './table.ts'

export interface MessageRow extends HeldMessage {
  readonly counts: Counts
}

const messagesAtOnce = 500

/** Columns are the members of an item, those inside of objects joined by dots. */
export const reportsTable = (
  reader: Reader,
  app: App,
  report: MessageReport,
  nowMs: number,
): Table<MessageRow> => {
  const fields = fieldsOf(report)
  const selections = fields.map(selectionOf)
  const shape = openShape(report)
  const counted = fields.map(({ path }): Column => ({ name: path.join('.'), type: 'count' }))

  async function* pages(): AsyncGenerator<Page<MessageRow>> {
    let after: MsgId | undefined
    let held: readonly HeldMessage[]
    do {
      held = await reader.messages(app, after, messagesAtOnce, nowMs)
      const ids = held.map(({ msgId }) => msgId)
      const counts = await reader.counts(app, ids, nowMs)
      const rows = held.map((message, i) => ({ ...message, counts: counts[i] ?? [] }))
      yield { rows, part: undefined }
      after = ids.at(-1)
    } while (held.length === messagesAtOnce)
  }
  return {
    columns: [{ name: 'msg_id', type: 'id' }, { name: 'latest_day', type: 'day' }, ...counted],
    valuesOf: ({ msgId, latestDay, counts }) => [
      msgId,
      latestDay,
      ...selections.map((selection) => counts[selection] || null),
    ],
    jsonOf: ({ msgId, latestDay, counts }) =>
      `${shape(msgId, counts).slice(0, -1)},"latest_day":"${dayText(latestDay)}"}`,
    pages,
  }
}
