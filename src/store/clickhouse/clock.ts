// The record of the believed clock in ClickHouse, which all servers of a database share: the last version
// of one record.
import type { ClockRecord, ClockTable } from '../../ledger/believed-clock.ts'
import type { Connection } from './connection.ts'
import { openRecords } from './records.ts'

const name = 'believed'

export const openClickHouseClock = (connection: Connection): ClockTable => {
  const records = openRecords(connection, 'clock')
  return {
    read: async () => {
      const { body } = await records.find(name)
      return body === '' ? undefined : (JSON.parse(body) as ClockRecord)
    },
    keep: async (record) => {
      const body = JSON.stringify(record)
      while (!(await records.change(await records.find(name), body))) {
        // Another server has written this version: the next one is tried.
      }
    },
  }
}
