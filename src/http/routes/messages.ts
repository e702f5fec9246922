// GET /v3/messages: the stages of a message per platform (VIP, old).
import { messages } from '../../report/messages.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const messagesRoute: AppEndpoint = {
  path: '/v3/messages',
  method: 'GET',
  access: 'vip',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await messages.answer(store, app, messages.parse(query), nowMs)),
}
