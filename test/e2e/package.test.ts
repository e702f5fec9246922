// The package as npm would publish it, installed into an empty folder with its runtime dependencies only:
// the command is there, the server and the demo run, and so does what only some settings need.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { type Credentials, surroundings } from '../support/program.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Manifest {
  readonly bin: { readonly pushledger: string }
}
interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>
}
const jsonOf = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

const packed = (into: string): string => {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into]
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  const [made] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  const paths = made.files.map(({ path }) => path)
  expect(paths).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']))
  expect(paths.filter((path) => /^(src|test|bench|scripts)\/|\.env|\.test\./.test(path))).toEqual(
    [],
  )
  return join(into, made.filename)
}

/** By npm without the network, where its cache has everything; else as npm would have laid it out. */
const install = (tarball: string, folder: string): void => {
  const args = ['install', '--offline', '--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts']
  const npm = spawnSync('npm', [...args, tarball], { cwd: folder, encoding: 'utf8' })
  if (npm.status === 0) return
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '.bin'), { recursive: true })
  expect(spawnSync('tar', ['-xzf', tarball, '-C', modules]).status).toBe(0)
  cpSync(join(modules, 'package'), join(modules, 'pushledger'), { recursive: true })
  const { packages } = jsonOf<Lock>(join(root, 'package-lock.json'))
  for (const [path, { dev }] of Object.entries(packages)) {
    if (path === '' || dev === true || !existsSync(join(root, path))) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path), { recursive: true })
  }
  const { bin } = jsonOf<Manifest>(join(modules, 'pushledger', 'package.json'))
  symlinkSync(join('..', 'pushledger', bin.pushledger), join(modules, '.bin', 'pushledger'))
}

const openCollector = async () => {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(`${request.method} ${request.url}`)
    request.resume().once('end', () => response.end('{}'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths }
}

it('runs in an empty folder', async () => {
  const { path: folder, remove } = makeTempDir()
  onTestFinished(remove)
  install(packed(folder), folder)
  expect(readdirSync(join(folder, 'node_modules'))).not.toContain('vitest')
  const env = surroundings()
  const npx = (...args: readonly string[]) =>
    spawnSync('npx', ['--no-install', 'pushledger', ...args], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })

  const made = npx('app', 'create', 'shop', '--data', 'ledger', '--json')
  expect(made.stderr).toBe('')
  const app = JSON.parse(made.stdout) as Credentials
  const command = join(folder, 'node_modules', '.bin', 'pushledger')
  const collector = await openCollector()
  const flags = ['--data', 'ledger', '--port', '0', '--json', '--otlp-url', collector.url]
  const server = spawn(command, ['serve', ...flags], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  try {
    const [line] = await createInterface({ input: server.stdout! })
      [Symbol.asyncIterator]()
      .next()
      .then(({ value }) => [String(value)])
    const caller = callerOf((JSON.parse(line!) as { url: string }).url, app)
    const devices = ['d1', 'd2']
    const event = { type: 'received', msg_id: 7, platform: 'android', registration_ids: devices }
    await caller.told([event])
    expect(await caller.received(['7'])).toEqual([2])
    const ended = once(server, 'exit')
    server.kill()
    await ended
    expect(collector.paths).toContain('POST /v1/traces')
  } finally {
    server.kill()
  }
  // Nothing listens at the port of tcpmux: the client was found, and the database was not.
  const there = npx('app', 'list', '--store', 'clickhouse://nobody@127.0.0.1:1/ledger')
  expect(there.status).toBe(1)
  expect(there.stderr).toMatch(/^The database ledger at \S+ cannot be used: .*ECONNREFUSED/)
  expect(
    npx('export', 'facts', '7', '--data', 'ledger', '--quiet').stdout.split('\n'),
  ).toHaveLength(4)
  const demo = npx('demo', '--devices', '100', '--port', '0', '--exit')
  expect(demo.stderr + demo.stdout).toMatch(/curl -u /)
  expect(demo.status).toBe(0)
}, 300_000)
