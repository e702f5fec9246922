// A fault as it leaves: the status, the headers that go with it and its JSON. The only place that
// writes a fault, also for the answers that Node would otherwise give with an empty body.
import { STATUS_CODES } from 'node:http'
import { FAULTS, Fault, type FaultName } from '../../ledger/fault.ts'
import { understoodCodings } from '../body/unpack.ts'
import type { FaultBody } from './wire.ts'

export const contentType = 'application/json; charset=utf-8'

export interface FaultResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** `message` explains one case; the fault's own text is the rule. */
export const faultBody = (fault: FaultName, message: string = FAULTS[fault].text): FaultBody => ({
  error: { code: FAULTS[fault].code, message },
})

/**
 * How to log in. A browser asks for a Basic password by itself, and for nothing else. Where events are
 * sent, a token that is wrong is told so beside what else is taken there.
 */
const challenges = {
  basic: 'Basic realm="pushledger"',
  bearer: 'Bearer realm="pushledger"',
  basicOrBearer: 'Basic realm="pushledger", Bearer realm="pushledger", error="invalid_token"',
  session: 'Session realm="pushledger"',
} as const
export type Challenge = keyof typeof challenges

/** What to answer for anything thrown: a Fault says it itself, all else is an internal error. */
export const faultResponse = (error: unknown, challenge: Challenge = 'basic'): FaultResponse => {
  const fault = error instanceof Fault ? error : new Fault('internal')
  return {
    status: FAULTS[fault.fault].status,
    headers: { 'content-type': contentType, ...headersOf(fault, challenge) },
    body: JSON.stringify(faultBody(fault.fault, fault.message)),
  }
}

const headersOf = (fault: Fault, challenge: Challenge): Readonly<Record<string, string>> => {
  if (fault.fault === 'unauthorized') {
    return { 'www-authenticate': challenges[challenge] }
  }
  if (fault.fault === 'rateLimited' || fault.fault === 'unavailable') {
    return { 'retry-after': String(fault.retryAfterSeconds ?? 1) }
  }
  if (fault.fault === 'unsupportedEncoding') {
    return { 'accept-encoding': understoodCodings.join(', ') }
  }
  return {}
}

/** The bytes of a whole answer, for a connection on which Node can no longer write one. */
export const rawFaultResponse = (fault: Fault, allow?: string): string => {
  const { status, headers, body } = faultResponse(fault)
  const all = {
    ...headers,
    ...(allow !== undefined && { allow }),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`
}
