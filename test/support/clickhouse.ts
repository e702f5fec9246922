// A ClickHouse to test on: the server that CLICKHOUSE_URL names, or else ClickHouse in process behind its
// HTTP interface, one process for a test file. Each store gets a database of its own.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type ClickHouseClient, createClient } from '@clickhouse/client'
import { afterAll, beforeAll } from 'vitest'
import { type Address, parseAddress } from '../../src/store/clickhouse/address.ts'
import { migrate } from '../../src/store/clickhouse/migration.ts'

const version = '3.4.0'
const place = process.env['CHDB_PLACE'] ?? join(tmpdir(), 'pushledger-chdb')
const given = process.env['CLICKHOUSE_URL']

/** Why there is no ClickHouse to test on; undefined where there is one. */
export const noClickHouse: string | undefined =
  given !== undefined || existsSync(join(place, `${version}.whole`))
    ? undefined
    : 'there is no chdb: node scripts/chdb.mjs fetches it'

export interface ClickHouse {
  /** Of the HTTP interface, with user and password, without a database. */
  readonly url: URL
  /** With the rights to create databases. */
  readonly client: ClickHouseClient
  /** A new one, empty; `drop` takes it away. */
  database(): Promise<{ readonly address: Address; drop(): Promise<void> }>
}

const serverScript = fileURLToPath(new URL('./clickhouse-server.mjs', import.meta.url))
const startWithinMs = 60_000

// Durability is ClickHouse's own affair: tests of this engine need no disk, and are twice as fast without.
const inMemory = '/dev/shm'
const bytesInMemory = 2 ** 30

const makeDir = (): string => {
  const { bavail, bsize } = existsSync(inMemory) ? statfsSync(inMemory) : { bavail: 0, bsize: 0 }
  return mkdtempSync(join(bavail * bsize > bytesInMemory ? inMemory : tmpdir(), 'pushledger-'))
}

interface Started {
  readonly url: URL
  stop(): Promise<void>
}

const startServer = async (): Promise<Started> => {
  const dir = makeDir()
  const child = spawn(process.execPath, [serverScript, place, join(dir, 'data'), 'lean'], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(dir, { recursive: true, force: true })
  }
  const giveUp = setTimeout(() => child.kill('SIGKILL'), startWithinMs)
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(giveUp)
    return { url: new URL(`http://tester:secret@127.0.0.1:${line}`), stop }
  }
  await stop()
  throw new Error('ClickHouse does not start')
}

let databases = 0

/** A database that is prepared for ledgers. */
export const migratedDatabase = async ({
  database,
}: Pick<ClickHouse, 'database'>): ReturnType<ClickHouse['database']> => {
  const made = await database()
  await migrate(made.address)
  return made
}

/** For callers that end it themselves. */
const startClickHouse = async (): Promise<ClickHouse & { stop(): Promise<void> }> => {
  const { url, stop } =
    given === undefined ? await startServer() : { url: new URL(given), stop: async () => {} }
  const client = createClient({ url: url.href })
  const database = async () => {
    databases += 1
    const name = `pushledger_test_${process.pid}_${databases}`
    await client.command({ query: `CREATE DATABASE ${name}` })
    const address = parseAddress(`${url.href.replace('http', 'clickhouse')}${name}`)
    if (address === undefined) throw new Error(`no ledger can be at ${url.host}`)
    const drop = async () => {
      await client.command({ query: `DROP DATABASE IF EXISTS ${name}` })
    }
    return { address, drop }
  }
  return {
    url,
    client,
    database,
    stop: async () => {
      await client.close()
      await stop()
    },
  }
}

/** The ClickHouse of a test file, started before its tests. */
export const clickHouseOfFile = (): (() => ClickHouse) => {
  let started: Awaited<ReturnType<typeof startClickHouse>> | undefined
  beforeAll(async () => {
    if (noClickHouse === undefined) started = await startClickHouse()
  })
  afterAll(() => started?.stop())
  return () => {
    if (started === undefined) throw new Error(noClickHouse ?? 'ClickHouse is not started yet')
    return started
  }
}
