// GET /v1/days: the messages of each day added up.
import { days } from '../../report/days.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const daysRoute: AppEndpoint = {
  path: '/v1/days',
  method: 'GET',
  access: 'report',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await days.answer(store, app, days.parse(query), nowMs)),
}
