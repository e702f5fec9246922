// Every schema of the document by its name, made of the tables that the code uses: fields, channels,
// platforms, stages, statuses, faults, refusals, and the limits of this server.
import { CHANNEL_ALIASES, CHANNEL_NAMES, KINDS, PLATFORMS, STAGES } from '../ledger/channel.ts'
import { DEVICE_EVENTS } from '../ledger/event-batch.ts'
import { FAULTS } from '../ledger/fault.ts'
import { groupMsgIdBytesMax, registrationIdBytesMax } from '../ledger/ids.ts'
import { REFUSALS } from '../ledger/refusal.ts'
import { STATUS } from '../ledger/status.ts'
import { registrationIdsMax } from '../report/status.ts'
import { NOT_READY, WARNINGS } from '../runtime/readiness.ts'
import type { Limits } from './limit.ts'
import { overviewSchemas } from './overview-schemas.ts'
import { countSchemas, countsSchema, itemSchema } from './report-schema.ts'
import { list, object, oneOf, ref, type Schema, type Schemas } from './schema.ts'

const faults = Object.values(FAULTS)
const text: Schema = { type: 'string' }
const whole: Schema = { type: 'integer', minimum: 0 }
const digits: Schema = { type: 'string', pattern: '^[1-9][0-9]{0,18}$' }

const ids: Schemas = {
  AppKey: { type: 'string', pattern: '^[0-9a-f]{24}$', description: 'The key of an app.' },
  MsgId: { ...digits, description: 'A message: 1 … 9223372036854775807, in digits.' },
  MsgIdOrNumber: {
    description:
      'A message: as a number up to 2^53 − 1, and above as text, so that no digit is lost.',
    anyOf: [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, digits],
  },
  MsgIdAsked: {
    description:
      'A message: 1 … 9223372036854775807, as a number or in digits; all digits are kept.',
    anyOf: [{ type: 'integer', minimum: 1 }, digits],
  },
  GroupMsgId: {
    type: 'string',
    minLength: 1,
    maxLength: groupMsgIdBytesMax,
    description: `A push to a group: 1 to ${groupMsgIdBytesMax} bytes of UTF-8 without control characters, blanks and commas.`,
  },
  RegistrationId: {
    type: 'string',
    minLength: 1,
    maxLength: registrationIdBytesMax,
    description: `A device: 1 to ${registrationIdBytesMax} bytes of UTF-8 without control characters.`,
  },
}

const closedLists: Schemas = {
  Platform: oneOf(PLATFORMS),
  Channel: oneOf(
    [...CHANNEL_NAMES, ...Object.keys(CHANNEL_ALIASES)],
    'How a push travels. xiaomi, huawei and meizu are other names of xm, hw and mz.',
  ),
  Kind: oneOf(KINDS),
  Stage: oneOf(STAGES, 'What a push reached on a device.'),
  DeviceEventType: oneOf(DEVICE_EVENTS, 'What a device did.'),
  Status: oneOf(
    Object.values(STATUS),
    Object.entries(STATUS)
      .map(([name, number]) => `${number}: ${wordsOf(name)}`)
      .join(', '),
  ),
  FaultCode: oneOf([...new Set(faults.map(({ code }) => code))], 'Never changes its meaning.'),
  RefusalCode: oneOf(REFUSALS, 'Of several the first in this list is told.'),
}

/** `notOfThisApp` as words. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const fault = object({ code: ref('FaultCode'), message: { ...text, description: 'For people.' } })

const reports: Schemas = {
  ReceivedItem: itemSchema('/received'),
  ReceivedDetailItem: itemSchema('/received/detail'),
  MessagesItem: itemSchema('/messages'),
  MessagesDetailItem: itemSchema('/messages/detail'),
  GroupMessagesDetailItem: countsSchema('/messages/detail', {
    group_msgid: ref('GroupMsgId'),
    group_msgids: ref('GroupMsgId', 'The same under the other name that clients look for.'),
  }),
  StatusAsked: object(
    {
      msg_id: ref('MsgIdAsked'),
      registration_ids: list(ref('RegistrationId'), { maxItems: registrationIdsMax }),
    },
    {
      date: {
        type: 'string',
        format: 'date',
        description: 'As of the end of this day; by default today, in the time zone of the app.',
      },
    },
  ),
  Statuses: {
    type: 'object',
    description: 'One member per distinct id, in the order asked.',
    additionalProperties: object({ status: ref('Status') }),
  },
  UsersOfPlatform: object(
    {},
    {
      new: {
        ...ref('Positive'),
        description: 'Devices whose earliest registration lies in the slot.',
      },
      online: { ...ref('Positive'), description: 'Distinct devices that were online in it.' },
      active: { ...ref('Positive'), description: 'Distinct devices that were active in it.' },
    },
  ),
  UsersItem: object(
    { time: { ...text, description: 'The slot, written as the start.' } },
    Object.fromEntries(PLATFORMS.map((platform) => [platform, ref('UsersOfPlatform')])),
  ),
  Users: object({
    time_unit: ref('TimeUnit'),
    start: text,
    duration: { type: 'integer', minimum: 1 },
    items: list(ref('UsersItem')),
  }),
  TimeUnit: oneOf(['HOUR', 'DAY', 'MONTH']),
}

const devices = ({ lineDevicesMax }: Limits): Readonly<Record<string, Schema>> => ({
  registration_id: ref('RegistrationId', 'The device; this or registration_ids, not both.'),
  registration_ids: list(ref('RegistrationId'), {
    minItems: 1,
    maxItems: lineDevicesMax,
    description: 'The same event for each of these devices.',
  }),
  time: {
    description: 'When: RFC 3339 with an offset, or epoch milliseconds; by default the arrival.',
    anyOf: [{ type: 'string', format: 'date-time' }, { type: 'integer' }],
  },
})

const summary = {
  accepted: { ...whole, description: 'Facts told in accepted lines.' },
  repeated: {
    type: ['integer', 'null'],
    minimum: 0,
    description: 'How many of them were held already; null where the store cannot tell.',
  },
  refused: { ...whole, description: 'Lines refused.' },
  errors: list(ref('Refusal'), { maxItems: 100, description: 'The first 100 refusals.' }),
} as const

const telling = (limits: Limits): Schemas => ({
  DeviceEvent: object({ type: ref('DeviceEventType'), platform: ref('Platform') }, devices(limits)),
  MessageEvent: object(
    { type: ref('Stage'), msg_id: ref('MsgIdAsked') },
    {
      platform: ref('Platform', 'May be left out where the channel implies it.'),
      channel: ref('Channel', 'By default that of the platform.'),
      kind: ref('Kind', 'By default notification; on ios by jpush, message.'),
      ...devices(limits),
    },
  ),
  Event: { anyOf: [ref('DeviceEvent'), ref('MessageEvent')] },
  Refusal: object({
    line: { type: 'integer', minimum: 1, description: 'From 1; in an array, the element.' },
    code: ref('RefusalCode'),
    message: text,
  }),
  EventsSummary: object(summary),
  EventsRefused: object({ error: fault }, summary, {
    description: 'A fault; where every line was refused, with the summary.',
  }),
  GroupPush: object({
    group_msgid: ref('GroupMsgId'),
    messages: {
      type: 'object',
      minProperties: 1,
      description: 'For each app of the push, its key and its msg_id.',
      additionalProperties: ref('MsgIdAsked'),
    },
  }),
  GroupPushTold: object({
    group_msgid: ref('GroupMsgId'),
    apps: { type: 'integer', minimum: 1, description: 'How many apps the push has now.' },
  }),
})

const sessions: Schemas = {
  LogIn: object({ key: ref('AppKey'), secret: { ...text, description: 'Its masterSecret.' } }),
  SessionApp: object({
    key: ref('AppKey'),
    name: text,
    vip: { type: 'boolean', description: 'Whether it may ask the reports for VIP.' },
    time_zone: { ...text, description: 'Its days and hours are cut by it: an IANA name.' },
  }),
  Sessions: object({ apps: list(ref('SessionApp')) }),
}

/** For a server with these limits. */
export const schemasFor = (limits: Limits): Schemas => ({
  ...ids,
  ...closedLists,
  ...countSchemas,
  ...reports,
  ...overviewSchemas,
  ...telling(limits),
  ...sessions,
  Health: object({ status: oneOf(['ok']) }),
  Ready: object(
    { status: oneOf(['ready']) },
    { warnings: list(oneOf(WARNINGS), { description: 'What an operator should see to.' }) },
  ),
  NotReady: object({
    status: oneOf(['not ready']),
    not_ready: list(oneOf(NOT_READY), { description: 'Why it should get no work.' }),
  }),
  Fault: object({ error: fault }, {}, { description: faultTable() }),
})

const faultTable = (): string =>
  `Every failure of every path. ${faults
    .map(({ code, status, text: rule }) => `${code} (HTTP ${status}): ${rule}.`)
    .join(' ')}`
