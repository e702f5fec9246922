// DuckDB in process: a table without a key, since a key makes it several times slower, told by copy
// from JSON in large commits; what is told twice is dropped when it is counted.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { EngineKind } from './engine.ts'
import { requirePackage } from './place.ts'

interface Result {
  getRows(): Promise<unknown[][]>
}

interface Instance {
  connect(): Promise<{
    run(sql: string): Promise<unknown>
    runAndReadAll(sql: string): Promise<Result>
    closeSync(): void
  }>
  closeSync(): void
}

const createTable =
  'create table facts (app usmallint, msg_id ubigint, cell utinyint, registration_id varchar)'

export const duckdb: EngineKind = {
  name: 'duckdb',
  use: 'in process, no key, copy from JSON, 100,000 rows a commit, counted distinct when asked',
  npmPackage: '@duckdb/node-api',
  batchFacts: 100_000,
  async open(dir) {
    const { DuckDBInstance } = requirePackage<{
      DuckDBInstance: { create(path: string): Promise<Instance> }
    }>('@duckdb/node-api')
    const file = join(dir, 'facts.duckdb')
    const instance = await DuckDBInstance.create(file)
    const connection = await instance.connect()
    await connection.run(createTable)
    return {
      prepare: (files) => async () => {
        for (const batch of files) await connection.run(`copy facts from '${batch}' (format json)`)
      },
      ask: async (sql) => Number((await (await connection.runAndReadAll(sql)).getRows())[0]?.[0]),
      async close() {
        await connection.run('checkpoint')
        connection.closeSync()
        instance.closeSync()
        return statSync(file).size
      },
    }
  },
}
