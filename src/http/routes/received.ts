// GET /v3/received: delivered devices per message (old).
import { received } from '../../report/received.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const receivedRoute: AppEndpoint = {
  path: '/v3/received',
  method: 'GET',
  access: 'report',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await received.answer(store, app, received.parse(query), nowMs)),
}
