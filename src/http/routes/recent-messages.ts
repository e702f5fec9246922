// GET /v1/messages: the messages of an app, the newest first.
import { recentMessages } from '../../report/recent-messages.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const recentMessagesRoute: AppEndpoint = {
  path: '/v1/messages',
  method: 'GET',
  access: 'report',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await recentMessages.answer(store, app, recentMessages.parse(query), nowMs)),
}
