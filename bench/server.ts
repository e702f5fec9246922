// The built server as a child process on a fresh directory, for measuring from outside.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
// `blocks` of a file are counted in these, whatever the file system.
const blockBytes = 512

export interface MeasuredServer {
  readonly url: string
  readonly authorization: string
  /** Resident memory now, in bytes. */
  residentBytes(): number
  /** Stops the server and tells the bytes its directory takes on disk. */
  stop(): Promise<number>
}

export const startServer = async (): Promise<MeasuredServer> => {
  const dir = mkdtempSync(join(tmpdir(), 'pushledger-bench-'))
  const create = [program, 'app', 'create', 'bench', '--data', dir, '--json']
  const app = JSON.parse(execFileSync(process.execPath, create, { encoding: 'utf8' })) as {
    key: string
    secret: string
  }
  const serve = [program, 'serve', '--data', dir, '--port', '0', '--rate-limit', '0']
  const child = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await listening(child)
  return {
    url,
    authorization: `Basic ${Buffer.from(`${app.key}:${app.secret}`).toString('base64')}`,
    residentBytes: () => {
      const status = execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], {
        encoding: 'utf8',
      })
      return Number(status.trim()) * 1024
    },
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await exited
      const bytes = readdirSync(dir)
        .map((name) => statSync(join(dir, name)).blocks * blockBytes)
        .reduce((sum, more) => sum + more, 0)
      rmSync(dir, { recursive: true })
      return bytes
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
