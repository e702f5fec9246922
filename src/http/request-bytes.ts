// Follows the bytes of one connection beside Node's parser, so that those of the request which the
// parser is at are at hand when it refuses them, however they were cut into packets. Judges nothing.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

export interface RequestBytes {
  /**
   * All that came of the request whose head is being read, and of what follows it. Undefined where
   * it is not known for sure where that request began.
   */
  current(): Buffer | undefined
  /** Holds nothing any more. */
  stop(): void
  /** To be told of each request, at the moment at which its head was read. */
  begun(request: IncomingMessage): void
}

const headEnd = '\r\n\r\n'

export const followRequests = (connection: Duplex): RequestBytes => {
  let held: Buffer = Buffer.alloc(0)
  /** So much of a body is still to come. */
  let bodyBytes = 0
  let isLost = false
  const stop = () => {
    isLost = true
    held = Buffer.alloc(0)
  }

  // Ahead of the parser, which tells of a request while it is reading this very chunk.
  connection.prependListener('data', (chunk: Buffer) => {
    const ofBody = Math.min(bodyBytes, chunk.length)
    bodyBytes -= ofBody
    if (isLost || ofBody === chunk.length) return
    const rest = chunk.subarray(ofBody)
    held = held.length === 0 ? rest : Buffer.concat([held, rest])
  })

  return {
    stop,
    current: () => (isLost ? undefined : held),
    begun: ({ headers }) => {
      const end = held.indexOf(headEnd, firstOf(held))
      // Where a body ends that is sent in chunks is known to the parser alone.
      if (end < 0 || headers['transfer-encoding'] !== undefined) return stop()
      const rest = held.subarray(end + headEnd.length)
      const length = Number(headers['content-length'] ?? 0)
      bodyBytes = Math.max(0, length - rest.length)
      held = rest.subarray(length)
    },
  }
}

/** Where a request begins: the parser skips line ends before it. */
const firstOf = (bytes: Buffer): number => {
  let at = 0
  while (bytes[at] === 0x0d || bytes[at] === 0x0a) at += 1
  return at
}
