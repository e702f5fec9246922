// GET /v1/feed: what became of what was told.
import { feed } from '../../report/feed.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const feedRoute: AppEndpoint = {
  path: '/v1/feed',
  method: 'GET',
  access: 'report',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await feed.answer(store, app, feed.parse(query), nowMs)),
}
