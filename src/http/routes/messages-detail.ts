// GET /v3/messages/detail: the stages of a message per channel (VIP).
import { messagesDetail } from '../../report/messages-detail.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const messagesDetailRoute: AppEndpoint = {
  path: '/v3/messages/detail',
  method: 'GET',
  access: 'vip',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await messagesDetail.answer(store, app, messagesDetail.parse(query), nowMs)),
}
