// One question to the server and what came of it. The only place that fetches; the session's cookie
// goes along by itself, and the app's key beside it says which of the sessions is meant.
import type { FaultBody } from '../../../src/http/endpoint/wire.ts'
import { connection } from './connection.ts'
import type { Question } from './question.ts'
import { retryAfterMsOf, type Trouble } from './trouble.ts'

export type Answer<Body> =
  | { readonly body: Body; readonly text: string; readonly trouble?: undefined }
  | { readonly trouble: Trouble }

const longestMs = 30_000
/** Nobody speaks for the server itself with these. */
const statusesOfAway = new Set([502, 503, 504])

/** Never rejects. */
export const ask = async <Body>(question: Question<Body>, app?: string): Promise<Answer<Body>> => {
  try {
    const response = await fetch(question.path, initOf(question, app))
    const answer = await read<Body>(response)
    connection.set(answer.trouble?.kind === 'away' ? 'away' : 'up')
    return answer
  } catch {
    connection.set('away')
    return { trouble: { kind: 'away', retryAfterMs: 0 } }
  }
}

const initOf = ({ method = 'GET', json }: Question<unknown>, app?: string): RequestInit => ({
  method,
  credentials: 'same-origin',
  signal: AbortSignal.timeout(longestMs),
  headers: {
    ...(app !== undefined && { 'x-pushledger-app': app }),
    ...(json !== undefined && { 'content-type': 'application/json' }),
  },
  ...(json !== undefined && { body: JSON.stringify(json) }),
})

const read = async <Body>(response: Response): Promise<Answer<Body>> => {
  const text = await response.text()
  const retryAfterMs = retryAfterMsOf(response.headers.get('retry-after'), Date.now())
  if (statusesOfAway.has(response.status)) return { trouble: { kind: 'away', retryAfterMs } }
  const body = parse(text)
  if (response.ok && body !== undefined) return { body: body as Body, text }
  const { code = 0, message = '' } = (body as Partial<FaultBody> | undefined)?.error ?? {}
  if (response.status === 401) return { trouble: { kind: 'refused', message } }
  if (response.status === 429) return { trouble: { kind: 'throttled', retryAfterMs } }
  return { trouble: { kind: 'fault', status: response.status, code, message } }
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
