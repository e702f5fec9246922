// The record of the believed clock in the same file as the ledger, under a meta key of its own.
import type { ClockRecord, ClockTable } from '../../../ledger/believed-clock.ts'
import { Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { orFault } from '../lmdb/fault.ts'
import { metaKey } from '../lmdb/key.ts'
import { openRecords } from '../lmdb/records.ts'

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
