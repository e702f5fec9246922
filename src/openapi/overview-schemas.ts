// The schemas of what a page for people asks: the newest messages, their hours, days, and the feed.
import { KINDS, STAGES } from '../ledger/channel.ts'
import { refusedLinesKept } from '../ledger/ingest-history.ts'
import { REFUSALS } from '../ledger/refusal.ts'
import { countsSchema } from './report-schema.ts'
import { list, object, ref, type Schema, type Schemas } from './schema.ts'

const text: Schema = { type: 'string' }
const whole: Schema = { type: 'integer', minimum: 0 }
const day: Schema = { type: 'string', format: 'date' }
const hour: Schema = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2} \\d{2}$' }

const stages = Object.fromEntries(STAGES.map((stage) => [stage, ref('Positive')]))

export const overviewSchemas: Schemas = {
  StageCounts: object({}, stages, {
    description: 'Distinct devices by stage; a stage that none reached is left out.',
  }),
  RecentMessage: object(
    {
      msg_id: ref('MsgId'),
      first_hour: { ...hour, description: 'Of the earliest time told of it.' },
      latest_day: { ...day, description: 'Of the latest.' },
      settled: { type: 'boolean', description: 'Nothing was told of today or yesterday.' },
    },
    Object.fromEntries(KINDS.map((kind) => [kind, ref('StageCounts')])),
  ),
  RecentMessages: object({
    items: list(ref('RecentMessage')),
    next: {
      type: ['string', 'null'],
      description: 'What to ask for as `before` to go on; null at the end.',
    },
  }),
  StageHour: object({ hour }, stages),
  MessageHours: object({
    msg_id: ref('MsgId'),
    hours: list(ref('StageHour'), { description: 'Rising; only hours with data.' }),
  }),
  DayCounts: countsSchema('/messages/detail', {}),
  DayTotals: object({
    day,
    messages: whole,
    counts: ref('DayCounts', 'The counts of each message, added.'),
  }),
  Days: object({ days: list(ref('DayTotals')) }),
  FeedHour: object({
    hour: { ...hour, description: "Of the server's clock, in the time zone of the app." },
    bodies: whole,
    accepted: { ...whole, description: 'Facts told in accepted lines.' },
    repeated: {
      type: ['integer', 'null'],
      minimum: 0,
      description: 'How many of them were held already; null where the store cannot tell.',
    },
    refused: object({}, Object.fromEntries(REFUSALS.map((code) => [code, ref('Positive')])), {
      description: 'Lines refused, by code.',
    }),
  }),
  RefusedLine: object({
    at: { type: 'string', format: 'date-time' },
    line: { type: 'integer', minimum: 1 },
    code: ref('RefusalCode'),
    message: text,
    text: { ...text, description: 'How the line began.' },
  }),
  FeedHistory: object({
    hours: list(ref('FeedHour'), { description: 'Rising; only hours with data.' }),
    refused_lines: list(ref('RefusedLine'), {
      maxItems: refusedLinesKept,
      description: 'The last that were refused, the newest first.',
    }),
  }),
}
