// GET /v3/received/detail: delivered devices per message, by way of delivery.
import { receivedDetail } from '../../report/received-detail.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const receivedDetailRoute: AppEndpoint = {
  path: '/v3/received/detail',
  method: 'GET',
  access: 'report',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await receivedDetail.answer(store, app, receivedDetail.parse(query), nowMs)),
}
