// POST /v1/events: how a gateway tells what happened. Carries the body to ingest/ and its summary
// back; says by the status whether nothing, some or all of it was refused, unless the caller wants
// no failure for lines: log shippers send a body again and again that is not answered 200.
import type { Ingest } from '../../ingest/ingest.ts'
import type { AppEndpoint } from '../endpoint/endpoint.ts'
import { contentType, faultBody } from '../endpoint/fault-response.ts'
import { handlingOf } from '../endpoint/prefer.ts'
import type { EventsBody } from '../endpoint/wire.ts'

export const eventsRoute = (ingest: Ingest, bodyBytesMax: number): AppEndpoint => ({
  path: '/v1/events',
  method: 'POST',
  access: 'feed',
  answer: async ({ app, body, nowMs, gone, headers: asked, query }) => {
    const { isLenient, headers: applied } = handlingOf(asked, query)
    const headers = { 'content-type': contentType, ...applied }
    const { accepted, repeated, refused, errors } = await ingest(
      app,
      await body(bodyBytesMax),
      nowMs,
      gone,
    )
    const summary: EventsBody = { accepted, repeated, refused, errors }
    if (refused === 0 || isLenient) return { status: 200, headers, body: JSON.stringify(summary) }
    if (accepted > 0) return { status: 207, body: JSON.stringify(summary) }
    const all = { ...summary, ...faultBody('badParameter', 'Every line was refused: see errors') }
    return { status: 400, body: JSON.stringify(all) }
  },
})
