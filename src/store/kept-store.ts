// A store whose messages expire as of a time that is handed in, in place of the time of each call: how a
// clock that is not believed is kept from expiring anything. Every other answer is the store's own.
import type { Store } from '../ledger/store.ts'

/** `asOf` is called with the time of a call, and never gives a later one. */
export const openKeptStore = (store: Store, asOf: (nowMs: number) => number): Store => ({
  append: (app, told, nowMs, keptMs = asOf(nowMs)) => store.append(app, told, nowMs, keptMs),
  counts: (app, msgIds, nowMs) => store.counts(app, msgIds, asOf(nowMs)),
  statuses: (app, ask) => store.statuses(app, { ...ask, nowMs: asOf(ask.nowMs) }),
  users: (app, slots) => store.users(app, slots),
  messages: (app, after, limit, nowMs) => store.messages(app, after, limit, asOf(nowMs)),
  facts: (app, ask, nowMs) => store.facts(app, ask, asOf(nowMs)),
  recent: (app, ask, nowMs) => store.recent(app, ask, asOf(nowMs)),
  stageHours: (app, msgId, nowMs) => store.stageHours(app, msgId, asOf(nowMs)),
  totals: (app, days) => store.totals(app, days),
  feed: (app, from, to, nowMs) => store.feed(app, from, to, asOf(nowMs)),
  sweep: (app, nowMs) => store.sweep(app, asOf(nowMs)),
  removeApp: (appId) => store.removeApp(appId),
  close: () => store.close(),
})
