// GET /v1/messages/hours: how many devices first reached each stage of a message, hour by hour.
import { STAGES } from '../ledger/channel.ts'
import { formatHour } from '../ledger/day.ts'
import { Fault } from '../ledger/fault.ts'
import { type MsgId, parseMsgId } from '../ledger/ids.ts'
import type { App, Reader, StageHour } from '../ledger/store.ts'
import { oneOf, type Query } from './query.ts'

const parse = (query: Query): MsgId => {
  const msgId = parseMsgId(oneOf(query, 'msg_id').trim())
  if (msgId !== undefined) return msgId
  throw new Fault('badParameter', 'msg_id must be an integer from 1 to 9223372036854775807')
}

const answer = async (
  store: Pick<Reader, 'stageHours'>,
  app: App,
  msgId: MsgId,
  nowMs: number,
): Promise<string> => {
  const hours = await store.stageHours(app, msgId, nowMs)
  return JSON.stringify({ msg_id: msgId, hours: hours.map(itemOf) })
}

export const messageHours: { readonly parse: typeof parse; readonly answer: typeof answer } = {
  parse,
  answer,
}

const itemOf = ({ hour, devices }: StageHour) => ({
  hour: formatHour(hour),
  ...Object.fromEntries(
    STAGES.filter((stage) => devices[stage] > 0).map((stage) => [stage, devices[stage]]),
  ),
})
