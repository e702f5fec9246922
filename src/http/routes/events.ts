// POST /v1/events: how a gateway tells what happened. Carries the body to ingest/ and its summary
// back; says by the status whether nothing, some or all of it was refused.
import type { Ingest } from '../../ingest/ingest.ts'
import type { AppEndpoint } from '../endpoint.ts'
import { faultBody } from '../fault-response.ts'
import type { EventsBody } from '../wire.ts'

export const eventsRoute = (ingest: Ingest, bodyBytesMax: number): AppEndpoint => ({
  path: '/v1/events',
  method: 'POST',
  access: 'feed',
  answer: async ({ app, body, nowMs, gone }) => {
    const { accepted, repeated, refused, errors } = await ingest(
      app,
      await body(bodyBytesMax),
      nowMs,
      gone,
    )
    const summary: EventsBody = { accepted, repeated, refused, errors }
    if (refused === 0) return { status: 200, body: JSON.stringify(summary) }
    if (accepted > 0) return { status: 207, body: JSON.stringify(summary) }
    const all = { ...summary, ...faultBody('badParameter', 'Every line was refused: see errors') }
    return { status: 400, body: JSON.stringify(all) }
  },
})
