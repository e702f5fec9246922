// The record of the believed clock in memory: for tests, and the plainest reading of the port.
import type { ClockRecord, ClockTable } from '../../ledger/believed-clock.ts'

/** A place of its own, empty. */
export const openMemoryClock = (): ClockTable => {
  let kept: ClockRecord | undefined
  return {
    read: async () => kept,
    keep: async (record) => {
      kept = record
    },
  }
}
