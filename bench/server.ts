// The built server as a child process on a directory, for measuring from outside.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { own } from './wire/children.ts'
import { Connection } from './wire/connection.ts'
import { diskBytes } from './wire/process.ts'

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

export interface MeasuredServer {
  readonly url: string
  readonly pid: number
  /** Milliseconds from the start of the process to the first answer. */
  readonly startedInMs: number
  /** Stops the server in order; what it wrote stays. */
  stop(): Promise<void>
}

export interface Ledger {
  readonly dir: string
  /** Of every app, in the order in which they were made. */
  readonly authorizations: readonly string[]
  serve(): Promise<MeasuredServer>
  diskBytes(): number
  remove(): void
}

/** A fresh directory, or the ClickHouse of a setting `store`, with so many apps, in UTC. */
export const createLedger = (apps: number, store?: string): Ledger => {
  const dir = mkdtempSync(join(tmpdir(), 'pushledger-bench-'))
  const where = store === undefined ? ['--data', dir] : ['--store', store]
  const authorizations = Array.from({ length: apps }, (_, n) => {
    const create = [program, 'app', 'create', `bench ${n}`, ...where, '--json']
    const zone = ['--time-zone', 'UTC']
    const app = JSON.parse(
      execFileSync(process.execPath, [...create, ...zone], { encoding: 'utf8' }),
    ) as { key: string; secret: string }
    return `Basic ${Buffer.from(`${app.key}:${app.secret}`).toString('base64')}`
  })
  return {
    dir,
    authorizations,
    serve: () => serve(where),
    diskBytes: () => diskBytes(dir),
    remove: () => rmSync(dir, { recursive: true }),
  }
}

const serve = async (where: readonly string[]): Promise<MeasuredServer> => {
  const began = performance.now()
  const args = [
    program,
    'serve',
    ...where,
    '--port',
    '0',
    '--rate-limit',
    '0',
    '--log-level',
    'warn',
  ]
  const child = own(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }))
  const url = await listening(child)
  return {
    url,
    pid: child.pid as number,
    startedInMs: performance.now() - began,
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await exited
    },
  }
}

const listening = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let printed = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
      const url = /http:\/\/[\d.]+:\d+/.exec(printed)
      if (url !== null) resolve(url[0])
    })
    child.once('exit', () => reject(new Error(`the server ended: ${printed}`)))
  })

/** Some connections to a server, for the time of some work. */
export const withConnections = async <T>(
  url: string,
  count: number,
  work: (connections: readonly Connection[]) => Promise<T>,
): Promise<T> => {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(url)))
  try {
    return await work(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}
