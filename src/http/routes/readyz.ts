// GET /readyz: for whoever sends work to the server. 503 while it should get none, with the reasons; 200 with
// warnings where it should, and an operator should look.
import { type OpenEndpoint, ok } from '../endpoint/endpoint.ts'

export const readyzRoute = (
  notReady: () => readonly string[],
  warnings: () => readonly string[],
): OpenEndpoint => ({
  path: '/readyz',
  method: 'GET',
  access: 'open',
  answer: async () => {
    const reasons = notReady()
    const warned = warnings()
    if (reasons.length === 0) {
      return ok(JSON.stringify({ status: 'ready', ...(warned.length > 0 && { warnings: warned }) }))
    }
    return { status: 503, body: JSON.stringify({ status: 'not ready', not_ready: reasons }) }
  },
})
