// What a route is made of: where it answers, who may ask, and how it answers. Routes are data that
// app.ts serves; no route knows Fastify.

import type { App, Store } from '../ledger/store.ts'
import type { Query } from '../report/query.ts'

export interface Answer {
  readonly status: number
  /** JSON text. */
  readonly body: string
}

/** One authenticated call. */
export interface Call {
  readonly store: Store
  readonly app: App
  readonly query: Query
  readonly nowMs: number
  /** Reads the body whole: unpacked, at most this long. */
  readonly body: (bytesMax: number) => Promise<Uint8Array>
}

interface Place {
  readonly path: string
  readonly method: 'GET' | 'POST'
}

/** `open`: anyone. */
export interface OpenEndpoint extends Place {
  readonly access: 'open'
  readonly answer: () => Promise<Answer>
}

/**
 * `feed`: any app, also by one of its tokens. `report`: any app, within the rate limit. `vip`: and
 * only where permitted.
 */
export interface AppEndpoint extends Place {
  readonly access: 'feed' | 'report' | 'vip'
  readonly answer: (call: Call) => Promise<Answer>
}

export type Endpoint = OpenEndpoint | AppEndpoint

export const ok = (body: string): Answer => ({ status: 200, body })
