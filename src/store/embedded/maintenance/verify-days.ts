// The totals kept of each day, beside the messages that began on it.
import { type Day, dayOfHour, firstHourOf, formatDay, hoursPerDay } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { readHeader } from '../device-set/header.ts'
import { Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import {
  dayTotalsKey,
  listedIn,
  messageHeaders,
  messageKey,
  msgIdOfKey,
  readListedKey,
} from '../lmdb/key.ts'
import { eachKey } from '../query/scan.ts'
import { readOffsets } from '../rollups/hour-index.ts'
import { countIn, isInTotals, readTotals, type Totals } from '../rollups/message-index.ts'
import { recountOf } from '../rollups/recounting.ts'
import { found, type Watch } from './finding.ts'

/** A day also counts messages that were forgotten since, so its totals may be more than those held. */
export const checkDays = (
  environment: Environment,
  appId: number,
  about: (what: string) => string,
  watch: Watch,
): void => {
  const sums = new Map<Day, Totals>()
  eachKey(environment, messageHeaders(appId), (key) => addTo(sums, environment, appId, key))
  for (const [day, sum] of sums) {
    const name = about(`the totals of ${formatDay(day)}`)
    watch.onPlace(name)
    found(watch, name, () => {
      const isRight = (counted: Totals): boolean =>
        isOf(totalsAt(environment, dayTotalsKey(appId, day)), counted)
      environment.refresh()
      if (isRight(sum)) return
      // A server may have counted on since the walk came by: both of one snapshot.
      environment.refresh()
      if (!isRight(sumOf(environment, appId, day)))
        throw new Error('they are not those of its messages')
    })
  }
}

const totalsAt = (environment: Environment, key: Uint8Array): Totals => {
  const recount = recountOf(environment)
  return readTotals(environment.read(key), environment.numbering().messages, recount)
}

const noTotals = (environment: Environment): Totals =>
  readTotals(undefined, environment.numbering().messages, undefined)

/** Values that are damaged are findings already, where their own kind is checked. */
const addTo = (
  sums: Map<Day, Totals>,
  environment: Environment,
  appId: number,
  header: Uint8Array,
): void => {
  try {
    const body = environment.read(header)
    if (body === undefined) return
    const kind = environment.numbering().messages
    const { firstHour, sizes } = readHeader(body, kind)
    const day = dayOfHour(firstHour)
    const sum = sums.get(day) ?? noTotals(environment)
    sums.set(day, sum)
    sum.messages += 1
    const msgId = msgIdOfKey(header) as MsgId
    const isPart = isInTotals(kind, recountOf(environment), appId, firstHour, msgId)
    countIn(sum.counts, sizes, 1, isPart)
  } catch (cause) {
    if (!(cause instanceof Damage)) throw cause
  }
}

const sumOf = (environment: Environment, appId: number, day: Day): Totals => {
  const sums = new Map<Day, Totals>()
  const hours = listedIn(appId, firstHourOf(day), firstHourOf(day) + hoursPerDay - 1)
  for (const block of environment.keysIn(hours, Number.MAX_SAFE_INTEGER)) {
    const { id } = readListedKey(block)
    for (const offset of readOffsets(environment.read(block))) {
      addTo(sums, environment, appId, messageKey(appId, String(id + BigInt(offset)) as MsgId))
    }
  }
  return sums.get(day) ?? noTotals(environment)
}

const isOf = (kept: Totals, held: Totals): boolean => {
  const forgotten = kept.messages - held.messages
  return held.counts.every((count, i) => {
    const more = (kept.counts[i] ?? 0) - count
    return forgotten === 0 ? more === 0 : forgotten > 0 && more >= 0
  })
}
