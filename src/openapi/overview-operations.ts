// What a page for people asks, as rows of the table of endpoints.
import { DAYS_LIMITS } from '../report/days.ts'
import { FEED_LIMITS } from '../report/feed.ts'
import { RECENT_LIMITS } from '../report/recent-messages.ts'
import { openCountsShape } from '../report/shape.ts'
import { type Operation, ok, type Parameter } from './operation.ts'
import { ref } from './schema.ts'

const noCounts: unknown = JSON.parse(`{${openCountsShape('/messages/detail')([])}}`)

const fed = {
  hours: [
    {
      hour: '2014-06-12 12',
      bodies: 2,
      accepted: 6,
      repeated: 2,
      refused: { bad_msg_id: 1 },
    },
  ],
  refused_lines: [
    {
      at: '2014-06-12T04:00:00.000Z',
      line: 2,
      code: 'bad_msg_id',
      message: 'msg_id must be an integer from 1 to 9223372036854775807, as a number or in digits',
      text: '{"type":"sent","msgid":7,"platform":"ios","registration_id":"d1"}',
    },
  ],
}

const countUpTo = (
  name: string,
  { byDefault, most }: { readonly byDefault: number; readonly most: number },
  description: string,
): Parameter => ({
  name,
  description: `${description}; ${byDefault} by default.`,
  schema: { type: 'integer', minimum: 1, maximum: most },
  isOptional: true,
})

export const overview: Readonly<Record<string, Operation>> = {
  'GET /v1/messages': {
    id: 'recentMessages',
    tag: 'Overview',
    summary: 'The messages of the app, the newest first',
    description:
      'By falling first hour, then by falling number, each with how many devices reached each stage.',
    query: [
      countUpTo('limit', RECENT_LIMITS, 'How many'),
      {
        name: 'before',
        description: 'The `next` of the page before.',
        schema: { type: 'string' },
        isOptional: true,
      },
      {
        name: 'day',
        description: 'Only those whose first hour lies on this day.',
        schema: { type: 'string', format: 'date' },
        isOptional: true,
      },
    ],
    answers: ok('A page.', ref('RecentMessages')),
    faults: ['badParameter'],
    examples: {
      none: {
        query: { limit: 20, before: '389000-7', day: '2014-05-18' },
        status: 200,
        answer: { items: [], next: null },
      },
    },
  },
  'GET /v1/messages/hours': {
    id: 'messageHours',
    tag: 'Overview',
    summary: 'How many devices first reached each stage of a message, hour by hour',
    description: 'The hours of a stage add up to its devices, whatever ways they were reached by.',
    query: [{ name: 'msg_id', description: 'The message.', schema: ref('MsgIdAsked') }],
    answers: ok('None for an unknown message.', ref('MessageHours')),
    faults: ['badParameter'],
    examples: {
      unknown: {
        query: { msg_id: '404' },
        status: 200,
        answer: { msg_id: '404', hours: [] },
      },
    },
  },
  'GET /v1/days': {
    id: 'days',
    tag: 'Overview',
    summary: 'The messages of each day, added up',
    description:
      'A message is of the day of the earliest time told of it; it still counts for that day when it is not kept any more.',
    query: [countUpTo('days', DAYS_LIMITS, 'How many days, the last of them today')],
    answers: ok('Every day asked for, rising.', ref('Days')),
    faults: ['badParameter'],
    examples: {
      today: {
        query: { days: 1 },
        status: 200,
        answer: { days: [{ day: '2014-06-12', messages: 0, counts: noCounts }] },
      },
    },
  },
  'GET /v1/feed': {
    id: 'feed',
    tag: 'Overview',
    summary: 'What became of what was told',
    description: 'Hour by hour, and the last lines that were refused.',
    query: [countUpTo('hours', FEED_LIMITS, 'How many hours, the last of them the current one')],
    answers: ok('Of the app.', ref('FeedHistory')),
    faults: ['badParameter'],
    examples: {
      day: { query: { hours: 24 }, status: 200, answer: fed },
    },
  },
}
