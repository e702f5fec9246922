// What a caller is told when the engine fails: damage and our own mistakes are internal errors; a
// disk that fails is unavailable, because the same call may go through later.
import { Fault } from '../../../ledger/fault.ts'
import { StoreError } from '../../../ledger/store-error.ts'
import { NoRoom } from './room.ts'

const retryAfterSeconds = 1

export const unavailable = (message: string, cause?: unknown): Fault =>
  new Fault('unavailable', message, { cause, retryAfterSeconds })

/** LMDB's errors carry the number that the system gave. */
const isOfTheDisk = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'number'

export const faultOf = (cause: unknown): Fault => {
  if (cause instanceof Fault) return cause
  if (cause instanceof NoRoom) return unavailable(`${cause.answer}; try again`, cause)
  if (cause instanceof StoreError)
    return unavailable('the ledger cannot be written now; try again', cause)
  if (isOfTheDisk(cause)) return unavailable('the ledger cannot be read now; try again', cause)
  return new Fault('internal', undefined, { cause })
}

/** Does the work, and turns whatever it throws into a Fault. */
export const orFault = async <T>(work: () => T | Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (cause) {
    throw faultOf(cause)
  }
}
