// A ClickHouse for a run: chdb behind its HTTP interface, in a process of its own on a fresh directory,
// with a database that is prepared for a ledger.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAddress } from '../../src/store/clickhouse/address.ts'
import { type Connection, connect } from '../../src/store/clickhouse/connection.ts'
import { migrate } from '../../src/store/clickhouse/migration.ts'
import { peersPlace } from '../peers/place.ts'
import { own } from '../wire/children.ts'

const program = fileURLToPath(new URL('../../test/support/clickhouse-server.mjs', import.meta.url))

export interface ClickHousePlace {
  /** As the setting `store` names it. */
  readonly store: string
  readonly pid: number
  readonly connection: Connection
  /** How many bytes its facts and devices take, merged into one part each. */
  weigh(): Promise<number>
  /** Ends it and takes it away. */
  stop(): Promise<void>
}

export const openClickHousePlace = async (): Promise<ClickHousePlace> => {
  const dir = mkdtempSync(join(tmpdir(), 'pushledger-bench-clickhouse-'))
  const args = [program, peersPlace, join(dir, 'data')]
  const child = own(spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }))
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  const store = `clickhouse://tester:secret@127.0.0.1:${port.toString().trim()}/ledger`
  const address = parseAddress(store)
  if (address === undefined) throw new Error(`${store} is no address`)
  await migrate(address)
  const connection = await connect(address)
  return {
    store,
    pid: child.pid as number,
    connection,
    async weigh() {
      const weighed = ['facts', 'members']
      for (const table of weighed) await connection.run(`optimize table ${table} final`)
      const [row] = await connection.ask<{ bytes: string }>(
        `select sum(bytes_on_disk) as bytes from system.parts
         where active and database = 'ledger' and table in ('${weighed.join("', '")}')`,
      )
      return Number(row?.bytes)
    },
    async stop() {
      await connection.close()
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true })
    },
  }
}

/** Different facts held. */
export const distinctIn = async ({ connection }: ClickHousePlace): Promise<number> => {
  const [row] = await connection.ask<{ facts: string }>('select count() as facts from facts final')
  return Number(row?.facts)
}
