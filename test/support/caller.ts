// Whoever speaks to a running server with the credentials of an app: tells it lines, asks its reports.

import type { Credentials } from './program.ts'

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [k: string]: Json }

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed text; ids above 2^53 come as strings. */
  readonly body: Json
}

export interface Summary {
  readonly accepted: number
  readonly repeated: number
  readonly refused: number
}

export interface Caller {
  ask(path: string, init?: RequestInit): Promise<Answer>
  /** One body of events. */
  tell(lines: readonly object[]): Promise<Answer>
  /** The same, and everything must be accepted. */
  told(lines: readonly object[]): Promise<Summary>
  /** How many android devices received each message; null for none. */
  received(msgIds: readonly string[]): Promise<(number | null)[]>
  statuses(msgId: string, devices: readonly string[]): Promise<Map<string, number>>
  /** The code of the fault that a question is answered with; 0 for none. */
  faultOf(path: string): Promise<number>
}

const idsAtOnce = 100
const devicesAtOnce = 1000

export const callerOf = (url: string, { key, secret }: Credentials): Caller => {
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`
  const ask: Caller['ask'] = async (path, init = {}) => {
    const headers = { authorization, ...init.headers }
    const response = await fetch(url + path, { ...init, headers })
    const text = await response.text()
    const body = JSON.parse(text) as Json
    return { status: response.status, headers: response.headers, text, body }
  }
  const tell: Caller['tell'] = (lines) =>
    ask('/v1/events', { method: 'POST', body: lines.map((l) => JSON.stringify(l)).join('\n') })
  const read = async (path: string, init?: RequestInit): Promise<unknown> => {
    const { status, text, body } = await ask(path, init)
    if (status !== 200) throw new Error(`${path} is answered ${status}: ${text}`)
    return body
  }
  return {
    ask,
    tell,
    told: async (lines) => {
      const { status, text, body } = await tell(lines)
      if (status !== 200) throw new Error(`the body is answered ${status}: ${text}`)
      return body as unknown as Summary
    },
    received: async (msgIds) => {
      const pieces = piecesOf(msgIds, idsAtOnce).map(async (piece) => {
        const body = await read(`/v3/received?msg_ids=${piece.join(',')}`)
        return body as { android_received: number | null }[]
      })
      return (await Promise.all(pieces)).flat().map((item) => item.android_received)
    },
    statuses: async (msgId, devices) => {
      const pieces = piecesOf(devices, devicesAtOnce).map(async (piece) => {
        const body = JSON.stringify({ msg_id: msgId, registration_ids: piece })
        const answer = await read('/v3/status/message', { method: 'POST', body })
        return Object.entries(answer as Record<string, { status: number }>)
      })
      const entries = (await Promise.all(pieces)).flat()
      return new Map(entries.map(([device, { status }]) => [device, status]))
    },
    faultOf: async (path) => {
      const { status, body } = await ask(path)
      if (status === 200) return 0
      return (body as { error: { code: number } }).error.code
    },
  }
}

const piecesOf = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
