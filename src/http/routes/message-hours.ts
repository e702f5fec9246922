// GET /v1/messages/hours: when the devices of a message reached each stage.
import { messageHours } from '../../report/message-hours.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

export const messageHoursRoute: AppEndpoint = {
  path: '/v1/messages/hours',
  method: 'GET',
  access: 'report',
  answer: async ({ store, app, query, nowMs }) =>
    ok(await messageHours.answer(store, app, messageHours.parse(query), nowMs)),
}
