// The bytes of one connection on their way to Node's parser. It gets them a piece at a time, so that a
// thousand requests in one packet, or a hundred bodies at once, do not hold the event loop.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { letGo } from '../../runtime/buffer-pool.ts'
import type { Pace } from '../../runtime/time-slice.ts'
import { openFraming } from './framing.ts'

export interface ConnectionBytes {
  /** Gives the parser no more bytes: those that still come are dropped. */
  stop(): void
  /** To be called for each request, at the moment at which the parser has read its head. */
  begun(request: IncomingMessage): void
}

/** To be called when Node listens for the connection's bytes, and nobody else does. */
export const followBytes = (connection: Duplex, pace: Pace): ConnectionBytes => {
  const toParser = connection.listeners('data') as ((bytes: Buffer) => void)[]
  let isStopped = false
  const { pass, begun, isBody } = openFraming((piece) => {
    if (isStopped || piece.length === 0) return
    for (const take of toParser) take(piece)
  })

  const onData = (chunk: Buffer): void => {
    const isAllBody = isBody(chunk.length)
    for (let at = 0; at < chunk.length && !isStopped; ) {
      const turn = pace()
      if (turn === undefined) at += pass(at === 0 ? chunk : chunk.subarray(at))
      else {
        connection.pause()
        void turn.then(() => connection.resume())
      }
      // Node reads on when there is room for more of the body, or for more answers.
      if (connection.isPaused() && !isStopped) {
        // Comes again when the connection is read on.
        if (at < chunk.length) connection.unshift(chunk.subarray(at))
        return
      }
    }
    if (isAllBody) letGo(chunk)
  }
  connection.on('data', onData)
  for (const take of toParser) connection.off('data', take)

  return {
    stop: () => {
      isStopped = true
    },
    begun,
  }
}
