// What may be read by whoever has the directory open, the owner or not: everything that needs no table
// of devices in memory.
import { firstHourOf } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { feedDaysKept } from '../../../ledger/ingest-history.ts'
import type { Reader } from '../../../ledger/store.ts'
import { inSlices } from '../../../runtime/time-slice.ts'
import type { Environment } from '../lmdb/environment.ts'
import { orFault } from '../lmdb/fault.ts'
import { readFeed } from '../rollups/ingest-history.ts'
import { walkRecent } from '../rollups/message-index.ts'
import { walkDays } from './day-totals.ts'
import { walkSizes } from './message-sizes.ts'
import { readCounts, readUsers } from './read.ts'
import { readFacts, walkMessages } from './scan.ts'
import { walkStageHours } from './stage-hours.ts'

export const openReader = (environment: Environment, keepDays: number): Reader => ({
  counts: (app, msgIds, nowMs) =>
    orFault(async () => {
      environment.refresh()
      const firstDay = app.zone.dayOf(nowMs) - keepDays
      const lacking: number[] = []
      const counts = readCounts(environment, app, msgIds, firstDay, (place) => lacking.push(place))
      for (const place of lacking) {
        const msgId = msgIds[place] as MsgId
        const { countsOf, messages } = environment.numbering()
        const sizes = await inSlices(walkSizes(environment, app, msgId, firstDay))
        counts[place] = countsOf(sizes.dense(messages.sizeCount))
      }
      return counts
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
  totals: (app, days) => orFault(() => inSlices(walkDays(environment, app, days))),
  feed: (app, from, to, nowMs) =>
    orFault(() => {
      environment.refresh()
      const kept = firstHourOf(app.zone.dayOf(nowMs) - feedDaysKept)
      return readFeed(environment, app.id, Math.max(from, kept), to)
    }),
})
