// Whether the server should be sent work, and what speaks against it: a closed list, told by
// GET /readyz. Unlike its health, this may change while it lives.

export const NOT_READY = ['starting', 'stopping', 'store', 'disk', 'clickhouse'] as const
export type NotReady = (typeof NOT_READY)[number]

/** What an operator should see to, though the server takes work: a closed list, sent by GET /readyz too. */
export const WARNINGS = ['clock'] as const
export type Warning = (typeof WARNINGS)[number]

export interface Readiness {
  /**
   * `freeBytes` are those left on the disk of the ledger; undefined where it cannot be asked.
   * `isAnswering` tells of a ClickHouse that holds the ledger; `isClockBelieved`, whether messages expire.
   */
  started(
    freeBytes: () => number | undefined,
    isAnswering?: () => boolean,
    isClockBelieved?: () => boolean,
  ): void
  stopping(): void
  /** Nothing can be written any more. */
  broken(): void
  /** Nothing, where it is ready. */
  notReady(): readonly NotReady[]
  warnings(): readonly Warning[]
}

/** A commit of many bodies may need some of it, and an operator the time until the rest is gone. */
export const nearlyFullBytes = 256 * 2 ** 20

export const openReadiness = (): Readiness => {
  let freeBytes: (() => number | undefined) | undefined
  let isAnswering = () => true
  let isClockBelieved = () => true
  let isStopping = false
  let isBroken = false
  const isDiskFull = (): boolean => freeBytes !== undefined && (freeBytes() ?? 0) < nearlyFullBytes
  return {
    started: (bytes, answers = () => true, believes = () => true) => {
      freeBytes = bytes
      isAnswering = answers
      isClockBelieved = believes
    },
    stopping: () => {
      isStopping = true
    },
    broken: () => {
      isBroken = true
    },
    warnings: () => (isClockBelieved() ? [] : ['clock']),
    notReady: () => {
      const reasons = {
        starting: freeBytes === undefined,
        stopping: isStopping,
        store: isBroken,
        disk: isDiskFull(),
        clickhouse: !isAnswering(),
      }
      return NOT_READY.filter((what) => reasons[what])
    },
  }
}
