// A store that cannot be opened or used: its message is one sentence or two for the operator, saying
// what to do.
import { Fault } from '../../ledger/fault.ts'
import { type Address, nameOf } from './address.ts'

export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
  }
}

/** Does what an operator waits for: who is at a command line is told what ClickHouse said. */
export const orStoreError = async <T>(address: Address, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const cause = error.cause instanceof Error ? error.cause : error
    const code = 'code' in cause ? ` (${cause.code})` : ''
    const said = cause.message.trim().split('\n')[0] || 'no answer'
    throw new StoreError(`The database ${nameOf(address)} cannot be used: ${said}${code}`, {
      cause,
    })
  }
}
