// POST /status/message: how one message stands on each of up to 1000 devices, as of the end of a day.
// The body decides, never its Content-Type. The answer is written by hand: a device may be called
// `__proto__` or `123`, and neither may get lost or change its place.

import { type Day, formatDay, parseDay } from '../ledger/day.ts'
import { Fault } from '../ledger/fault.ts'
import { type MsgId, parseRegistrationId } from '../ledger/ids.ts'
import { STATUS } from '../ledger/status.ts'
import type { App, Store } from '../ledger/store.ts'
import { parseObject } from '../runtime/json.ts'

interface StatusQuestion {
  readonly msgId: MsgId
  /** As asked, each once. One that breaks the rule of ids is an id of no device. */
  readonly ids: readonly string[]
  readonly asOf: Day
}

export const registrationIdsMax = 1000

const parse = (body: Uint8Array, app: App, nowMs: number): StatusQuestion => {
  const ask = parseObject(body)
  return {
    msgId: ask.msgId('msg_id') ?? noMsgId(),
    ids: idsOf(ask.value('registration_ids')),
    // Older clients write `data` for `date`, as the page itself once did.
    asOf: dayOf(ask.value('date') ?? ask.value('data') ?? undefined, app.zone.dayOf(nowMs)),
  }
}

const answer = async (
  store: Store,
  app: App,
  ask: StatusQuestion,
  nowMs: number,
): Promise<string> => {
  const { msgId, ids, asOf } = ask
  const devices = ids.flatMap((id) => parseRegistrationId(id) ?? [])
  const statuses =
    devices.length === 0 ? [] : await store.statuses(app, { msgId, devices, asOf, nowMs })
  const statusOf = new Map<string, number | undefined>(devices.map((id, i) => [id, statuses[i]]))
  const entries = ids.map(
    (id) => `${JSON.stringify(id)}:{"status":${statusOf.get(id) ?? STATUS.notOfThisApp}}`,
  )
  return `{${entries.join(',')}}`
}

export const status: { readonly parse: typeof parse; readonly answer: typeof answer } = {
  parse,
  answer,
}

const noMsgId = (): never => {
  throw bad('msg_id must be an integer from 1 to 9223372036854775807')
}

const idsOf = (value: unknown): readonly string[] => {
  const list: unknown = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list)) throw bad('registration_ids must be an array of ids')
  if (list.length > registrationIdsMax) {
    throw bad(`registration_ids may hold at most ${registrationIdsMax} ids, not ${list.length}`)
  }
  return [...new Set(list.map(textOf))]
}

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  throw bad('registration_ids may hold only strings')
}

const dayOf = (value: unknown, today: Day): Day => {
  if (value === undefined) return today
  const day = typeof value === 'string' ? parseDay(value) : undefined
  if (day === undefined) throw bad('date must be a real day, written yyyy-mm-dd')
  if (day > today) throw bad(`date must not lie in the future: today is ${formatDay(today)}`)
  return day
}

const bad = (message: string): Fault => new Fault('badParameter', message)
