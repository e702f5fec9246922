// What the document says of one endpoint: a row of the table in operations.ts. Who may ask, and so
// most of its faults, is the endpoint's own to say.
import type { FaultName } from '../ledger/fault.ts'
import type { Schema } from './schema.ts'

/** As in http/endpoint.ts. */
export type Access =
  | 'open'
  | 'feed'
  | 'report'
  | 'vip'
  | 'group'
  | 'group feed'
  | 'operator'
  | 'session'

/** Where an endpoint answers. */
export interface Place {
  readonly path: string
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly access: Access
}

export const TAGS = {
  Reports: 'Asking, with the key and masterSecret of an app.',
  Groups: 'Asking and telling of a group of apps, with its key and secret.',
  Overview: 'What a page for people asks, with the key and masterSecret of an app.',
  Feed: 'Telling what happened, with the masterSecret of an app or one of its feed tokens.',
  Console:
    'Logging in with a browser, which may then ask the reports of an app with its cookie and `x-pushledger-app`, the key of the app, in place of credentials.',
  Server: 'Of the server itself, without the credentials of an app.',
} as const

export interface Parameter {
  readonly name: string
  readonly description: string
  /** Of an array: joined by commas. */
  readonly schema: Schema
  readonly isOptional?: boolean
}

export interface Content {
  readonly schema: Schema
  /** How the bodies of examples are written where it is not as JSON. */
  readonly write?: (body: unknown) => string
}

export interface Operation {
  readonly id: string
  readonly tag: keyof typeof TAGS
  readonly summary: string
  readonly description: string
  readonly query?: readonly Parameter[]
  readonly headers?: readonly Parameter[]
  /** By type; the first is how clients send it. */
  readonly body?: Readonly<Record<string, Content>>
  readonly answers: readonly OperationAnswer[]
  /** A `Fault` that may say more, at one status. */
  readonly refusal?: { readonly status: number; readonly schema: Schema }
  /** Besides those of any request, of who may ask and of bodies. */
  readonly faults?: readonly FaultName[]
  readonly examples: Readonly<Record<string, Example>>
}

export interface OperationAnswer {
  readonly status: number
  readonly description: string
  /** JSON unless said otherwise. */
  readonly type?: string
  readonly schema: Schema
}

/** A question and its whole answer; a test asks it of a server that was told what the answer says. */
export interface Example {
  readonly query?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly status: number
  /** Undefined where it is too long to show. */
  readonly answer?: unknown
}

/** The one answer of an operation that has no other. */
export const ok = (description: string, schema: Schema): readonly OperationAnswer[] => [
  { status: 200, description, schema },
]
