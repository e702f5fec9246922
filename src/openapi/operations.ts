// The table of endpoints as the document tells them, by method and path. A test holds it equal to
// what the server answers.
import { PLATFORMS } from '../ledger/channel.ts'
import { GROUP_MSG_IDS } from '../report/group-messages-detail.ts'
import { GROUP_USERS_LIMITS } from '../report/group-users.ts'
import { type IdList, MSG_IDS } from '../report/query.ts'
import { registrationIdsMax } from '../report/status.ts'
import { durationMax, USERS_LIMITS, type UsersLimits } from '../report/users.ts'
import { detailExample, groupDetailExample, messagesExample } from './detail-example.ts'
import type { Limits } from './limit.ts'
import { type Content, type Operation, ok, type Parameter } from './operation.ts'
import { overview } from './overview-operations.ts'
import { list, ref, type Schema } from './schema.ts'
import { groupUsersExamples, usersExamples } from './users-example.ts'

const idList = (ids: IdList<string>, item: string): readonly Parameter[] => [
  {
    name: ids.name,
    description: `1 to ${ids.most} ids joined by commas; repeats are dropped.`,
    schema: list(ref(item), { minItems: 1, maxItems: ids.most }),
  },
]
const msgIds = idList(MSG_IDS, 'MsgIdAsked')

const json = (schema: Schema): Readonly<Record<string, Content>> => ({
  'application/json': { schema },
})
const perId = 'One item per distinct id, in the order asked; of an unknown id all counts are none.'

const usersQuery = ({ durationMax: most }: UsersLimits): readonly Parameter[] => [
  {
    name: 'time_unit',
    description: 'What a slot is.',
    schema: ref('TimeUnit'),
  },
  {
    name: 'start',
    description: 'The first slot: `2014-06-11 09`, `2014-06-11` or `2014-06`, as the unit.',
    schema: { type: 'string' },
  },
  {
    name: 'duration',
    description: `How many slots: hours end with their day, days are ${most.DAY} at most, months ${most.MONTH}.`,
    schema: { type: 'integer', minimum: 1, maximum: durationMax },
  },
]
const usersFaults = ['badParameter', 'timeUnitMismatch', 'tooFarBack'] as const
const reach = ({ daysBack }: UsersLimits): string =>
  `Times are those of the time zone; the first slot may lie ${daysBack} days back at most. A platform is there only with data.`

const reports: Readonly<Record<string, Operation>> = {
  'GET /v3/received': {
    id: 'received',
    tag: 'Reports',
    summary: 'Delivered devices per message, all of Android in one number',
    description: 'The old form of /v3/received/detail.',
    query: msgIds,
    answers: ok(perId, list(ref('ReceivedItem'))),
    faults: ['badParameter'],
    examples: {
      two: {
        query: { msg_ids: ['1613113584', '1229760629'] },
        status: 200,
        answer: [
          {
            msg_id: '1613113584',
            android_received: 62,
            ios_apns_sent: 11,
            ios_apns_received: 5,
            ios_msg_received: 3,
            wp_mpns_sent: 3,
          },
          {
            msg_id: '1229760629',
            android_received: 56,
            ios_apns_sent: 33,
            ios_apns_received: 17,
            ios_msg_received: 3,
            wp_mpns_sent: null,
          },
        ],
      },
    },
  },
  'GET /v3/received/detail': {
    id: 'receivedDetail',
    tag: 'Reports',
    summary: 'Delivered devices per message, by way of delivery',
    description: 'Our own channel and those of the vendors told apart.',
    query: msgIds,
    answers: ok(perId, list(ref('ReceivedDetailItem'))),
    faults: ['badParameter'],
    examples: {
      one: {
        query: { msg_ids: ['1613113584'] },
        status: 200,
        answer: [
          {
            msg_id: '1613113584',
            jpush_received: 62,
            android_pns_sent: 12,
            ios_apns_sent: 11,
            ios_apns_received: 5,
            ios_msg_received: 3,
            wp_mpns_sent: 3,
          },
        ],
      },
    },
  },
  'GET /v3/messages': {
    id: 'messages',
    tag: 'Reports',
    summary: 'All stages of a message per platform',
    description: 'The old form of /v3/messages/detail. For apps with VIP.',
    query: msgIds,
    answers: ok(perId, list(ref('MessagesItem'))),
    faults: ['badParameter'],
    examples: { one: messagesExample },
  },
  'GET /v3/messages/detail': {
    id: 'messagesDetail',
    tag: 'Reports',
    summary: 'All stages of a message per channel',
    description: 'For apps with VIP.',
    query: msgIds,
    answers: ok(perId, list(ref('MessagesDetailItem'))),
    faults: ['badParameter'],
    examples: { one: detailExample },
  },
  'POST /v3/status/message': {
    id: 'status',
    tag: 'Reports',
    summary: `How one message stands on each of up to ${registrationIdsMax} devices`,
    description: 'The body is JSON, whatever its Content-Type says.',
    body: json(ref('StatusAsked')),
    answers: ok('The status as of the end of the day, by registration id.', ref('Statuses')),
    examples: {
      two: {
        body: { msg_id: 327640176, registration_ids: ['1506bfd3a7c568d4761', '02078f0f1b8'] },
        status: 200,
        answer: { '1506bfd3a7c568d4761': { status: 0 }, '02078f0f1b8': { status: 2 } },
      },
    },
  },
  'GET /v3/users': {
    id: 'users',
    tag: 'Reports',
    summary: 'New, online and active devices per hour, day or month',
    description: `For apps with VIP. ${reach(USERS_LIMITS)}`,
    query: usersQuery(USERS_LIMITS),
    answers: ok('The question, and one item per slot.', ref('Users')),
    faults: usersFaults,
    examples: usersExamples,
  },
}

const groups: Readonly<Record<string, Operation>> = {
  'GET /v3/group/messages/detail': {
    id: 'groupMessagesDetail',
    tag: 'Groups',
    summary: 'All stages of a push to a group per channel',
    description: 'Each number is the sum over the apps of the group.',
    query: idList(GROUP_MSG_IDS, 'GroupMsgId'),
    answers: ok(perId, list(ref('GroupMessagesDetailItem'))),
    faults: ['badParameter'],
    examples: { one: groupDetailExample },
  },
  'GET /v3/group/users': {
    id: 'groupUsers',
    tag: 'Groups',
    summary: 'The users of the apps of a group together',
    description: `Each number is the sum over the apps of the group. ${reach(GROUP_USERS_LIMITS)}`,
    query: usersQuery(GROUP_USERS_LIMITS),
    answers: ok('The question, and one item per slot.', ref('Users')),
    faults: usersFaults,
    examples: groupUsersExamples,
  },
  'POST /v1/group/messages': {
    id: 'groupMessages',
    tag: 'Groups',
    summary: 'Tells which message of each app a push to the group was',
    description: 'Telling it again is safe; apps may be added in later bodies.',
    body: json(ref('GroupPush')),
    answers: ok('All is on disk.', ref('GroupPushTold')),
    examples: {
      one: {
        body: {
          group_msgid: 'c4hmbne09s6bbaca91vg',
          messages: { '7d431e42dfa6a6d693ac2d04': '1613113584' },
        },
        status: 200,
        answer: { group_msgid: 'c4hmbne09s6bbaca91vg', apps: 1 },
      },
    },
  },
}

const events = [
  { type: 'register', registration_id: '1a0018970a8', platform: 'android' },
  {
    type: 'sent',
    msg_id: '58545795622195712',
    registration_ids: ['1a0018970a8', '1a0018970a9'],
    channel: 'huawei',
  },
  { type: 'received', msg_id: '58545795622195712', registration_id: '1a0018970a8', channel: 'hw' },
]
const fromNowhere = { type: 'sent', msg_id: '58545795622195712', registration_id: '1a0018970a8' }
const refusal = {
  line: 1,
  code: 'bad_platform',
  message: `platform must be given where no channel implies it: one of ${PLATFORMS.join(', ')}`,
}

const ndjson = (body: unknown): string =>
  (body as readonly unknown[]).map((line) => `${JSON.stringify(line)}\n`).join('')

const feed = ({ bodyBytesMax, lineDevicesMax }: Limits): Readonly<Record<string, Operation>> => ({
  'POST /v1/events': {
    id: 'events',
    tag: 'Feed',
    summary: 'Tells what happened on devices',
    description: `An array of events, or one event a line; the first byte tells which, not the Content-Type. At most ${bodyBytesMax} bytes unpacked, and ${lineDevicesMax} devices an event. Content-Encoding may be gzip, deflate, br, or zstd where the server runs on Node 22.15 or later, and a list of up to three. Lines are accepted or refused one by one. A body may be sent again when its events carry their time.`,
    query: [
      {
        name: 'partial',
        description: 'With `ok`, rejected lines are no failure: the status is 200, not 207 or 400.',
        schema: { enum: ['ok'] },
        isOptional: true,
      },
    ],
    headers: [
      {
        name: 'prefer',
        description: 'With `handling=lenient`, the same as `partial=ok` (RFC 7240).',
        schema: { type: 'string' },
        isOptional: true,
      },
    ],
    body: {
      'application/json': { schema: list(ref('Event')) },
      'application/x-ndjson': {
        schema: { type: 'string', description: 'One Event a line.' },
        write: ndjson,
      },
    },
    answers: [
      {
        status: 200,
        description:
          'Nothing was refused, or the caller wants no failure for lines; what was accepted is on disk.',
        schema: ref('EventsSummary'),
      },
      {
        status: 207,
        description: 'Some lines were refused; the others are on disk.',
        schema: ref('EventsSummary'),
      },
    ],
    refusal: { status: 400, schema: ref('EventsRefused') },
    examples: {
      accepted: {
        body: events,
        status: 200,
        answer: { accepted: 4, repeated: 0, refused: 0, errors: [] },
      },
      some: {
        body: [fromNowhere, ...events],
        status: 207,
        answer: { accepted: 4, repeated: 0, refused: 1, errors: [refusal] },
      },
      lenient: {
        query: { partial: 'ok' },
        headers: { prefer: 'handling=lenient' },
        body: [fromNowhere],
        status: 200,
        answer: { accepted: 0, repeated: 0, refused: 1, errors: [refusal] },
      },
      none: {
        body: [fromNowhere],
        status: 400,
        answer: {
          accepted: 0,
          repeated: 0,
          refused: 1,
          errors: [refusal],
          error: { code: 3002, message: 'Every line was refused: see errors' },
        },
      },
    },
  },
})

const key = '7d431e42dfa6a6d693ac2d04'
const sessions: Readonly<Record<string, Operation>> = {
  'GET /v1/sessions': {
    id: 'sessions',
    tag: 'Console',
    summary: 'The apps that this browser is logged in to',
    description: 'By the cookies that come along; without any there is none.',
    answers: ok('They may be none.', ref('Sessions')),
    examples: { none: { status: 200, answer: { apps: [] } } },
  },
  'POST /v1/sessions': {
    id: 'logIn',
    tag: 'Console',
    summary: 'Logs this browser in to an app',
    description:
      'The answer sets a cookie of the app, which ends after 8 hours without a call, after 24 in any case, and when the server is started again. A page of another site is refused.',
    body: json(ref('LogIn')),
    answers: ok('All apps that it is logged in to now.', ref('Sessions')),
    faults: ['unauthorized', 'notPermitted'],
    examples: {
      one: {
        body: { key, secret: '5e987ac6d2e04d95a9d8f0d1' },
        status: 200,
        answer: { apps: [{ key, name: 'test', vip: true, time_zone: 'Asia/Shanghai' }] },
      },
    },
  },
  'DELETE /v1/sessions': {
    id: 'logOut',
    tag: 'Console',
    summary: 'Logs this browser out of an app',
    description: 'Its session ends at once, on the server too.',
    headers: [
      { name: 'x-pushledger-app', description: 'The key of the app.', schema: ref('AppKey') },
    ],
    answers: ok('The apps that are left.', ref('Sessions')),
    faults: ['badParameter'],
    examples: {
      last: { headers: { 'x-pushledger-app': key }, status: 200, answer: { apps: [] } },
    },
  },
}

const server: Readonly<Record<string, Operation>> = {
  'GET /healthz': {
    id: 'healthz',
    tag: 'Server',
    summary: 'Whether the process serves',
    description: 'Looks at nothing else.',
    answers: ok('It does.', ref('Health')),
    examples: { serving: { status: 200, answer: { status: 'ok' } } },
  },
  'GET /readyz': {
    id: 'readyz',
    tag: 'Server',
    summary: 'Whether the server should be sent work',
    description: 'A server that is not ready still answers.',
    answers: ok('It should.', ref('Ready')),
    refusal: { status: 503, schema: { anyOf: [ref('Fault'), ref('NotReady')] } },
    examples: { ready: { status: 200, answer: { status: 'ready' } } },
  },
  'GET /metrics': {
    id: 'metrics',
    tag: 'Server',
    summary: 'What is measured, for Prometheus',
    description: 'Here only where the server was started with a token for it.',
    answers: [
      {
        status: 200,
        description: 'The text format of Prometheus.',
        type: 'text/plain',
        schema: { type: 'string' },
      },
    ],
    examples: { whole: { status: 200 } },
  },
  'GET /openapi.json': {
    id: 'openapi',
    tag: 'Server',
    summary: 'This document',
    description: 'With the limits of this server.',
    answers: ok('OpenAPI 3.1.', { type: 'object' }),
    examples: { whole: { status: 200 } },
  },
  'GET /docs': {
    id: 'docs',
    tag: 'Server',
    summary: 'This document as a page',
    description: 'For reading. It runs no script and asks no other host.',
    answers: [{ status: 200, description: 'HTML.', type: 'text/html', schema: { type: 'string' } }],
    examples: { whole: { status: 200 } },
  },
}

/** For a server with these limits, by method and path. */
export const operationsFor = (limits: Limits): Readonly<Record<string, Operation>> => ({
  ...reports,
  ...groups,
  ...overview,
  ...feed(limits),
  ...sessions,
  ...server,
})
