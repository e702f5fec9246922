// The gateways of examples/ before a server that fails in every way that passes: they send again, lose
// nothing and count nothing twice; what they cannot send is kept in a file that import takes.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { callerOf } from '../support/caller.ts'
import {
  type Credentials,
  openWorkplace,
  type Server,
  surroundings,
  type Workplace,
} from '../support/program.ts'
import { until } from '../support/until.ts'

const examples = fileURLToPath(new URL('../../examples/', import.meta.url))
const hasPython = spawnSync('python3', ['--version']).status === 0
const msgId = '18101211308815829'

interface Gateway {
  readonly command: string
  readonly file: string
  readonly events: number
  /** Devices that are targets. */
  readonly targets: number
  readonly outboxMax: RegExp
}
const gateways: readonly Gateway[] = [
  {
    command: process.execPath,
    file: 'gateway.mjs',
    events: 4,
    targets: 3,
    outboxMax: /(?<=const outboxMax = )[\d_]+/,
  },
  ...(hasPython
    ? [
        {
          command: 'python3',
          file: 'gateway.py',
          events: 3,
          targets: 3,
          outboxMax: /(?<=OUTBOX_MAX = )[\d_]+/,
        },
      ]
    : []),
]

let place: Workplace
let server: Server

beforeAll(async () => {
  place = openWorkplace()
  server = await place.serve()
})
afterAll(() => place?.close())

interface Feed {
  readonly app: Credentials
  readonly token: string
}

const newFeed = async (name: string): Promise<Feed> => {
  const app = await place.createApp(name)
  const { stdout } = await place.run(['token', 'create', app.key, '--name', 'g', '--json'])
  return { app, token: (JSON.parse(stdout) as { token: string }).token }
}

type Answer = (response: ServerResponse) => void

/** Answers each request by the next of these, and passes on those that come after them. */
const proxyTo = async (url: string, answers: readonly Answer[]) => {
  const left = [...answers]
  const times: number[] = []
  const proxy = createServer(async (request, response) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    times.push(performance.now())
    const answer = left.shift()
    if (answer !== undefined) return answer(response)
    const { authorization = '' } = request.headers
    const body = Buffer.concat(chunks)
    const real = await fetch(url + request.url, {
      method: 'POST',
      headers: { authorization },
      body,
    })
    response.writeHead(real.status).end(await real.text())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, times }
}

const answering =
  (status: number, text: string, headers = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(text)
const page = '<html><h1>502 Bad Gateway</h1></html>'
const hangingUp: Answer = (response) => response.destroy()

interface Started {
  readonly process: ChildProcess
  readonly unsent: () => string[]
  readonly stderr: () => string
  readonly ended: Promise<number | null>
}

/** In a directory of its own; `outboxMax` in place of the example's. */
const start = (gateway: Gateway, url: string, token: string, outboxMax?: number): Started => {
  const dir = mkdtempSync(join(place.dir, 'gateway-'))
  const text = readFileSync(join(examples, gateway.file), 'utf8')
  expect(text).toMatch(gateway.outboxMax)
  const path = join(dir, gateway.file)
  const changed = outboxMax === undefined ? text : text.replace(gateway.outboxMax, `${outboxMax}`)
  writeFileSync(path, changed)
  const env = { ...surroundings(), PUSHLEDGER_URL: url, PUSHLEDGER_TOKEN: token }
  const child = spawn(gateway.command, [path], { cwd: dir, env })
  let stderr = ''
  child.stderr.on('data', (more: Buffer) => {
    stderr += more
  })
  const file = join(dir, 'unsent.ndjson')
  return {
    process: child,
    unsent: () => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []),
    stderr: () => stderr,
    ended: new Promise((resolve) => child.once('close', resolve)),
  }
}

const targetsOf = async ({ app }: Feed): Promise<unknown> => {
  const { body } = await callerOf(server.url, app).ask(`/v3/messages?msg_ids=${msgId}`)
  return (body as unknown as [{ android: { target: number | null } }])[0].android.target
}

describe.each(gateways)('$file', (gateway) => {
  it('sends again until it is answered', async () => {
    const feed = await newFeed(`again ${gateway.file}`)
    const proxy = await proxyTo(server.url, [
      answering(502, page),
      answering(429, '{"error":{"code":2002,"message":"later"}}', { 'retry-after': '1' }),
      hangingUp,
      answering(200, page),
      answering(503, '{"error":{"code":503,"message":"full"}}'),
      answering(504, ''),
    ])
    const { ended, unsent, stderr } = start(gateway, proxy.url, feed.token)
    expect([await ended, stderr().split('\n').length]).toEqual([0, 7])
    expect([unsent(), await targetsOf(feed)]).toEqual([[], gateway.targets])
    const { times } = proxy
    expect(times).toHaveLength(7)
    // As long as Retry-After asks.
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(990)
  })

  it('sends less at a time where a batch is too large', async () => {
    const feed = await newFeed(`less ${gateway.file}`)
    const tooLarge = answering(413, '{"error":{"code":413,"message":"too large"}}')
    const proxy = await proxyTo(server.url, [tooLarge])
    expect(await start(gateway, proxy.url, feed.token).ended).toBe(0)
    expect(await targetsOf(feed)).toBe(gateway.targets)
    expect(proxy.times).toHaveLength(3)
  })

  it('keeps what it cannot send when it is stopped, for import', async () => {
    const feed = await newFeed(`stopped ${gateway.file}`)
    const {
      process: child,
      ended,
      unsent,
      stderr,
    } = start(gateway, 'http://127.0.0.1:1', feed.token)
    await until('it tries again', () => /again in/.test(stderr()), 20_000)
    child.kill('SIGTERM')
    expect([await ended, unsent().length]).toEqual([1, gateway.events])
    const file = join(place.dir, `unsent-${gateway.file}`)
    writeFileSync(file, `${unsent().join('\n')}\n`)
    const flags = ['--url', server.url, '--token', feed.token]
    expect((await place.run(['import', file, ...flags])).code).toBe(0)
    expect(await targetsOf(feed)).toBe(gateway.targets)
  })

  it('gives up where sending again is in vain, and keeps the events', async () => {
    const { ended, unsent, stderr } = start(gateway, server.url, 'plf_wrong')
    expect([await ended, unsent().length]).toEqual([1, gateway.events])
    expect(stderr()).toMatch(/pushledger answers 401: .*Bearer authentication failed/)
  })

  it('keeps in the file what finds no room in its outbox', async () => {
    const feed = await newFeed(`full ${gateway.file}`)
    const { ended, unsent, stderr } = start(gateway, server.url, feed.token, 2)
    expect([await ended, unsent().length]).toEqual([1, gateway.events - 2])
    expect(stderr()).toMatch(/events were not sent: pushledger import unsent\.ndjson/)
    expect(await targetsOf(feed)).toBe(gateway.targets)
  })
})
