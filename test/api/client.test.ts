// `pushledger/client` as its users have it: its types are those of the document, the built package is
// imported by name from a folder of its own, compiled strictly, and asks a real server.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientTypes, clientTypesPath } from '../../scripts/client-types.ts'
import { authorizationOf, type Client, openClient } from '../../src/client/client.ts'
import type { Document } from '../../src/openapi/document.ts'
import { openGroup } from '../support/group.ts'
import { basic, key, secret, startServer, type TestServer } from '../support/server.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'docs/reference/client.md'), 'utf8')
const big = '9007199254740993'

let server: TestServer
let ledger: Client
const { path: dir, remove } = makeTempDir()
beforeAll(async () => {
  server = await startServer()
  ledger = openClient({ url: `${server.url}/`, credentials: { key, secret } })
})
afterAll(async () => {
  await server.close()
  remove()
})

it('its types are made from the document (npx tsx scripts/client-types.ts)', async () => {
  const { text } = await server.ask('/openapi.json')
  expect(readFileSync(clientTypesPath, 'utf8')).toBe(clientTypes(JSON.parse(text) as Document))
})

describe('asks and tells', () => {
  it('by every method for an app', async () => {
    const sent = await ledger.events([
      { type: 'received', msg_id: big, platform: 'android', registration_id: 'a' },
      { type: 'sent', msg_id: 7, platform: 'android', channel: 'xm', registration_ids: ['a', 'b'] },
    ])
    expect(sent).toEqual({
      ok: true,
      status: 200,
      data: { accepted: 3, repeated: 0, refused: 0, errors: [] },
    })
    const msg_ids = [big, 7]
    const detail = await ledger.messagesDetail({ msg_ids })
    expect(detail.ok && detail.data.map(({ msg_id }) => msg_id)).toEqual([big, 7])
    for (const method of ['received', 'receivedDetail', 'messages'] as const) {
      const report = await ledger[method]({ msg_ids })
      expect(report.ok && report.data.map(({ msg_id }) => msg_id)).toEqual([big, '7'])
    }
    const status = await ledger.status({ msg_id: big, registration_ids: ['a', 'b', 'c'] })
    expect(status.ok && status.data).toEqual({
      a: { status: 0 },
      b: { status: 3 },
      c: { status: 2 },
    })
    const users = await ledger.users({ time_unit: 'HOUR', start: '2014-06-12 12', duration: 1 })
    expect(users.ok && users.data.items).toEqual([{ time: '2014-06-12 12' }])
    expect(await ledger.healthz()).toEqual({ ok: true, status: 200, data: { status: 'ok' } })
  })

  it('for a group', async () => {
    const { key: user, secret: word, apps } = await openGroup(server)
    const group = openClient({ url: server.url, credentials: { key: user, secret: word } })
    const told = await group.groupMessages({ group_msgid: 'g&1', messages: { [apps[0]]: big } })
    expect(told.ok && told.data).toEqual({ group_msgid: 'g&1', apps: 1 })
    const report = await group.groupMessagesDetail({ group_msgids: ['g&1'] })
    expect(report.ok && report.data[0]?.jpush.received).toBe(1)
  })
})

describe('what goes wrong is a value', () => {
  it('refused by the server, with its code', async () => {
    const stranger = openClient({ url: server.url })
    const refused = await stranger.received({ msg_ids: [1] })
    expect(!refused.ok && refused.fault).toMatchObject({ status: 401, code: 3001 })
    const asked = await ledger.received({ msg_ids: ['x'] })
    expect(!asked.ok && asked.fault).toMatchObject({ status: 400, code: 3002 })
  })

  it('events, some or all of them', async () => {
    const good = { type: 'online', platform: 'ios', registration_id: 'a' } as const
    const bad = { type: 'sent', msg_id: 1, registration_id: 'a' } as const
    const some = await ledger.events([bad, good])
    expect(some.ok && [some.status, some.data.errors[0]?.code]).toEqual([207, 'bad_platform'])
    const none = await ledger.events([bad])
    expect(none.ok ? undefined : none.fault.body?.errors?.[0]?.line).toBe(1)
  })

  it('a rate limit, with when to come back', async () => {
    const limited = await startServer({ rateLimit: 1 })
    const one = openClient({ url: limited.url, credentials: { key, secret } })
    await one.received({ msg_ids: [1] })
    const over = await one.received({ msg_ids: [1] })
    await limited.close()
    expect(!over.ok && over.fault).toMatchObject({ code: 2002, retryAfterSeconds: 60 })
    const away = await one.received({ msg_ids: [1] })
    expect(!away.ok && away.fault).toMatchObject({ status: 0, code: undefined })
  })

  it('somebody else', async () => {
    const answer = async () => new Response('<html>', { status: 200 })
    const other = openClient({ url: server.url, fetch: answer })
    const page = await other.healthz()
    expect(!page.ok && page.fault).toMatchObject({ status: 200, code: undefined })
  })

  it('but a number that has lost digits is never sent', async () => {
    await expect(ledger.received({ msg_ids: [Number(big)] })).rejects.toThrow(RangeError)
    const asked = { msg_id: Number(big), registration_ids: ['a'] }
    await expect(ledger.status(asked)).rejects.toThrow(/as text/)
  })
})

it('writes the header of either credentials', () => {
  expect(authorizationOf({ key, secret })).toBe(basic)
  expect(authorizationOf({ token: 'plf_1' })).toBe('Bearer plf_1')
})

const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  new Promise<{ readonly code: number; readonly out: string }>((resolve) => {
    const options = { cwd: dir, env: { ...process.env, ...env } }
    execFile(process.execPath, [file, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, out: stdout + stderr })
    })
  })

/** A user's folder, in which the package is installed; and the options its compiler is given. */
const compile = (name: string, text: string, libraries: object) => {
  mkdirSync(join(dir, 'node_modules/@types'), { recursive: true })
  const link = (from: string, to: string) => {
    try {
      symlinkSync(join(root, from), join(dir, 'node_modules', to), 'dir')
    } catch {
      // There from the test before.
    }
  }
  link('', 'pushledger')
  link('node_modules/@types/node', '@types/node')
  link('node_modules/undici-types', 'undici-types')
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
  writeFileSync(join(dir, `${name}.ts`), text)
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    target: 'es2023',
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    ...libraries,
  }
  writeFileSync(
    join(dir, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: [`${name}.ts`] }),
  )
  return run(join(root, 'node_modules/typescript/bin/tsc'), ['-p', dir])
}

describe('the built package, imported by name', { timeout: 60_000 }, () => {
  it('compiles and runs the program of the page', async () => {
    const [, program = ''] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
    const libraries = { lib: ['es2023'], types: ['node'] }
    expect(await compile('shown', program, libraries)).toEqual({ code: 0, out: '' })
    const env = { LEDGER_URL: server.url, KEY: key, SECRET: secret }
    const ran = await run(join(dir, 'shown.js'), [], env)
    expect(ran).toEqual({ code: 0, out: '58545795622195712 1\n' })
  })

  it('refuses wrong questions where there is only a browser', async () => {
    const program = `import { type FaultCode, openClient } from 'pushledger/client'
const ledger = openClient({ url: 'http://127.0.0.1:1', credentials: { token: 'plf_1' } })
export const right = async (): Promise<FaultCode | number | null | undefined> => {
  const asked = await ledger.received({ msg_ids: ['1', 2] })
  return asked.ok ? asked.data[0]?.android_received : asked.fault.code
}
// @ts-expect-error there is no such parameter
ledger.received({ msg_id: ['1'] })
// @ts-expect-error nor such a channel
ledger.events([{ type: 'sent', msg_id: 1, channel: 'pigeon', registration_id: 'a' }])
// @ts-expect-error a question needs its parameters
ledger.users({ time_unit: 'DAY' })
// @ts-expect-error nor is there an answer before one has looked
ledger.healthz().then((asked) => asked.data)
`
    const libraries = { lib: ['es2023', 'dom'], types: [] }
    expect(await compile('wrong', program, libraries)).toEqual({ code: 0, out: '' })
  })

  it('is what this package exports', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, { types: string; default: string }>
    }
    for (const { types, default: program } of Object.values(exports)) {
      expect(types).toBe(program.replace(/\.js$/, '.d.ts'))
      expect(pathToFileURL(join(root, program)).href).toMatch(/dist\/client\/client\.js$/)
    }
  })
})
