// The totals of days as reports ask for them. They stand there, but while messages are recounted: then those
// that the recount has yet to come to are counted here, for the selections that were added.
import type { Day } from '../../../ledger/day.ts'
import { firstHourOf, hoursPerDay } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { App, DayTotals } from '../../../ledger/store.ts'
import type { Environment } from '../lmdb/environment.ts'
import type { Recount } from '../lmdb/format.ts'
import { dayTotalsKey, messageKey } from '../lmdb/key.ts'
import { lastListed } from '../rollups/hour-index.ts'
import { countIn, isLater, readTotals, type Totals } from '../rollups/message-index.ts'
import { recountOf } from '../rollups/recounting.ts'
import { sizesAsOf, walkSizes } from './message-sizes.ts'

const messagesAtOnce = 256

/** Yields between stretches. What is told of a day meanwhile may be in its totals or not. */
export function* walkDays(
  environment: Environment,
  app: App,
  days: readonly Day[],
): Generator<void, readonly DayTotals[]> {
  const { messages: kind, countsOf, needsMore } = environment.numbering()
  const all: DayTotals[] = []
  for (const day of days) {
    environment.refresh()
    const recount = recountOf(environment)
    const totals = readTotals(environment.read(dayTotalsKey(app.id, day)), kind, recount)
    if (recount !== undefined && needsMore(recount.base) && app.id >= recount.appId) {
      yield* addUncounted(environment, app, day, recount, totals)
    }
    all.push({ messages: totals.messages, counts: countsOf(totals.counts) })
  }
  return all
}

function* addUncounted(
  environment: Environment,
  app: App,
  day: Day,
  recount: Recount,
  { counts }: Totals,
): Generator<void> {
  const kind = environment.numbering().messages
  const hours = { from: firstHourOf(day), to: firstHourOf(day) + hoursPerDay - 1 }
  const cursor = { hour: recount.hour, id: BigInt(recount.id) }
  for (let before = app.id === recount.appId ? cursor : undefined; ; ) {
    const stretch = lastListed(environment, app.id, hours, before, messagesAtOnce)
    if (stretch === undefined) return
    for (const id of stretch.ids) {
      const msgId = String(id) as MsgId
      const body = environment.read(messageKey(app.id, msgId))
      if (body === undefined) continue
      const sizes = sizesAsOf(body, kind) ?? (yield* walkSizes(environment, app, msgId, 0))
      countIn(counts, sizes, 1, isLater(kind, recount))
    }
    before = stretch.first
    yield
    environment.refresh()
  }
}
