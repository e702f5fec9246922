// The table of apps in ClickHouse, as records.
import type { AppRecord, AppTable } from '../../apps/app-table.ts'
import type { Connection } from './connection.ts'
import { openKeyed } from './keyed.ts'
import { openRecords } from './records.ts'

export const openClickHouseApps = (connection: Connection): AppTable => {
  const { records, ...apps } = openKeyed<AppRecord>(connection, 'app')
  const forgotten = openRecords(connection, 'forgotten')
  return {
    ...apps,
    removed: async () => {
      const [taken, done] = await Promise.all([records.taken(), forgotten.list()])
      const forgottenIds = new Set(done.map(({ name }) => name))
      return taken
        .map((body) => (JSON.parse(body) as AppRecord).id)
        .filter((id) => !forgottenIds.has(String(id)))
    },
    forget: async (id) => {
      const held = await forgotten.find(String(id))
      if (held.body === '') await forgotten.change(held, 'forgotten')
    },
  }
}
