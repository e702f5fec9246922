// What a caller is told when ClickHouse fails. Whatever it was, nothing is answered as kept, and the same
// call may go through later; only what we asked wrongly is our own mistake.
import { Fault } from '../../ledger/fault.ts'

const retryAfterSeconds = 1

export const unavailable = (message: string, cause?: unknown): Fault =>
  new Fault('unavailable', message, { cause, retryAfterSeconds })

// Codes of ClickHouse by which it says that a question was wrong: what is unknown, what cannot be parsed.
const ourMistakes = new Set([
  '6',
  '16',
  '26',
  '27',
  '36',
  '41',
  '43',
  '46',
  '47',
  '53',
  '62',
  '130',
])

export const faultOf = (cause: unknown): Fault => {
  if (cause instanceof Fault) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (ourMistakes.has(code)) return new Fault('internal', undefined, { cause })
  return unavailable('the ledger cannot be reached now; try again', cause)
}
