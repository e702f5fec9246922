// The client that users of the package import as `pushledger/client`: a method for each operation of
// the OpenAPI document, over the fetch of any runtime. What a server refuses is a value, not an
// exception; nothing is tried again.
import { type FaultCode, OPERATIONS, type Operations } from './api.ts'

export type * from './api.ts'

/** An app's or a group's own, or a feed token, which may only tell. */
export type Credentials =
  | { readonly key: string; readonly secret: string }
  | { readonly token: string }

export interface ClientSettings {
  /** Where the server is, `https://ledger.example`; a path in it stands before all paths. */
  readonly url: string
  readonly credentials?: Credentials
  /** How long an answer may take, in milliseconds. Default: 30 seconds. */
  readonly timeoutMs?: number
  /** In place of the global one. */
  readonly fetch?: typeof fetch
}

/** Why a call was not answered as asked. */
export interface CallFault<Body = unknown> {
  /** 0 where nobody answered. */
  readonly status: number
  /** Undefined where something else than a pushledger server answered, or nobody. */
  readonly code: FaultCode | undefined
  readonly message: string
  /** What the server said besides; of events, which lines were refused. */
  readonly body: Body | undefined
  /** After how many seconds to try again, where the server says so. */
  readonly retryAfterSeconds: number | undefined
}

export type Result<Answer, Refusal> =
  | { readonly ok: true; readonly status: number; readonly data: Answer }
  | { readonly ok: false; readonly fault: CallFault<Refusal> }

type Ask<Operation extends keyof Operations> = Operations[Operation]['ask'] extends undefined
  ? []
  : [ask: Operations[Operation]['ask']]

/** One method for each operation, by its id. */
export type Client = {
  readonly [Operation in keyof Operations]: (
    ...ask: Ask<Operation>
  ) => Promise<Result<Operations[Operation]['answer'], Operations[Operation]['refusal']>>
}

const defaultTimeoutMs = 30_000

export const openClient = (settings: ClientSettings): Client => {
  const base = settings.url.replace(/(?<!\/)\/+$/, '')
  const headers = headersOf(settings.credentials)
  const { fetch: send = fetch, timeoutMs = defaultTimeoutMs } = settings
  const methods = Object.entries(OPERATIONS).map(([id, { method, path }]) => {
    const ask = async (asked?: object): Promise<Result<unknown, unknown>> => {
      const isQuery = method === 'GET' && asked !== undefined
      const target = `${base}${path}${isQuery ? `?${queryOf(asked)}` : ''}`
      const body = method === 'POST' ? { body: textOf(asked) } : {}
      try {
        const signal = AbortSignal.timeout(timeoutMs)
        const response = await send(target, { method, headers, signal, ...body })
        return resultOf(response, parsed(await response.text()))
      } catch (error) {
        return { ok: false, fault: silence(error) }
      }
    }
    return [id, ask]
  })
  return Object.fromEntries(methods) as Client
}

/** The value of an Authorization header. */
export const authorizationOf = (credentials: Credentials): string => {
  if ('token' in credentials) return `Bearer ${credentials.token}`
  return `Basic ${btoa(`${credentials.key}:${credentials.secret}`)}`
}

const headersOf = (credentials: Credentials | undefined): Record<string, string> => ({
  'content-type': 'application/json',
  ...(credentials !== undefined && { authorization: authorizationOf(credentials) }),
})

const queryOf = (asked: object): string =>
  Object.entries(asked)
    .map(([name, value]) => `${name}=${encodeURIComponent([value].flat().map(whole).join())}`)
    .join('&')

const textOf = (asked: unknown): string => JSON.stringify(asked, (_key, value) => whole(value))

/** A number that may have lost digits already asks about another message: it is not sent. */
const whole = (value: unknown): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  throw new RangeError(`${value} has lost digits: write ids above 2^53 − 1 as text`)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const resultOf = ({ ok, status, headers }: Response, body: unknown): Result<unknown, unknown> => {
  if (ok && body !== undefined) return { ok, status, data: body }
  const { error } = (body ?? {}) as { error?: { code: FaultCode; message: string } }
  const { code, message = 'the answer is none of a pushledger server' } = error ?? {}
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const retryAfterSeconds = Number.isNaN(seconds) ? undefined : seconds
  return { ok: false, fault: { status, code, message, body, retryAfterSeconds } }
}

const silence = (error: unknown): CallFault => {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  const why = cause instanceof Error ? cause.message : ''
  const told = why === '' ? message : `${message}: ${why}`
  return {
    status: 0,
    code: undefined,
    message: told,
    body: undefined,
    retryAfterSeconds: undefined,
  }
}
