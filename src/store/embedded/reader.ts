// What may be read by whoever has the directory open, the owner or not: everything that needs no table
// of devices in memory.
import { firstHourOf } from '../../ledger/day.ts'
import { feedDaysKept } from '../../ledger/feed.ts'
import type { Reader } from '../../ledger/store.ts'
import { inSlices } from '../../pace.ts'
import { readDays, walkRecent } from './catalogue.ts'
import type { Environment } from './environment.ts'
import { readFeed } from './feed.ts'
import { readCounts, readUsers } from './read.ts'
import { walkStageHours } from './stage-hours.ts'
import { orFault } from './store-fault.ts'
import { readFacts, walkMessages } from './walk.ts'

export const openReader = (environment: Environment, keepDays: number): Reader => ({
  counts: (app, msgIds, nowMs) =>
    orFault(() => {
      environment.refresh()
      return readCounts(environment, app, msgIds, app.zone.dayOf(nowMs) - keepDays)
    }),
  users: (app, slots) =>
    orFault(() => {
      environment.refresh()
      return readUsers(environment, app, slots)
    }),
  messages: (app, after, limit, nowMs) =>
    orFault(() =>
      inSlices(walkMessages(environment, app, after, limit, app.zone.dayOf(nowMs) - keepDays)),
    ),
  facts: (app, ask, nowMs) =>
    orFault(() => readFacts(environment, app, ask, app.zone.dayOf(nowMs) - keepDays)),
  recent: (app, ask, nowMs) =>
    orFault(() => inSlices(walkRecent(environment, app, ask, app.zone.dayOf(nowMs) - keepDays))),
  stageHours: (app, msgId, nowMs) =>
    orFault(() =>
      inSlices(walkStageHours(environment, app, msgId, app.zone.dayOf(nowMs) - keepDays)),
    ),
  totals: (app, days) =>
    orFault(() => {
      environment.refresh()
      return readDays(environment, app, days)
    }),
  feed: (app, from, to, nowMs) =>
    orFault(() => {
      environment.refresh()
      const kept = firstHourOf(app.zone.dayOf(nowMs) - feedDaysKept)
      return readFeed(environment, app.id, Math.max(from, kept), to)
    }),
})
