// Cross-origin requests: programs in a browser that come from elsewhere may read answers only where
// their origin is in the settings. It opens nothing: the credentials are asked all the same.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

export interface Cors {
  /** Says on the answer that this origin may read it; true where it may. */
  mark(headers: IncomingHttpHeaders, response: ServerResponse): boolean
  /** Says what a request that a browser asks about beforehand may be. */
  answerAhead(response: ServerResponse, methods: readonly string[]): void
}

const readable =
  'ETag, Preference-Applied, Retry-After, RateLimit, RateLimit-Policy, ' +
  'X-Rate-Limit-Limit, X-Rate-Limit-Quota, X-Rate-Limit-Remaining, X-Rate-Limit-Reset'
const sendable = 'authorization, content-encoding, content-type, if-none-match, prefer'
const askAgainAfterSeconds = 7200

/** Undefined where no origin is let in. */
export const openCors = (origins: readonly string[]): Cors | undefined => {
  if (origins.length === 0) return undefined
  const known = new Set(origins)
  return {
    mark: ({ origin }, response) => {
      response.setHeader('vary', 'origin')
      if (origin === undefined || !known.has(origin)) return false
      response.setHeader('access-control-allow-origin', origin)
      response.setHeader('access-control-expose-headers', readable)
      return true
    },
    answerAhead: (response, methods) => {
      response.setHeader('access-control-allow-methods', methods.join(', '))
      response.setHeader('access-control-allow-headers', sendable)
      response.setHeader('access-control-max-age', askAgainAfterSeconds)
    },
  }
}
