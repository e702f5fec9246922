// The demo as who tries it meets it: from a fresh clone with one command, every line it prints pasted
// into a shell, a port that is taken, and its end.

import { execFile, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  type Ended,
  openWorkplace,
  type Running,
  surroundings,
  type Workplace,
  workplace,
} from '../support/program.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const small = ['--devices', '500', '--port', '0']
// Nothing but Node is needed to run the tests; without curl its lines are not tried.
const hasCurl = spawnSync('curl', ['--version']).status === 0

const demo = (place: Workplace, ...args: readonly string[]): Running =>
  place.start(['demo', ...args], { TMPDIR: place.dir })

const served = async (running: Running): Promise<void> => {
  await until('the demo serves', () => /^Serving on/m.test(running.stdout()), 20_000)
}

const linesIn = (printed: string): string[] =>
  printed.split('\n').filter((line) => line.startsWith('curl '))

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** As if it were pasted. */
const paste = (line: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const script = `${line} --silent --write-out '\\n%{http_code}'`
    execFile('sh', ['-c', script], { env: surroundings() }, (error, stdout) => {
      if (error !== null) return reject(error)
      const [body = '', status] = stdout.split('\n')
      resolve({ status: Number(status), body: JSON.parse(body) })
    })
  })

/** Every number that is a count, from any depth. */
const countsIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    ['msg_id', 'duration'].includes(name) ? [] : countsIn(member),
  )
}

describe('a demo that serves', () => {
  let place: Workplace
  let running: Running
  let lines: string[]

  beforeAll(async () => {
    place = openWorkplace()
    running = demo(place, ...small)
    await served(running)
    lines = linesIn(running.stdout())
  })
  afterAll(() => place?.close())

  it('says how many facts it told, retries included, in plain words', () => {
    const [, facts = '', repeated = ''] =
      /^([\d,]+) facts in [\d.]+ s, all on disk, ([\d,]+) of them/m.exec(running.stdout()) ?? []
    const numberIn = (text: string) => Number(text.replaceAll(',', ''))
    expect(numberIn(facts)).toBeGreaterThan(10_000)
    expect(numberIn(repeated)).toBeGreaterThan(0)
    // No bar where nobody watches, and nothing logged.
    expect(running.stderr()).not.toMatch(/[\r[{]/)
  })

  it('names the page for people, and what logs in there', async () => {
    const [, page = '', key = '', secret = ''] =
      /^A page for people is at (\S+) .*\n\s+appKey\s+(\w+)\n\s+masterSecret\s+(\w+)$/m.exec(
        running.stdout(),
      ) ?? []
    expect((await (await fetch(page)).text()).slice(0, 15)).toBe('<!doctype html>')
    const body = JSON.stringify({ key, secret })
    const { status } = await fetch(`${page}v1/sessions`, { method: 'POST', body })
    expect(status).toBe(200)
  })

  it('prints a line for each report, each after what it shows', () => {
    const paths = lines.map((line) => /\/v3\/[a-z/]+/.exec(line)?.[0])
    expect(new Set(paths)).toEqual(
      new Set([
        '/v3/received',
        '/v3/received/detail',
        '/v3/status/message',
        '/v3/messages',
        '/v3/messages/detail',
        '/v3/users',
      ]),
    )
    const printed = running.stdout().split('\n')
    for (const line of lines) expect(printed[printed.indexOf(line) - 1]).toMatch(/\w.*:$/)
  })

  it.skipIf(!hasCurl)('every line can be pasted and answers with numbers', async () => {
    for (const line of lines) {
      const { status, body } = await paste(line)
      expect(status, line).toBe(200)
      const counts = countsIn(body)
      expect(counts.filter((count) => count > 0).length, line).toBeGreaterThan(2)
    }
  })

  it.skipIf(!hasCurl)('the devices it asks about have every status there is', async () => {
    const { body } = await paste(lines.find((line) => line.includes('/status/')) ?? '')
    expect(countsIn(body).sort()).toEqual([0, 1, 2, 3])
  })

  it('ends on Ctrl-C with 0 and takes its directory with it', async () => {
    const made = () => readdirSync(place.dir).filter((name) => name.startsWith('pushledger-demo-'))
    expect(made()).toHaveLength(1)
    running.kill('SIGINT')
    expect((await running.ended).code).toBe(0)
    expect(made()).toEqual([])
  })
})

describe('refuses and makes do', () => {
  it('takes another port where its own is taken, and says so', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => new Promise<void>((resolve) => other.close(() => resolve())))
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const ended = await demo(workplace(), '--devices', '100', '--port', port, '--exit').ended
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(`Port ${port} is taken`)])
    expect(ended.stdout).not.toContain(`127.0.0.1:${port}`)
  })

  it('keeps a directory that was named, with the credentials that were named', async () => {
    const place = workplace()
    const data = join(place.dir, 'kept')
    const key = 'a1b2c3d4e5f6a7b8c9d0e1f2'
    const secret = 'ABCDefgh0123456789ijklMN'
    const named = ['--data', data, '--key', key, '--secret', secret, '--devices', '100']
    const { code, stdout } = await demo(place, ...named, '--port', '0', '--exit').ended
    expect([code, stdout]).toEqual([0, expect.stringContaining(`curl -u ${key}:${secret} '`)])
    const { stdout: listed } = await place.run(['app', 'list', '--data', data])
    expect(listed).toContain(key)
    const again = await demo(place, ...named).ended
    expect([again.code, again.stdout]).toEqual([1, ''])
    expect(again.stderr).toMatch(/^.*kept is not empty: .*--data.*\n$/)
  })

  it.each([
    [['--devices', '99'], /whole number from 100 to 1000000/],
    [['--devices', '1e3'], /whole number from 100 to 1000000/],
    [['--seed', '-1'], /whole number from 0 to 4294967295/],
    [['--key', 'x'], /24 lowercase hexadecimal digits/],
    [['--data', ''], /--data must be a directory/],
    [['--port', 'x'], /--port must be/],
  ])('%j: wrong usage', async (args, sentence) => {
    const { code, stdout, stderr } = await demo(workplace(), ...args).ended
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(sentence)])
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('ends on Ctrl-C while it is still telling', async () => {
    const place = workplace()
    const running = demo(place, '--devices', '50000', '--port', '0')
    await until('it tells', () => /as a gateway/.test(running.stdout()), 20_000)
    running.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect([code, linesIn(stdout)]).toEqual([0, []])
    expect(readdirSync(place.dir)).toEqual([])
  })
})

/** What a clone holds that the demo needs, with nothing built; the installed packages are ours. */
const clone = (): string => {
  const { path, remove } = makeTempDir()
  onTestFinished(remove)
  const parts = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']
  for (const part of [...parts, 'console', 'scripts', 'src']) {
    cpSync(join(root, part), join(path, part), { recursive: true, preserveTimestamps: true })
  }
  symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'))
  mkdirSync(join(path, 'tmp'))
  return path
}

const runIn = (cwd: string, command: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const env = { ...surroundings(), TMPDIR: join(cwd, 'tmp') }
    const child = spawn(command, args, { cwd, env })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })

describe('npm run demo', () => {
  const args = ['run', 'demo', '--', '--devices', '100', '--port', '0', '--exit']

  it('builds where nothing is built, hands its arguments on, and builds no second time', {
    timeout: 60_000,
  }, async () => {
    const path = clone()
    const first = await runIn(path, 'npm', ...args)
    expect(first.code, first.stderr).toBe(0)
    expect(first.stdout).toContain('100 devices')
    expect(linesIn(first.stdout)).toHaveLength(7)
    const builtAtMs = () => statSync(join(path, 'dist/cli/main.js')).mtimeMs
    const before = builtAtMs()
    expect((await runIn(path, 'npm', ...args)).code).toBe(0)
    expect(builtAtMs()).toBe(before)
    writeFileSync(join(path, 'src/demo/more.ts'), '// More.\nexport {}\n')
    expect((await runIn(path, 'npm', ...args)).code).toBe(0)
    expect(builtAtMs()).toBeGreaterThan(before)
  })

  it('tells a Node that is too old so, in one sentence', async () => {
    const older = `{ value: { ...process.versions, node: '20.18.9' } }`
    const pretend = `data:text/javascript,Object.defineProperty(process, 'versions', ${older})`
    const script = join(root, 'scripts/demo.mjs')
    const ended = await runIn(root, process.execPath, '--import', pretend, script)
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toMatch(/^pushledger needs Node 20\.19 or newer, this is 20\.18\.9\b.*\n$/)
  })
})
