// Everything a caller may be told went wrong, in one table: the source of the answers on the wire
// and of docs/reference/errors.md. Codes are part of the API: a retired one is never reused.

export const FAULTS = {
  internal: { code: 10, status: 500, text: 'Internal error' },
  rateLimited: { code: 2002, status: 429, text: 'Rate limit exceeded' },
  notPermitted: { code: 2003, status: 403, text: 'No right to use this interface' },
  unauthorized: { code: 3001, status: 401, text: 'Basic authentication failed' },
  badParameter: { code: 3002, status: 400, text: 'A parameter is missing or invalid' },
  timeUnitMismatch: { code: 3004, status: 400, text: 'time_unit and start do not match' },
  tooFarBack: { code: 3005, status: 400, text: 'Only the last 60 days can be queried' },
  malformed: { code: 400, status: 400, text: 'The request is not well-formed HTTP' },
  notFound: { code: 404, status: 404, text: 'There is nothing at this path' },
  methodNotAllowed: { code: 405, status: 405, text: 'This path does not take this method' },
  requestTimeout: { code: 408, status: 408, text: 'The request took too long to arrive' },
  bodyTooLarge: { code: 413, status: 413, text: 'The body is too large' },
  unsupportedEncoding: {
    code: 415,
    status: 415,
    text: 'The Content-Encoding is not understood',
  },
  expectationFailed: { code: 417, status: 417, text: 'Expect can only be 100-continue' },
  headersTooLarge: { code: 431, status: 431, text: 'The request headers are too large' },
  unavailable: { code: 503, status: 503, text: 'The server cannot take this now; try again' },
} as const satisfies Record<string, { code: number; status: number; text: string }>

export type FaultName = keyof typeof FAULTS

/** The only error class that reaches a caller; its message is shown, its cause only logged. */
export class Fault extends Error {
  readonly fault: FaultName
  /** For `unavailable` and `rateLimited`: whole seconds after which to try again. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    fault: FaultName,
    message?: string,
    options?: { cause?: unknown; retryAfterSeconds?: number },
  ) {
    super(message ?? FAULTS[fault].text, options?.cause === undefined ? {} : options)
    this.name = 'Fault'
    this.fault = fault
    this.retryAfterSeconds = options?.retryAfterSeconds
  }
}
