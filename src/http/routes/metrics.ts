// GET /metrics: for Prometheus, to whoever bears the token. The text is made by whoever measures.
import { type OperatorEndpoint, ok } from '../endpoint/endpoint.ts'

export interface Metrics {
  readonly text: string
  readonly contentType: string
}

/** Everything that is measured, as it is now. */
export type MetricsPage = () => Promise<Metrics>

export const metricsRoute = (token: string, page: MetricsPage): OperatorEndpoint => ({
  path: '/metrics',
  method: 'GET',
  access: 'operator',
  token,
  answer: async () => {
    const { text, contentType } = await page()
    return { ...ok(text), headers: { 'content-type': contentType } }
  },
})
