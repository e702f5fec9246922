// POST /v3/status/message: the status of one message on each of up to 1000 devices.
import { status } from '../../report/status.ts'
import { type AppEndpoint, ok } from '../endpoint/endpoint.ts'

// A thousand ids of 512 bytes, each on a line of its own, take less; and so much JSON is parsed at a stretch.
const bodyBytesMax = 655_360

export const statusRoute: AppEndpoint = {
  path: '/v3/status/message',
  method: 'POST',
  access: 'report',
  answer: async ({ store, app, body, nowMs }) => {
    const ask = status.parse(await body(bodyBytesMax), app, nowMs)
    return ok(await status.answer(store, app, ask, nowMs))
  },
}
