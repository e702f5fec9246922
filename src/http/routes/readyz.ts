// GET /readyz: for whoever sends work to the server. 503 while it should get none, with the reasons.
import { type OpenEndpoint, ok } from '../endpoint.ts'

export const readyzRoute = (notReady: () => readonly string[]): OpenEndpoint => ({
  path: '/readyz',
  method: 'GET',
  access: 'open',
  answer: async () => {
    const reasons = notReady()
    if (reasons.length === 0) return ok('{"status":"ready"}')
    return { status: 503, body: JSON.stringify({ status: 'not ready', not_ready: reasons }) }
  },
})
