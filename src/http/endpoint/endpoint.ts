// What a route is made of: where it answers, who may ask, and how it answers. Routes are data that
// app.ts serves; no route knows Fastify.

import type { IncomingHttpHeaders } from 'node:http'
import type { Group } from '../../apps/groups.ts'
import type { App, Store } from '../../ledger/store.ts'
import type { Query } from '../../report/query.ts'

export interface Answer {
  readonly status: number
  /** JSON text, unless the headers say otherwise. */
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

/** One authenticated call. */
export interface Call {
  readonly store: Store
  readonly query: Query
  readonly nowMs: number
  /** Reads the body whole: unpacked, at most this long. */
  readonly body: (bytesMax: number) => Promise<Uint8Array>
  /** Fires when the client has gone. */
  readonly gone: AbortSignal
}

export interface AppCall extends Call {
  readonly app: App
  readonly headers: IncomingHttpHeaders
}

export interface GroupCall extends Call {
  readonly group: Group
}

/** Of somebody in a browser, known by nothing but what came along. */
export interface VisitorCall extends Call {
  readonly headers: IncomingHttpHeaders
  readonly address: string | undefined
}

interface Place {
  readonly path: string
  readonly method: 'GET' | 'POST' | 'DELETE'
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
  readonly answer: (call: AppCall) => Promise<Answer>
}

/** `group`: any group, within the rate limit. `group feed`: any group, to tell. */
export interface GroupEndpoint extends Place {
  readonly access: 'group' | 'group feed'
  readonly answer: (call: GroupCall) => Promise<Answer>
}

/** `operator`: whoever has the token. */
export interface OperatorEndpoint extends Place {
  readonly access: 'operator'
  readonly token: string
  readonly answer: () => Promise<Answer>
}

/** `session`: anyone; it is where sessions begin and end. */
export interface SessionEndpoint extends Place {
  readonly access: 'session'
  readonly answer: (call: VisitorCall) => Promise<Answer>
}

/** `file`: anyone. A part of the console, for a browser and no program. */
export interface FileEndpoint extends Place {
  readonly access: 'file'
  readonly answer: (call: VisitorCall) => Promise<Answer>
}

export type Endpoint =
  | OpenEndpoint
  | AppEndpoint
  | GroupEndpoint
  | OperatorEndpoint
  | SessionEndpoint
  | FileEndpoint

export const ok = (body: string): Answer => ({ status: 200, body })
