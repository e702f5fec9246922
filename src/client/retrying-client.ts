// The API from the caller's side, for the command line, the demo and the tests: tells bodies, asks
// reports, and is patient with a server that is away for a moment or cannot take more right now.
// Faults are values here; nothing is thrown for what a server says.
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { EventsBody } from '../http/endpoint/wire.ts'
import { type Answer, openLine, type Request } from './connection-pool.ts'
import { type CallFault, parseFault, parseSummary } from './parse-answer.ts'

export type { CallFault } from './parse-answer.ts'

/** An app's own, or a token that may only tell. */
export type Credentials =
  | { readonly key: string; readonly secret: string }
  | { readonly token: string }

export interface ClientSettings {
  /** http or https; its path, if any, stands before all paths. */
  readonly url: string
  readonly credentials: Credentials
  /** At most so many at a time; calls beyond wait for one. Default: 4. */
  readonly connections?: number
  /** How long nothing may be heard before a try is given up. Default: 30 seconds. */
  readonly timeoutMs?: number
  /**
   * How long a call is tried again, from its first failure on, while nobody answers or the answer
   * is 429, 502, 503 or 504: after waits that grow, and that are as long as Retry-After asks.
   * Default: 0, never.
   */
  readonly retryForMs?: number
  readonly onWait?: (wait: Wait) => void
}

/** Before a call is tried again. */
export interface Wait {
  readonly fault: CallFault
  readonly waitMs: number
}

export type Told =
  | { readonly summary: EventsBody; readonly fault?: undefined }
  | { readonly fault: CallFault; readonly summary?: undefined }

export interface Asked {
  /** 0 where nobody answered. */
  readonly status: number
  readonly text: string
  /** Where the status is not 200. */
  readonly fault: CallFault | undefined
}

export interface TellOptions {
  /** Packs the body on its way: for a server that is far. */
  readonly gzip?: boolean
  /** Once aborted, nothing is tried again; what is under way is still answered. */
  readonly signal?: AbortSignal
}

export interface Client {
  /** One body of events. Resolves once the server holds it, so the bytes must stay until then. */
  tell(body: Uint8Array, options?: TellOptions): Promise<Told>
  /** A GET; with a body a POST. */
  ask(path: string, body?: string): Promise<Asked>
  close(): void
}

const pack = promisify(gzip)
const defaultConnections = 4
const defaultTimeoutMs = 30_000
const firstWaitMs = 100
const longestWaitMs = 5000
const passing: readonly number[] = [0, 429, 502, 503, 504]

export const openClient = (settings: ClientSettings): Client => {
  const { connections = defaultConnections, timeoutMs = defaultTimeoutMs } = settings
  const line = openLine(settings.url, { connections, timeoutMs })
  const authorization = authorizationOf(settings.credentials)
  const call = (request: Request, signal?: AbortSignal): Promise<Answer> =>
    insist(() => line.call(request), settings, signal)

  const tell: Client['tell'] = async (body, { gzip: isPacked = false, signal } = {}) => {
    const type = { authorization, 'content-type': 'application/x-ndjson' }
    const headers = isPacked ? { ...type, 'content-encoding': 'gzip' } : type
    const bytes = isPacked ? await pack(body, { level: 1 }) : body
    const answer = await call({ path: '/v1/events', headers, body: bytes }, signal)
    const summary = parseSummary(answer.text)
    return summary === undefined ? { fault: faultOf(answer) } : { summary }
  }

  const ask: Client['ask'] = async (path, body) => {
    const bytes = body === undefined ? undefined : Buffer.from(body)
    const answer = await call({ path, headers: { authorization }, body: bytes })
    const fault = answer.status === 200 ? undefined : faultOf(answer)
    return { status: answer.status, text: answer.text, fault }
  }

  return { tell, ask, close: line.close }
}

const authorizationOf = (credentials: Credentials): string => {
  if ('token' in credentials) return `Bearer ${credentials.token}`
  const { key, secret } = credentials
  return `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`
}

const faultOf = ({ status, text }: Answer): CallFault =>
  status === 0 ? { status, code: 0, message: text } : parseFault(status, text)

const insist = async (
  attempt: () => Promise<Answer>,
  { retryForMs = 0, onWait }: ClientSettings,
  signal: AbortSignal | undefined,
): Promise<Answer> => {
  let giveUpAtMs: number | undefined
  for (let tries = 0; ; tries++) {
    const answer = await attempt()
    if (!passing.includes(answer.status) || answer.isHopeless) return answer
    giveUpAtMs ??= performance.now() + retryForMs
    const leftMs = giveUpAtMs - performance.now()
    const { retryAfterMs = 0 } = answer
    if (leftMs <= 0 || retryAfterMs > leftMs || signal?.aborted) return answer
    const growingMs = Math.min(firstWaitMs * 2 ** tries, longestWaitMs, leftMs)
    const waitMs = Math.max(retryAfterMs, growingMs)
    onWait?.({ fault: faultOf(answer), waitMs })
    if (!(await passes(waitMs, signal))) return answer
  }
}

/** Whether the time went by; false where it was cut short. */
const passes = async (ms: number, signal: AbortSignal | undefined): Promise<boolean> => {
  try {
    await wait(ms, undefined, signal === undefined ? {} : { signal })
    return true
  } catch {
    return false
  }
}
