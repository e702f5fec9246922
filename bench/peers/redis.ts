// Redis: a set of registration ids per message and cell, told by SADD of whole batches, several
// batches on their way at a time, the append-only file synced always. It keeps no time and parses no
// JSON here. Its file is rewritten before it is weighed. Spoken to in its own protocol over bare
// sockets, with commands made beforehand, which no client library beats.

import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { own } from '../wire/children.ts'
import { diskBytes } from '../wire/process.ts'
import { until } from '../wire/until.ts'
import { deviceId } from '../world/device.ts'
import { cut, receivedCells, type Table } from '../world/table.ts'
import type { Received, World } from '../world/world.ts'
import { type Peer, type RunningPeer, share } from './peer.ts'
import { command, RedisConnection } from './redis-connection.ts'

const batchFacts = 10_000
const connections = 4
const inFlight = 4

interface Batch {
  readonly commands: Buffer
  readonly replies: number
}

const key = (app: number, msg: bigint, cell: number): string => `${app}:${msg}:${cell}`

/** One SADD for every set that the batch adds to. */
const batchOf = (table: Table): Batch => {
  const sets = new Map<string, string[]>()
  for (let i = 0; i < table.length; i++) {
    const name = key(table.app[i] as number, table.msg[i] as bigint, table.cell[i] as number)
    const id = deviceId(table.device[i] as number)
    const ids = sets.get(name)
    if (ids === undefined) sets.set(name, [id])
    else ids.push(id)
  }
  const commands = [...sets].map(([name, ids]) => command('SADD', name, ...ids))
  return { commands: Buffer.from(commands.join(''), 'latin1'), replies: sets.size }
}

const args = (dir: string, socket: string): string[] => [
  ...['--port', '0', '--unixsocket', socket, '--dir', dir, '--save', '', '--daemonize', 'no'],
  ...['--appendonly', 'yes', '--appendfsync', 'always', '--auto-aof-rewrite-percentage', '0'],
]

const addUp = `local sum = 0
for _, name in ipairs(redis.call('KEYS', '*:*')) do sum = sum + redis.call('SCARD', name) end
return sum`

const open = async (socket: string): Promise<RedisConnection> => {
  const connection = await RedisConnection.open(socket)
  if ((await connection.exchange(command('PING'), 1))[0] !== 'PONG') throw new Error('no PONG')
  return connection
}

const start = async (): Promise<RunningPeer> => {
  const dir = mkdtempSync(join(tmpdir(), 'pushledger-bench-redis-'))
  const socket = join(dir, 'redis.sock')
  const child = own(spawn('redis-server', args(dir, socket), { stdio: 'ignore' }))
  const first = await until(() => open(socket))
  const others = await Promise.all(Array.from({ length: connections - 1 }, () => open(socket)))
  const all = [first, ...others]
  const ask = async (...words: string[]): Promise<string> =>
    (await first.exchange(command(...words), 1))[0] ?? ''
  return {
    pids: () => [child.pid as number],
    prepare: async (world: World) =>
      world.parts.map(({ table }) => {
        const batches = cut(table, batchFacts).map(batchOf)
        const hands = all.flatMap((connection) =>
          Array.from({ length: inFlight }, () => connection),
        )
        return () =>
          share(batches, hands, async ({ commands, replies }, connection) => {
            await connection.exchange(commands, replies)
          })
      }),
    received: async (messages: readonly Received[]) => {
      const counts: number[] = []
      for (const { app, msg } of messages) {
        const names = receivedCells.map((cell) => key(app, msg, cell))
        counts.push(Number(await ask('SUNIONSTORE', 'union', ...names)))
        await ask('DEL', 'union')
      }
      return counts
    },
    distinct: async () => Number(await ask('EVAL', addUp, '0')),
    async stop() {
      await ask('BGREWRITEAOF')
      await until(async () => {
        const persistence = (await first.exchange(command('INFO', 'persistence'), 1))[0] ?? ''
        if (!persistence.includes('aof_rewrite_in_progress:0')) throw new Error('still rewriting')
      })
      const exited = new Promise((resolve) => child.once('exit', resolve))
      for (const connection of all) connection.close()
      child.kill('SIGTERM')
      await exited
      const bytes = diskBytes(dir)
      rmSync(dir, { recursive: true })
      return bytes
    },
  }
}

const isThere = (): boolean => spawnSync('redis-server', ['--version']).status === 0

export const redis: Peer = {
  name: 'redis',
  use: `SADD of the sets of ${batchFacts.toLocaleString('en')} facts, ${connections} connections, ${inFlight} batches in flight on each, unix socket, AOF appendfsync always`,
  missing: () => (isThere() ? undefined : 'no redis-server: npm run bench:peers'),
  start,
}
