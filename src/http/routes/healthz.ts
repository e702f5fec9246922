// GET /healthz: for whoever watches over the process. Answers once the server can serve.
import { type OpenEndpoint, ok } from '../endpoint/endpoint.ts'

export const healthzRoute: OpenEndpoint = {
  path: '/healthz',
  method: 'GET',
  access: 'open',
  answer: async () => ok('{"status":"ok"}'),
}
