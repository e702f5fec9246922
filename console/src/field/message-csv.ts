// Messages as a table for spreadsheets: a row each, every stage of both kinds. The names of its columns
// are those of the API, whatever the language, so that a sheet works for everyone.
import type { RecentMessage } from '../../../src/http/endpoint/wire.ts'
import { asValue, csvOf } from '../csv.ts'
import { KINDS } from './channel-counts.ts'
import { ALL_STAGES } from './stage.ts'

const header = [
  'msg_id',
  'first_hour',
  'latest_day',
  'settled',
  ...KINDS.flatMap((kind) => ALL_STAGES.map((stage) => `${kind}_${stage}`)),
]

export const messageCsv = (messages: readonly RecentMessage[]): string =>
  csvOf(
    header,
    messages.map((message) => [
      message.msg_id,
      asValue(message.first_hour),
      asValue(message.latest_day),
      asValue(String(message.settled)),
      ...KINDS.flatMap((kind) => ALL_STAGES.map((stage) => message[kind]?.[stage] ?? 0)),
    ]),
  )
