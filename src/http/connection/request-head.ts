// Rejects request heads before anything of them is served: those that a proxy in front of this server could
// read differently, so that a request could be hidden in them.
import type { IncomingMessage } from 'node:http'
import { Fault } from '../../ledger/fault.ts'

const headerLinesMax = 100

/** The value of Node's `maxHeadersCount`, after which it drops header lines: one too many is still seen. */
export const headerLinesRead: number = headerLinesMax + 1

/** Returns undefined for a request that may be served. */
export const faultOfHead = ({
  rawHeaders,
  headers,
  httpVersion,
}: IncomingMessage): Fault | undefined => {
  // Names and values by turns.
  if (rawHeaders.length > 2 * headerLinesMax) {
    return new Fault('headersTooLarge', `A request may have at most ${headerLinesMax} header lines`)
  }
  // A missing Host is rejected too, because Node would do it with an empty body.
  const hosts = countOf(rawHeaders, 'host')
  if (hosts > 1) return new Fault('malformed', 'The request has more than one Host header')
  if (hosts === 0 && httpVersion === '1.1') {
    return new Fault('malformed', 'The request has no Host header')
  }
  const coding = headers['transfer-encoding']
  if (coding === undefined) return undefined
  if (httpVersion !== '1.1' || coding.toLowerCase() !== 'chunked') {
    return new Fault('malformed', 'Transfer-Encoding can only be chunked, and only in HTTP/1.1')
  }
  return undefined
}

const countOf = (rawHeaders: readonly string[], name: string): number => {
  let count = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const header = rawHeaders[i] as string
    if (header.length === name.length && header.toLowerCase() === name) count += 1
  }
  return count
}
