// The bytes of one connection on their way to Node's parser. It gets them a slice at a time, so that a
// thousand requests in one packet, or a hundred bodies at once, do not hold the event loop; and those of
// the request that it is at are kept at hand for when it refuses them, however they were cut into
// packets. Judges nothing.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { letGo } from '../buffers.ts'
import type { Pace } from '../pace.ts'

export interface ConnectionBytes {
  /**
   * All that came of the request whose head is being read, and of what follows it. Undefined where
   * it is not known for sure where that request began.
   */
  current(): Buffer | undefined
  /** Gives the parser no more bytes, and holds none: what still comes is dropped. */
  stop(): void
  /** To be told of each request, at the moment at which its head was read. */
  begun(request: IncomingMessage): void
}

const headEnd = '\r\n\r\n'
// A hundred of the shortest requests. What is all of one body costs next to nothing, and is not sliced.
const sliceBytes = 4096

/** To be called when Node listens for the connection's bytes, and nobody else does. */
export const followBytes = (connection: Duplex, pace: Pace): ConnectionBytes => {
  const toParser = connection.listeners('data') as ((bytes: Buffer) => void)[]
  let held: Buffer = Buffer.alloc(0)
  /** So much of a body is still to come. */
  let bodyBytes = 0
  /** So much of what comes was here before, and put back. */
  let putBack = 0
  let isBodyPutBack = false
  let isLost = false
  let isStopped = false
  const lose = () => {
    isLost = true
    held = Buffer.alloc(0)
  }

  /** Tells whether all of it belongs to a body. */
  const hold = (chunk: Buffer): boolean => {
    const ofBody = Math.min(bodyBytes, chunk.length)
    bodyBytes -= ofBody
    if (ofBody === chunk.length) return true
    if (isLost) return false
    const rest = chunk.subarray(ofBody)
    held = held.length === 0 ? rest : Buffer.concat([held, rest])
    return false
  }
  /** Comes again when the connection is read on. */
  const putOff = (rest: Buffer, isBody: boolean): void => {
    if (rest.length === 0) return
    putBack = rest.length
    isBodyPutBack = isBody
    connection.unshift(rest)
  }
  const onData = (chunk: Buffer): void => {
    // Ahead of the parser, which tells of a request while it is reading these very bytes.
    const isMoreBody = hold(chunk.subarray(putBack))
    const isBody = isMoreBody && (putBack === 0 || isBodyPutBack)
    const step = isBody ? chunk.length : sliceBytes
    putBack = 0
    for (let at = 0; at < chunk.length && !isStopped; at += step) {
      const turn = pace()
      if (turn !== undefined) {
        connection.pause()
        putOff(chunk.subarray(at), isBody)
        void turn.then(() => connection.resume())
        return
      }
      const slice = chunk.subarray(at, at + step)
      for (const take of toParser) take(slice)
      // Node reads on when there is room for more of the body, or for more answers.
      if (!isStopped && connection.isPaused()) {
        putOff(chunk.subarray(at + step), isBody)
        return
      }
    }
    if (isBody) letGo(chunk)
  }
  connection.on('data', onData)
  for (const take of toParser) connection.off('data', take)

  return {
    stop: () => {
      isStopped = true
      if (putBack > 0) connection.read(putBack)
      lose()
    },
    current: () => (isLost ? undefined : held),
    begun: ({ headers }) => {
      const end = held.indexOf(headEnd, firstOf(held))
      // Where a body ends that is sent in chunks is known to the parser alone.
      if (end < 0 || headers['transfer-encoding'] !== undefined) return lose()
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
