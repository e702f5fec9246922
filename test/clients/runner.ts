// The official clients in a process of their own, where their requests can be led to a test's server.

import { type ChildProcess, spawn } from 'node:child_process'
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

export const startRunner = (port: number): Runner => {
  const child = spawn(
    process.execPath,
    ['--require', pathOf('preload.cjs'), pathOf('runner.cjs')],
    {
      env: { ...process.env, REPORT_PORT: String(port), NODE_NO_WARNINGS: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
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
