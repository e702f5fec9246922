// What may be read by whoever has the directory open, the owner or not: everything that needs no table
// of devices in memory.
import type { Reader } from '../../ledger/store.ts'
import { inSlices } from '../../pace.ts'
import type { Environment } from './environment.ts'
import { readCounts, readUsers } from './read.ts'
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
})
