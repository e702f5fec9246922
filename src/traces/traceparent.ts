// The header of W3C Trace Context by which a caller says of which trace and span its request is.
import { ownText } from '../runtime/own-text.ts'

export interface Parent {
  readonly traceId: string
  readonly spanId: string
  /** The lowest bit: whether the caller's own span is recorded. */
  readonly flags: number
}

const shape = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Undefined where there is none, or none that the standard allows: then a trace begins here. */
export const parseTraceparent = (header: unknown): Parent | undefined => {
  if (typeof header !== 'string') return undefined
  const [, version, traceId = '', spanId = '', flags = '', rest] = shape.exec(header) ?? []
  if (version === undefined || version === 'ff') return undefined
  // Versions to come may say more at the end; this one does not.
  if (version === '00' && rest !== undefined) return undefined
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined
  return { ...ownIds(traceId, spanId), flags: Number.parseInt(flags, 16) & 1 }
}

/** Copies: a span exists until it is sent, and the header may be long. */
const ownIds = (traceId: string, spanId: string) => ({
  traceId: ownText(traceId, 32),
  spanId: ownText(spanId, 16),
})
