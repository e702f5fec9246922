// traceparent: what the standard allows is taken, all else begins a trace of its own.
import { expect, it } from 'vitest'
import { parseTraceparent } from './traceparent.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

it.each([
  [`00-${traceId}-${spanId}-01`, 1],
  [`00-${traceId}-${spanId}-00`, 0],
  [`00-${traceId}-${spanId}-fe`, 0],
  [`01-${traceId}-${spanId}-03-of-the-future`, 1],
])('%s is taken', (header, flags) => {
  expect(parseTraceparent(header)).toEqual({ traceId, spanId, flags })
})

it.each([
  undefined,
  '',
  `00-${traceId}-${spanId}`,
  `00-${traceId}-${spanId}-01-more`,
  `ff-${traceId}-${spanId}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`,
])('%s is not', (header) => {
  expect(parseTraceparent(header)).toBeUndefined()
})
