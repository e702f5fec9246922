// A list of messages that grows at both ends: at its head as new ones come, at its tail as the reader
// goes on. An item that did not change stays the very same object, so that it is not drawn again.
import type { RecentMessage, RecentMessagesBody } from '../../../src/http/endpoint/wire.ts'

export interface MessageList {
  readonly items: readonly RecentMessage[]
  /** Where it goes on; null at the end. */
  readonly next: string | null
}

const isSame = (a: RecentMessage, b: RecentMessage): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

const renewed = (
  known: readonly RecentMessage[],
  page: readonly RecentMessage[],
): { readonly items: readonly RecentMessage[]; readonly fresh: readonly RecentMessage[] } => {
  const told = new Map(page.map((item) => [item.msg_id, item]))
  const items = known.map((item) => {
    const now = told.get(item.msg_id)
    told.delete(item.msg_id)
    return now === undefined || isSame(now, item) ? item : now
  })
  return { items, fresh: [...told.values()] }
}

/** With what the first page says now. */
export const withHead = (list: MessageList | undefined, page: RecentMessagesBody): MessageList => {
  if (list === undefined) return page
  const { items, fresh } = renewed(list.items, page.items)
  // Nothing in common: there may be others between, so the list begins anew.
  if (fresh.length === page.items.length) return page
  return { items: [...fresh, ...items], next: list.next }
}

export const withTail = (list: MessageList, page: RecentMessagesBody): MessageList => {
  const { items, fresh } = renewed(list.items, page.items)
  return { items: [...items, ...fresh], next: page.next }
}
