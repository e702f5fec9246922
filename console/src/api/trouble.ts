// What may come of asking instead of a body, and how long to wait before asking again.

export type Trouble =
  /** Nobody answered, or only someone in between. */
  | { readonly kind: 'away'; readonly retryAfterMs: number }
  /** Too many questions. */
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  /** The session is over, or the credentials are wrong. */
  | { readonly kind: 'refused'; readonly message: string }
  | {
      readonly kind: 'fault'
      readonly status: number
      readonly code: number
      readonly message: string
    }

const firstWaitMs = 1_000
const longestWaitMs = 30_000
const secondOf = 1_000

/** Doubles with every failure in a row (from 1), up to 30 s, spread over the last quarter. */
export const backOffMs = (failures: number, random: () => number): number => {
  const most = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1))
  return Math.round(most * (0.75 + random() / 4))
}

/** Of a Retry-After header: seconds, or a date; 0 where it says nothing. */
export const retryAfterMsOf = (header: string | null, nowMs: number): number => {
  if (header === null) return 0
  if (/^\d+$/.test(header.trim())) return Number(header) * secondOf
  const at = Date.parse(header)
  return Number.isNaN(at) ? 0 : Math.max(0, at - nowMs)
}

/** Milliseconds until it is worth asking the same again; undefined where it never is. */
export const waitAfter = (
  trouble: Trouble,
  failures: number,
  random: () => number,
): number | undefined => {
  if (trouble.kind === 'throttled') return Math.max(secondOf, trouble.retryAfterMs)
  if (trouble.kind === 'away') return Math.max(trouble.retryAfterMs, backOffMs(failures, random))
  const isServers = trouble.kind === 'fault' && trouble.status >= 500
  return isServers ? backOffMs(failures, random) : undefined
}
