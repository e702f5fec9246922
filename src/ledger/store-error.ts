// A store that cannot be opened or used: its message is one sentence or two for the operator, saying
// what to do.

export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
  }
}

/** The ledger cannot be opened by this process, or not now, which says nothing about what is in it. */
export class CannotOpen extends StoreError {}
