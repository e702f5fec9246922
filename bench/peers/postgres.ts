// PostgreSQL: a row a fact under a primary key, told by insert … select unnest … on conflict do nothing
// of whole batches on several connections, each batch a commit that waits for the disk. Its own fresh
// cluster on a unix socket, under the user `postgres` when started by root, which it refuses.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { own } from '../wire/children.ts'
import { childrenOf } from '../wire/process.ts'
import { until } from '../wire/until.ts'
import { deviceId } from '../world/device.ts'
import { cut, type Table } from '../world/table.ts'
import type { Received, World } from '../world/world.ts'
import { type Peer, type RunningPeer, share } from './peer.ts'
import { missingPackage, requirePackage } from './place.ts'
import { distinctSql, receivedSql } from './sql.ts'

const batchFacts = 10_000
const connections = 4
const debianPlace = '/usr/lib/postgresql'

interface Client {
  connect(): Promise<void>
  query(query: string | { name: string; text: string; values: readonly string[] }): Promise<{
    rows: Record<string, string>[]
  }>
  on(event: 'error', listener: () => void): void
  end(): Promise<void>
}

/** Where initdb and postgres lie; Debian keeps them off the path. */
const programs = (): string | undefined => {
  const versions = existsSync(debianPlace) ? readdirSync(debianPlace) : []
  return versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(debianPlace, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
}

const idOf = (flag: string): number =>
  Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

const owner = (): { uid?: number; gid?: number } =>
  process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}

const settings = (dir: string): string[] =>
  [
    ...['listen_addresses=', `unix_socket_directories=${dir}`, 'synchronous_commit=on'],
    ...['shared_buffers=1GB', 'max_wal_size=8GB', 'checkpoint_timeout=30min', 'autovacuum=off'],
  ].flatMap((setting) => ['-c', setting])

const createTable = `create table facts (app smallint, msg_id bigint, cell smallint,
  registration_id text collate "C", primary key (msg_id, cell, registration_id, app))`

const insert = `insert into facts select * from unnest($1::smallint[], $2::bigint[], $3::smallint[],
  $4::text[]) on conflict do nothing`

/** The columns as array literals, in the order of the key, which it likes and which cannot deadlock. */
const batchOf = (table: Table): string[] => {
  const rows = Array.from({ length: table.length }, (_, i) => ({
    app: table.app[i] as number,
    msg: table.msg[i] as bigint,
    cell: table.cell[i] as number,
    id: deviceId(table.device[i] as number),
  }))
  rows.sort(
    (a, b) => Number(a.msg - b.msg) || a.cell - b.cell || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
  const columns = [
    rows.map((row) => row.app),
    rows.map((row) => row.msg),
    rows.map((row) => row.cell),
    rows.map((row) => row.id),
  ]
  return columns.map((column) => `{${column.join()}}`)
}

const open = async (host: string): Promise<Client> => {
  const { Client } = requirePackage<{ Client: new (settings: object) => Client }>('pg')
  const client = new Client({ host, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  return client
}

const start = async (): Promise<RunningPeer> => {
  const bin = programs() as string
  const dir = mkdtempSync(join(tmpdir(), 'pushledger-bench-postgres-'))
  const { uid, gid } = owner()
  if (uid !== undefined && gid !== undefined) chownSync(dir, uid, gid)
  const data = join(dir, 'data')
  const as = { ...owner(), stdio: 'ignore', cwd: dir } as const
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale']
  if (spawnSync(join(bin, 'initdb'), init, as).status !== 0) throw new Error('initdb failed')
  const child = own(spawn(join(bin, 'postgres'), ['-D', data, ...settings(dir)], as))
  const postmaster = child.pid as number
  const first = await until(() => open(dir))
  await first.query(createTable)
  const more = await Promise.all(Array.from({ length: connections - 1 }, () => open(dir)))
  const all = [first, ...more]
  const ask = async (sql: string): Promise<number> =>
    Number(Object.values((await first.query(sql)).rows[0] ?? {})[0])
  return {
    pids: () => [postmaster, ...childrenOf(postmaster)],
    prepare: async (world: World) =>
      world.parts.map(({ table }) => {
        const batches = cut(table, batchFacts).map(batchOf)
        return () =>
          share(batches, all, async (values, client) => {
            await client.query({ name: 'tell', text: insert, values })
          })
      }),
    received: async (messages: readonly Received[]) => {
      const counts: number[] = []
      for (const message of messages) counts.push(await ask(receivedSql(message)))
      return counts
    },
    distinct: () => ask(distinctSql),
    async stop() {
      const bytes = await ask(`select pg_total_relation_size('facts')`)
      await Promise.all(all.map((client) => client.end()))
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGINT')
      await exited
      rmSync(dir, { recursive: true })
      return bytes
    },
  }
}

export const postgres: Peer = {
  name: 'postgres',
  use: `insert … select unnest … on conflict do nothing, ${batchFacts.toLocaleString('en')} rows a commit, ${connections} connections, unix socket, synchronous_commit on`,
  missing: () =>
    programs() === undefined ? 'no PostgreSQL: npm run bench:peers' : missingPackage('pg'),
  start,
}
