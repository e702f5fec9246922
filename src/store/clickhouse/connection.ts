// The connection to ClickHouse by its official client: the one place that knows its package, which is
// loaded only where the ledger is kept there. Values travel as parameters, rows
// as bytes, both ways compressed; every insert is answered when it is on disk.
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client'
import type { Address } from './address.ts'
import { faultOf } from './store-fault.ts'

export type Parameters = Readonly<Record<string, unknown>>
/** A row of an answer, by column. 64-bit numbers are text. */
export type Row = Readonly<Record<string, unknown>>

export interface Connection {
  readonly cluster: string | undefined
  ask<T = Row>(question: string, parameters?: Parameters): Promise<readonly T[]>
  /** Rows of the columns in RowBinary. An insert whose token was seen before does nothing. */
  insert(columns: string, rows: Uint8Array, token?: string): Promise<void>
  run(statement: string, parameters?: Parameters): Promise<void>
  ping(): Promise<boolean>
  close(): Promise<void>
}

const connectionsMax = 16
const answerWithinMs = 30_000
const pingWithinMs = 2000
// Ids compress no better by taking longer.
const gzipLevel = 1
const pack = promisify(gzip)

const settingsOf = ({ cluster }: Address): ClickHouseSettings => ({
  output_format_json_quote_64bit_integers: 1,
  wait_end_of_query: 1,
  ...(cluster !== undefined && { select_sequential_consistency: '1' }),
})

const insertSettingsOf = ({ cluster }: Address): ClickHouseSettings => ({
  async_insert: 0,
  ...(cluster !== undefined && {
    insert_quorum: 'auto',
    insert_quorum_parallel: 0,
    distributed_foreground_insert: 1,
  }),
})

export const connect = async (address: Address, withDatabase = true): Promise<Connection> => {
  const { createClient, ClickHouseLogLevel } = await import('@clickhouse/client')
  const { url, username, password, database, cluster } = address
  const client = createClient({
    url,
    username,
    password,
    ...(withDatabase && { database }),
    compression: { request: false, response: true },
    use_multipart_params_auto: true,
    max_open_connections: connectionsMax,
    request_timeout: answerWithinMs,
    clickhouse_settings: settingsOf(address),
    log: { level: ClickHouseLogLevel.OFF },
  })
  return connectionOf(client, cluster, insertSettingsOf(address))
}

const connectionOf = (
  client: ClickHouseClient,
  cluster: string | undefined,
  insertSettings: ClickHouseSettings,
): Connection => ({
  cluster,
  ask: <T>(query: string, query_params: Parameters = {}) =>
    orFault(async () => {
      const result = await client.query({ query, query_params, format: 'JSONEachRow' })
      return result.json<T>()
    }),
  insert: (columns, rows, token) =>
    orFault(async () => {
      const packed = await pack(rows, { level: gzipLevel })
      const { stream } = await client.exec({
        query: `INSERT INTO ${columns} FORMAT RowBinary`,
        values: Readable.from([packed], { objectMode: false }),
        http_headers: { 'Content-Encoding': 'gzip' },
        clickhouse_settings: {
          ...insertSettings,
          ...(token !== undefined && { insert_deduplication_token: token, insert_deduplicate: 1 }),
        },
      })
      for await (const _ of stream);
    }),
  run: (query, query_params = {}) =>
    orFault(async () => {
      await client.command({ query, query_params })
    }),
  ping: async () => {
    const abort_signal = AbortSignal.timeout(pingWithinMs)
    return (await client.ping({ select: true, abort_signal })).success
  },
  close: () => client.close(),
})

const orFault = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (cause) {
    throw faultOf(cause)
  }
}
