// The migrations of a database: numbered files of statements, in the form for a single server or for a
// cluster, applied in order by `pushledger migrate` and by nobody else. What was applied is noted.
import { readdirSync, readFileSync } from 'node:fs'
import { type Address, nameOf } from './address.ts'
import { type Connection, connect } from './connection.ts'
import { orStoreError, StoreError } from './store-error.ts'

interface Migration {
  readonly number: number
  readonly name: string
  readonly text: string
}

const folder = new URL('./migrations/', import.meta.url)
const fileShape = /^(\d{4})-([\w-]+)\.sql$/

/** By rising number. */
const readMigrations = (): readonly Migration[] =>
  readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const [, number, name] = fileShape.exec(file) ?? []
      if (number === undefined || name === undefined) return []
      return [{ number: Number(number), name, text: readFileSync(new URL(file, folder), 'utf8') }]
    })

// Inserts are known again by their tokens as long as so many others have not come since.
const insertsRemembered = 10_000

const single: Readonly<Record<string, (words: string) => string>> = {
  cluster: () => '',
  local: (table) => table,
  sharded: (engine) => engine,
  everywhere: (engine) => engine,
  distributed: () => '',
  deduplicated: () => `non_replicated_deduplication_window = ${insertsRemembered}`,
}

/** A table of facts lies in shards, and stands under its name for all of them together. */
export const localName = (table: string): string => `${table}_local`

const clustered = (cluster: string, database: string): typeof single => {
  const replicated = (engine: string, place: string, replica: string) =>
    `Replicated${engine}('/clickhouse/tables/${database}/${place}/{table}', '${replica}')`
  return {
    cluster: () => `ON CLUSTER ${cluster}`,
    local: localName,
    sharded: (engine) => replicated(engine, '{shard}', '{replica}'),
    everywhere: (engine) => replicated(engine, 'all', '{shard}-{replica}'),
    distributed: (words) => {
      const [table = '', ...key] = words.split(' ')
      return (
        `CREATE TABLE IF NOT EXISTS ${table} ON CLUSTER ${cluster} AS ${localName(table)} ` +
        `ENGINE = Distributed(${cluster}, ${database}, ${localName(table)}, ${key.join(' ')});`
      )
    },
    deduplicated: () => `replicated_deduplication_window = ${insertsRemembered}`,
  }
}

/** The statements of a text in the form for this address. */
const statementsOf = (
  text: string,
  { cluster, database }: Pick<Address, 'cluster' | 'database'>,
): readonly string[] => {
  const forms = cluster === undefined ? single : clustered(cluster, database)
  return text
    .replaceAll(/^--.*\n/gm, '')
    .replaceAll(/\{(\w+)(?: ([^}]*))?\}/g, (_, form: string, words = '') => {
      const said = forms[form]
      if (said === undefined) throw new Error(`a migration says {${form}}`)
      return said(words)
    })
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}

const notes = `
CREATE TABLE IF NOT EXISTS migrations {cluster} (number UInt32, name String)
ENGINE = {everywhere ReplacingMergeTree} ORDER BY number;`

/** All statements by which a new database is made, in order. */
export const everyStatement = (address: Pick<Address, 'cluster' | 'database'>): readonly string[] =>
  [notes, ...readMigrations().map(({ text }) => text)].flatMap((text) =>
    statementsOf(text, address),
  )

/** Brings the database up to date, and makes it where it is missing; the names of what was applied. */
export const migrate = (address: Address): Promise<readonly string[]> =>
  orStoreError(address, () => applyMissing(address))

const applyMissing = async (address: Address): Promise<readonly string[]> => {
  const outside = await connect(address, false)
  try {
    const [statement] = statementsOf(
      `CREATE DATABASE IF NOT EXISTS ${address.database} {cluster};`,
      address,
    )
    await outside.run(statement ?? '')
  } finally {
    await outside.close()
  }
  const connection = await connect(address)
  try {
    for (const statement of statementsOf(notes, address)) await connection.run(statement)
    const missing = await missingIn(connection)
    for (const { number, name, text } of missing) {
      for (const statement of statementsOf(text, address)) await connection.run(statement)
      await connection.run('INSERT INTO migrations VALUES ({number:UInt32}, {name:String})', {
        number,
        name,
      })
    }
    return missing.map(({ number, name }) => `${String(number).padStart(4, '0')}-${name}`)
  } finally {
    await connection.close()
  }
}

const missingIn = async (connection: Connection): Promise<readonly Migration[]> => {
  const rows = await connection.ask<{ number: number }>('SELECT number FROM migrations')
  const applied = new Set(rows.map(({ number }) => number))
  return readMigrations().filter(({ number }) => !applied.has(number))
}

/** Throws StoreError where the database is older than this program, or newer. */
export const mustBeMigrated = async (connection: Connection, address: Address): Promise<void> => {
  const notPrepared = new StoreError(
    `The database ${nameOf(address)} is not prepared for this version: run pushledger migrate, ` +
      'with the same --store.',
  )
  const missing = await missingIn(connection).catch((error: unknown) => {
    throw isNothingThere(error) ? notPrepared : error
  })
  if (missing.length > 0) throw notPrepared
  const rows = await connection.ask<{ number: number }>(
    'SELECT max(number) AS number FROM migrations',
  )
  if ((rows[0]?.number ?? 0) > (readMigrations().at(-1)?.number ?? 0)) {
    throw new StoreError(
      `The database ${nameOf(address)} belongs to a newer version: run that one.`,
    )
  }
}

/** Neither the table of what was applied, nor perhaps the database. */
const isNothingThere = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined
  return cause instanceof Error && 'code' in cause && ['60', '81'].includes(String(cause.code))
}
