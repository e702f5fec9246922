// Makes a measured peer of an engine that lives in the process of its user: a child process on a fresh
// directory, its batches written to files before the clock starts.

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { own } from '../wire/children.ts'
import { rowsOf } from '../world/lines.ts'
import { cut } from '../world/table.ts'
import type { Received, World } from '../world/world.ts'
import type { EngineKind, Order, Reply } from './engine.ts'
import type { Peer, RunningPeer } from './peer.ts'
import { missingPackage } from './place.ts'
import { distinctSql, receivedSql } from './sql.ts'

const program = fileURLToPath(new URL('./engine-process.ts', import.meta.url))

const order = (child: ChildProcess, what: Order): Promise<number> =>
  new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`the engine's process ended at ${what.verb}`))
    child.once('exit', onExit)
    child.once('message', (reply: Reply) => {
      child.off('exit', onExit)
      if ('error' in reply) reject(new Error(reply.error))
      else resolve(reply.number)
    })
    child.send(what)
  })

const writeBatches = (dir: string, part: number, world: World, facts: number): string[] =>
  cut((world.parts[part] as World['parts'][number]).table, facts).map((batch, i) => {
    const file = join(dir, `batch-${part}-${i}.ndjson`)
    writeFileSync(file, rowsOf(batch))
    return file
  })

const start = async ({ name, batchFacts }: EngineKind): Promise<RunningPeer> => {
  const dir = mkdtempSync(join(tmpdir(), `pushledger-bench-${name}-`))
  const child = own(fork(program, { execArgv: ['--import', 'tsx'] }))
  await order(child, { verb: 'open', name, dir })
  return {
    pids: () => [child.pid as number],
    async prepare(world) {
      for (const part of world.parts.keys()) {
        const files = writeBatches(dir, part, world, batchFacts)
        await order(child, { verb: 'prepare', files })
      }
      return world.parts.map((_, part) => async () => {
        await order(child, { verb: 'tell', part })
      })
    },
    async received(messages: readonly Received[]) {
      const counts: number[] = []
      for (const message of messages) {
        counts.push(await order(child, { verb: 'ask', sql: receivedSql(message) }))
      }
      return counts
    },
    distinct: () => order(child, { verb: 'ask', sql: distinctSql }),
    async stop() {
      const bytes = await order(child, { verb: 'close' })
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await exited
      rmSync(dir, { recursive: true })
      return bytes
    },
  }
}

export const inProcess = (kind: EngineKind): Peer => ({
  name: kind.name,
  use: kind.use,
  missing: () => missingPackage(kind.npmPackage),
  start: () => start(kind),
})
