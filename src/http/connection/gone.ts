// A signal for clients that have gone: their connection ended before the response was sent.
import type { ServerResponse } from 'node:http'
import { Fault } from '../../ledger/fault.ts'

/** The signal of calls without a body, which cost next to nothing. */
export const neverGone: AbortSignal = new AbortController().signal

/**
 * Fires when the connection ends before the response was sent. The reason is a Fault, which no
 * client reads.
 */
export const goneOf = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController()
  const leave = (): void => {
    if (response.writableFinished) return
    controller.abort(new Fault('unavailable', 'the client has gone'))
  }
  if (response.destroyed) leave()
  else response.once('close', leave)
  return controller.signal
}
