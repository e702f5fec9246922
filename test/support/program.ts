// The built program as child processes over a directory of its own: verbs that run to their end, and
// servers that listen on a free port until they are told to stop.

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { makeTempDir } from './temp-dir.ts'

export const programPath: string = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

const startWithinMs = 30_000
const endWithinMs = 30_000

export type Variables = Readonly<Record<string, string>>

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Credentials {
  readonly key: string
  readonly secret: string
}

export interface Server {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** All it wrote so far. */
  stdout(): string
  stderr(): string
  /** Sends the signal and waits for the end. */
  stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<Ended>
  /** Resolves when it has ended, by whatever reason. */
  readonly ended: Promise<Ended>
}

/** A verb while it runs. */
export interface Running {
  readonly pid: number
  stdout(): string
  stderr(): string
  kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void
  readonly ended: Promise<Ended>
}

export interface Workplace {
  readonly dir: string
  /** A verb with these arguments, in the directory, fed with this input; not waited for. */
  start(args: readonly string[], variables?: Variables, input?: Uint8Array): Running
  /** A verb with these arguments, with PUSHLEDGER_DATA set to the directory; any exit code. */
  run(args: readonly string[], variables?: Variables): Promise<Ended>
  /** A new app of the directory. */
  createApp(name: string, ...flags: string[]): Promise<Credentials>
  /** A server on the directory; throws with its words when it ends before it listens. */
  serve(flags?: readonly string[], variables?: Variables): Promise<Server>
  /** Ends what still runs and removes the directory. */
  close(): Promise<void>
}

/** For callers that tidy up themselves. */
export const openWorkplace = (): Workplace => {
  if (!existsSync(programPath)) throw new Error('there is no built program: npm run build')
  const { path: dir, remove } = makeTempDir()
  const running = new Set<ChildProcess>()
  const start = (args: readonly string[], variables: Variables = {}, input?: Uint8Array): Child => {
    const child = startProgram(dir, args, { PUSHLEDGER_DATA: dir, ...variables }, input)
    running.add(child.process)
    child.process.once('exit', () => running.delete(child.process))
    return child
  }
  const run: Workplace['run'] = (args, variables) => start(args, variables).ended
  return {
    dir,
    start: (args, variables, input) => {
      const child = start(args, variables, input)
      const { pid = 0 } = child.process
      return { ...child, pid, kill: (signal) => child.process.kill(signal) }
    },
    run,
    createApp: async (name, ...flags) => {
      const { code, stdout, stderr } = await run(['app', 'create', name, '--json', ...flags])
      if (code !== 0) throw new Error(`app create: ${stderr}`)
      const { key, secret } = JSON.parse(stdout) as Credentials
      return { key, secret }
    },
    serve: (flags = [], variables = {}) => {
      const port = variables['PUSHLEDGER_PORT'] === undefined ? ['--port', '0'] : []
      return listening(start(['serve', ...port, ...flags], variables))
    },
    close: async () => {
      const ends = [...running].map((child) => {
        const end = new Promise((resolve) => child.once('exit', resolve))
        child.kill('SIGKILL')
        return end
      })
      await Promise.all(ends)
      remove()
    },
  }
}

/** A directory for one test, tidied up after it. */
export const workplace = (): Workplace => {
  const opened = openWorkplace()
  onTestFinished(() => opened.close())
  return opened
}

interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  stdout(): string
  stderr(): string
}

const startProgram = (
  dir: string,
  args: readonly string[],
  variables: Variables,
  input?: Uint8Array,
): Child => {
  const child = spawn(process.execPath, [programPath, ...args], {
    cwd: dir,
    env: { ...surroundings(), ...variables },
    stdio: 'pipe',
  })
  // It may end before it has read everything.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const written = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    // Not `exit`: the last words may come after it.
    child.once('close', (code) => resolve({ code, ...written }))
  })
  return { process: child, ended, stdout: () => written.stdout, stderr: () => written.stderr }
}

/** The environment without the settings of whoever runs the tests. */
export const surroundings = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^PUSHLEDGER_/.test(name)))

const listening = (child: Child): Promise<Server> =>
  new Promise((resolve, reject) => {
    const told = () => `stdout: ${child.stdout()}\nstderr: ${child.stderr()}`
    const giveUp = setTimeout(
      () => reject(new Error(`the server does not listen\n${told()}`)),
      startWithinMs,
    )
    child.process.stdout?.on('data', () => {
      const url = /https?:\/\/\S+?:\d+(?=\D)/.exec(child.stdout())?.[0]
      if (url === undefined) return
      clearTimeout(giveUp)
      resolve(serverOf(child, url))
    })
    child.ended.then(
      ({ code }) => {
        clearTimeout(giveUp)
        reject(new Error(`the server ended with ${code}\n${told()}`))
      },
      (cause: unknown) => reject(cause),
    )
  })

const serverOf = (child: Child, url: string): Server => ({
  url,
  port: Number(new URL(url).port),
  pid: child.process.pid ?? 0,
  stdout: child.stdout,
  stderr: child.stderr,
  ended: child.ended,
  stop: async (signal = 'SIGTERM') => {
    child.process.kill(signal)
    const giveUp = setTimeout(() => child.process.kill('SIGKILL'), endWithinMs)
    const ended = await child.ended
    clearTimeout(giveUp)
    return ended
  },
})
