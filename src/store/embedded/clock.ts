// The record of the believed clock in the same file as the ledger, under a meta key of its own.
import type { ClockRecord, ClockTable } from '../../ledger/believed-clock.ts'
import { Damage } from './bytes.ts'
import type { Environment } from './environment.ts'
import { metaKey } from './key.ts'
import { openRecords } from './records.ts'
import { orFault } from './store-fault.ts'

const key = metaKey('clock')
/** No clock is believed after it until events confirm one. */
const unreadable: ClockRecord = { believedMs: 0, placedMs: 0 }

export const openEmbeddedClock = (environment: Environment): ClockTable => {
  const { read, write } = openRecords(environment)
  return {
    async read() {
      environment.refresh()
      try {
        return read(key) as ClockRecord | undefined
      } catch (cause) {
        if (cause instanceof Damage) return unreadable
        throw cause
      }
    },
    // Waits for the write lock on a thread of its own.
    keep: (record) => orFault(() => environment.changeLater(() => write(key, record))),
  }
}
