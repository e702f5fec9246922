// The official clients in a process of their own, where their requests can be led to a test's server.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Json } from '../support/caller.ts'
import type { Credentials } from '../support/program.ts'

export interface Client {
  readonly name: string
  readonly package: string
  /** The member of the package that builds clients; the package itself where none is named. */
  readonly api?: string
  readonly style: 'promise' | 'callback'
}

export interface Outcome {
  readonly result?: Json
  readonly error?: {
    readonly name: string
    readonly message: string
    readonly httpCode?: number
    readonly response?: string
  }
}

export interface Runner {
  call(client: Client, app: Credentials, method: string, args: readonly Json[]): Promise<Outcome>
  close(): Promise<void>
}

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** How the requests of the clients are led to the server under test. */
export interface Way {
  readonly command: readonly [string, ...string[]]
  readonly variables: Readonly<Record<string, string>>
}

/** Plain HTTP to this port, by a file that is loaded before the clients. */
export const byPreload = (port: number): Way => ({
  command: [process.execPath, '--require', pathOf('preload.cjs')],
  variables: { REPORT_PORT: String(port) },
})

/** TLS to port 443, by names that lead here for these processes alone, and an authority to trust. */
export const byNames = (dir: string, authority: string): Way => {
  const hosts = join(dir, 'hosts')
  writeFileSync(hosts, '127.0.0.1 localhost report.jpush.cn bjapi.push.jiguang.cn\n')
  const script = 'mount --bind "$0" /etc/hosts && exec "$@"'
  return {
    command: ['unshare', '--mount', 'sh', '-c', script, hosts, process.execPath],
    variables: { NODE_EXTRA_CA_CERTS: authority },
  }
}

export const canAimByNames = (): Promise<boolean> =>
  new Promise((resolve) => {
    if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return resolve(false)
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(443, '127.0.0.1', () => probe.close(() => resolve(true)))
  })

export const startRunner = ({ command: [program, ...args], variables }: Way): Runner => {
  const child = spawn(program, [...args, pathOf('runner.cjs')], {
    env: { ...process.env, ...variables, NODE_NO_WARNINGS: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map<number, (outcome: Outcome) => void>()
  child.once('exit', () => {
    const error = { name: 'RunnerEnded', message: 'the process of the clients has ended' }
    for (const settle of waiting.values()) settle({ error })
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, ...outcome } = JSON.parse(line) as Outcome & { id: number }
    waiting.get(id)?.(outcome)
    waiting.delete(id)
  })
  let calls = 0
  return {
    call: (client, app, method, args) =>
      new Promise((resolve) => {
        const id = ++calls
        waiting.set(id, resolve)
        child.stdin.write(`${JSON.stringify({ id, ...client, ...app, method, args })}\n`)
      }),
    close: () => end(child),
  }
}

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    child.once('exit', () => resolve())
    child.kill()
  })
