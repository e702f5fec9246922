// What surrounds a server: variables that Kubernetes sets or somebody mistyped, a socket beside a port, a
// signal that means nothing to it, and a log that nobody reads any more.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { programPath, surroundings, workplace } from '../support/program.ts'
import { until } from '../support/until.ts'

interface Line {
  readonly level: number
  readonly msg: string
}

const linesIn = (log: string): Line[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

const warn = 40
const warningsIn = (log: string): string[] =>
  linesIn(log).flatMap(({ level, msg }) => (level === warn ? [msg] : []))

const links = {
  PUSHLEDGER_PORT: 'tcp://10.0.0.1:8787',
  PUSHLEDGER_SERVICE_HOST: '10.0.0.1',
  PUSHLEDGER_PORT_8787_TCP_ADDR: '10.0.0.1',
  PUSHLEDGER_METRICS_PORT: 'tcp://10.0.0.2:9090',
}

it('starts beside Services of Kubernetes, and says what it ignores', async () => {
  const server = await workplace().serve(['--port', '0'], links)
  const { code, stderr } = await server.stop()
  expect([code, warningsIn(stderr)]).toEqual([
    0,
    [
      expect.stringMatching(/^PUSHLEDGER_PORT is ignored, as it holds an address: Kubernetes/),
      expect.stringMatching(/^PUSHLEDGER_METRICS_PORT is ignored, /),
    ],
  ])
})

it('a mistyped variable is told of by every verb, in the log of serve', async () => {
  const place = workplace()
  const mistyped = { PUSHLEDGER_PROT: '9000' }
  const says = 'PUSHLEDGER_PROT is not a setting and is ignored: did you mean PUSHLEDGER_PORT?'
  const { code, stdout, stderr } = await place.run(['config', '--json'], mistyped)
  expect([code, stderr]).toEqual([0, `warning: ${says}\n`])
  expect(JSON.parse(stdout)).toMatchObject({ port: { value: 8787, source: 'default' } })
  const server = await place.serve([], mistyped)
  expect(warningsIn((await server.stop()).stderr)).toEqual([says])
})

it('a signal to read again what is not there changes nothing', async () => {
  const server = await workplace().serve()
  for (let times = 1; times <= 2; times++) {
    process.kill(server.pid, 'SIGHUP')
    const said = () => server.stderr().match(/SIGHUP is ignored/g) ?? []
    await until('it is logged', () => said().length === times)
  }
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
  expect((await server.stop()).code).toBe(0)
})

/** The server as a child that is given these descriptors, told by a shell that it holds a socket. */
const handed = (dir: string, fd: number, flags: readonly string[]) => {
  const script = 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$@"'
  const args = [process.execPath, programPath, 'serve', '--data', dir, ...flags]
  const env = { ...surroundings(), PUSHLEDGER_PORT: '9000' }
  return spawn('sh', ['-c', script, '-', ...args], { env, stdio: ['ignore', 'pipe', 'pipe', fd] })
}

it('a port beside a socket that was handed over is told of', async () => {
  const holder = createServer()
  holder.listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { _handle } = holder as unknown as { readonly _handle: { readonly fd: number } }
  const child = handed(workplace().dir, _handle.fd, ['--host', '127.0.0.1'])
  let written = ''
  let log = ''
  child.stdout?.on('data', (text: Buffer) => {
    written += text
  })
  child.stderr?.on('data', (text: Buffer) => {
    log += text
  })
  const { port } = holder.address() as AddressInfo
  await until('it listens', () => written.includes(`:${port}\n`), 30_000)
  child.kill('SIGTERM')
  await once(child, 'close')
  holder.close()
  const why = 'is ignored: the server listens on the socket that it was handed (LISTEN_FDS)'
  expect(warningsIn(log)).toEqual([`--host ${why}`, `PUSHLEDGER_PORT ${why}`])
})

it.skipIf(!existsSync('/dev/full'))('answers on when its log cannot be written', async () => {
  const full = openSync('/dev/full', 'w')
  const args = [programPath, 'serve', '--port', '0', '--log-level', 'debug']
  const env = { ...surroundings(), PUSHLEDGER_DATA: workplace().dir }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', full] })
  closeSync(full)
  let written = ''
  child.stdout?.on('data', (text: Buffer) => {
    written += text
  })
  await until('it listens', () => written.includes('\n'), 30_000)
  const [url = ''] = /http:\S+/.exec(written) ?? []
  const signal = AbortSignal.timeout(20_000)
  try {
    for (let times = 0; times < 5; times++) {
      expect((await fetch(`${url}/healthz`, { signal })).status).toBe(200)
    }
  } finally {
    child.kill(signal.aborted ? 'SIGKILL' : 'SIGTERM')
  }
  expect(await once(child, 'close')).toEqual([0, null])
})
