// ClickHouse in process: a ReplacingMergeTree told by JSONEachRow in large inserts, two at a time,
// each synced to disk before it returns. Weighed after its parts are merged into one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineKind } from './engine.ts'
import { share } from './peer.ts'
import { requirePackage } from './place.ts'

const inFlight = 2

interface Session {
  query(sql: string): string
  queryAsync(sql: string): Promise<{ text(): string }>
  insert(rows: { table: string; values: Buffer; format: 'JSONEachRow' }): Promise<unknown>
  close(): void
}

const createTable = `create table facts
  (app UInt16, msg_id UInt64, cell UInt8, registration_id String)
  engine = ReplacingMergeTree order by (app, msg_id, cell, registration_id)
  settings fsync_after_insert = 1, fsync_part_directory = 1`

const weigh = `select sum(bytes_on_disk) from system.parts where active and table = 'facts'`

export const clickhouse: EngineKind = {
  name: 'clickhouse',
  use: 'in process, ReplacingMergeTree, JSONEachRow, 100,000 rows an insert, two at a time, fsync_after_insert on',
  npmPackage: 'chdb',
  batchFacts: 100_000,
  async open(dir) {
    const { Session } = requirePackage<{ Session: new (path: string) => Session }>('chdb')
    const session = new Session(join(dir, 'chdb'))
    session.query(createTable)
    const ask = async (sql: string): Promise<number> =>
      Number((await session.queryAsync(sql)).text().trim())
    return {
      prepare(files) {
        const batches = files.map((file) => readFileSync(file))
        const hands = Array.from({ length: inFlight }, (_, hand) => hand)
        return () =>
          share(batches, hands, async (values) => {
            await session.insert({ table: 'facts', values, format: 'JSONEachRow' })
          })
      },
      ask,
      async close() {
        await session.queryAsync('optimize table facts final')
        const bytes = await ask(weigh)
        session.close()
        return bytes
      },
    }
  },
}
