// Runs the examples of the documentation: every sh block of the README, the guide, the reference and the operating pages, against a
// server whose clock and facts are the page's; where JSON stands next to a block, it must be what the
// server answered. A block that cannot run says why in a comment before it: <!-- not run: … -->.

import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Example, examplesOf } from './support/page-example.ts'
import { pageFacts } from './support/page-fact.ts'
import {
  type Credentials,
  openWorkplace,
  programPath,
  surroundings,
  type Workplace,
} from './support/program.ts'
import { key, secret, startServer, type TestServer } from './support/server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8')
const scripts = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts

const folders = ['docs/guide', 'docs/operating', 'docs/reference']
const pages = [
  'README.md',
  'README.zh-CN.md',
  ...folders.flatMap((folder) => readdirSync(join(root, folder)).map((n) => `${folder}/${n}`)),
]

/** Where a page's commands go: at first a server of the test, then whatever the page starts. */
interface Scene {
  url: string
  app: Credentials
  group: Credentials
  /** A feed token, once the page has made one. */
  token: string
  readonly place: Workplace
}

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The statement with what stands for something in it replaced. */
const spokenTo = ({ url, app, place }: Scene, statement: string): string =>
  statement
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, url)
    .replaceAll('KEY:SECRET', `${app.key}:${app.secret}`)
    .replaceAll('dist/cli/main.js', programPath)
    .replaceAll('./data', join(place.dir, 'data'))
    .replaceAll(' examples/', ` ${join(root, 'examples')}/`)
    .replaceAll('/var/lib/pushledger', join(place.dir, 'data'))

const serveLine =
  /^((?:PUSHLEDGER_\w+=\S+ )*)(?:pushledger|node dist\/cli\/main\.js) serve\b([^&]*)&?$/

/** Starts the server that the page starts, but on a free port. */
const serveAs = async (scene: Scene, [, set = '', rest = '']: RegExpExecArray): Promise<void> => {
  const words = (text: string) => spokenTo(scene, text).split(' ').filter(Boolean)
  const variables = Object.fromEntries(words(set).map((word) => word.split('=')))
  const { url } = await scene.place.serve([...words(rest), '--port', '0'], variables)
  scene.url = url
}

/** In a shell that knows the command, and a curl that tells on stderr how each call was answered. */
const runInShell = (scene: Scene, statement: string): Promise<Ran> => {
  const { dir } = scene.place
  const env = {
    ...surroundings(),
    PATH: `${join(dir, 'bin')}:${process.env['PATH']}`,
    CURL_HOME: dir,
    KEY: scene.app.key,
    SECRET: scene.app.secret,
    GROUP: scene.group.key,
    GROUP_SECRET: scene.group.secret,
    PUSHLEDGER_TOKEN: scene.token,
    PUSHLEDGER_URL: scene.url,
  }
  const script = spokenTo(scene, statement)
  return new Promise((resolve) => {
    execFile('sh', ['-ec', script], { cwd: dir, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr })
    })
  })
}

const setScene = async (server: TestServer): Promise<Scene> => {
  const place = openWorkplace()
  mkdirSync(join(place.dir, 'bin'))
  const command = `#!/bin/sh\nexec '${process.execPath}' '${programPath}' "$@"\n`
  writeFileSync(join(place.dir, 'bin', 'pushledger'), command, { mode: 0o755 })
  writeFileSync(
    join(place.dir, '.curlrc'),
    'silent\nshow-error\nwrite-out = "%{stderr}%{http_code}\\n"\n',
  )
  return { url: server.url, app: { key, secret }, group: { key, secret }, token: '', place }
}

const isNpm = (statement: string): boolean => /^npm\b/.test(statement)

/** CI runs these, test/e2e/demo.test.ts `npm run demo`; here they only have to exist. */
const expectScripts = (statement: string): void => {
  for (const [, name = ''] of statement.matchAll(/npm run ([\w:-]+)/g)) {
    expect(scripts, statement).toHaveProperty(name)
  }
}

const runStatement = async (scene: Scene, statement: string): Promise<Ran | undefined> => {
  const serving = serveLine.exec(statement)
  if (serving !== null) {
    await serveAs(scene, serving)
    return undefined
  }
  const ran = await runInShell(scene, statement)
  expect(ran.code, `${statement}\n${ran.stdout}\n${ran.stderr}`).toBe(0)
  if (/ app create /.test(statement)) scene.app = credentialsIn(ran.stdout)
  if (/ group create /.test(statement)) scene.group = credentialsIn(ran.stdout)
  if (/ token create /.test(statement)) scene.token = tokenIn(ran.stdout)
  return ran
}

const credentialsIn = (printed: string): Credentials => {
  const [, newKey = ''] = /\bkey"?:?\s+"?([0-9a-f]{24})/.exec(printed) ?? []
  const [, newSecret = ''] = /\bsecret"?:?\s+"?([0-9A-Za-z]{24})/.exec(printed) ?? []
  expect([newKey, newSecret], printed).not.toContain('')
  return { key: newKey, secret: newSecret }
}

const tokenIn = (printed: string): string => {
  const [token = ''] = /plf_\w+/.exec(printed) ?? []
  expect(token, printed).not.toBe('')
  return token
}

/** With -i the body stands after the headers. */
const bodyOf = (stdout: string): unknown =>
  JSON.parse(/^HTTP\//.test(stdout) ? stdout.slice(stdout.indexOf('\r\n\r\n')) : stdout)

const run = async (scene: Scene, { statements, answer }: Example): Promise<void> => {
  const isFault = typeof answer === 'object' && answer !== null && 'error' in answer
  let last: Ran | undefined
  for (const statement of statements) {
    if (isNpm(statement)) {
      expectScripts(statement)
      continue
    }
    if (!hasPython && statement.startsWith('python3 ')) continue
    last = await runStatement(scene, statement)
    if (last === undefined || !/\bcurl\b/.test(statement)) continue
    const statuses = last.stderr.split('\n').filter((line) => /^\d{3}$/.test(line))
    const expected = isFault ? /^[45]\d\d$/ : /^200$/
    expect(statuses, `${statement}\n${last.stderr}`).not.toEqual([])
    for (const status of statuses) expect(status, statement + last.stdout).toMatch(expected)
  }
  if (answer !== undefined && last !== undefined) expect(bodyOf(last.stdout)).toEqual(answer)
}

// Nothing but Node is needed to run the tests; without curl these are skipped.
const hasCurl = spawnSync('curl', ['--version']).status === 0
const hasPython = spawnSync('python3', ['--version']).status === 0

describe.skipIf(!hasCurl).each(pages)('%s', (page) => {
  const examples = examplesOf(textOf(page))
  const runnable = examples.filter(({ notRun }) => notRun === undefined)
  let server: TestServer
  let scene: Scene

  beforeAll(async () => {
    server = await startServer()
    await pageFacts[page.replace(/^.*\/|\.md$/g, '')]?.(server)
    scene = await setScene(server)
  })
  afterAll(async () => {
    await scene?.place.close()
    await server?.close()
  })

  it.each(runnable)('the example at line $line', (shown) => run(scene, shown))

  it('leaves nothing beside the pages', () => {
    expect(['backup', 'data'].filter((name) => existsSync(join(root, name)))).toEqual([])
  })

  if (runnable.length === 0) it('shows nothing to run', () => expect(runnable).toEqual([]))
})
