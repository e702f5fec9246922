// Whether anybody still waits for an answer: nobody does once the connection has ended before the answer left.
import type { ServerResponse } from 'node:http'
import { Fault } from '../ledger/fault.ts'

/** For calls that cost next to nothing. */
export const neverGone: AbortSignal = new AbortController().signal

/** Fires when the connection ends before the answer has left. The reason is a Fault that nobody reads. */
export const goneOf = (response: ServerResponse): AbortSignal => {
  const controller = new AbortController()
  const leave = (): void => {
    if (response.writableFinished) return
    controller.abort(new Fault('unavailable', 'nobody waits for the answer any more'))
  }
  if (response.destroyed) leave()
  else response.once('close', leave)
  return controller.signal
}
