// The built command as an operator meets it: verbs on a directory, a server beside them, exit codes,
// one sentence on stderr, and an orderly end.
import { spawnSync } from 'node:child_process'
import { existsSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type Ended,
  programPath,
  type Server,
  type Workplace,
  workplace,
} from '../support/program.ts'

let place: Workplace
beforeEach(() => {
  place = workplace()
})

const run = (...args: readonly string[]): Promise<Ended> => place.run(args)

const runJson = async <T>(...args: readonly string[]): Promise<T> => {
  const { code, stdout, stderr } = await run(...args, '--json')
  expect([code, stderr]).toEqual([0, ''])
  return JSON.parse(stdout) as T
}

const ask = (
  { url }: Server,
  path: string,
  { key, secret }: Pick<Created, 'key' | 'secret'>,
  init: RequestInit = {},
): Promise<Response> => {
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`
  return fetch(url + path, { ...init, headers: { authorization } })
}

interface Created {
  readonly name: string
  readonly key: string
  readonly secret: string
  readonly vip: boolean
  readonly time_zone: string
}

const key = '7d431e42dfa6a6d693ac2d04'
const secret = '5e987ac6d2e04d95a9d8f0d1'

describe('app', () => {
  it('create prints its credentials once, and list never the secret', async () => {
    const made = await runJson<Created>('app', 'create', '商店')
    expect(Object.keys(made)).toEqual(['name', 'key', 'secret', 'vip', 'time_zone'])
    expect(made).toMatchObject({ name: '商店', vip: true, time_zone: 'Asia/Shanghai' })
    const kept = ['--key', key, '--secret', secret, '--no-vip', '--time-zone', 'Europe/Berlin']
    expect(await runJson('app', 'create', 'Kept', ...kept)).toEqual({
      name: 'Kept',
      key,
      secret,
      vip: false,
      time_zone: 'Europe/Berlin',
    })
    const listed = await run('app', 'list')
    expect(listed.stdout).toMatch(new RegExp(`${made.key} .*\n${key}  Kept`))
    expect(listed.stdout).not.toContain(secret)
    expect(await runJson('app', 'show', key)).toMatchObject({ key, name: 'Kept', vip: false })
  })

  it('set, rotate and remove change it', async () => {
    const made = await runJson<Created>('app', 'create', 'Shop')
    expect(await runJson('app', 'set', made.key, '--no-vip')).toMatchObject({ vip: false })
    const rotated = await runJson<Created>('app', 'rotate', made.key)
    expect(Object.keys(rotated)).toEqual(['key', 'secret'])
    expect(rotated.secret).not.toBe(made.secret)
    expect((await run('app', 'remove', made.key)).code).toBe(1)
    expect((await run('app', 'remove', made.key, '--yes')).code).toBe(0)
    expect(await runJson('app', 'list')).toEqual([])
  })
})

it.each([
  ['serve', true],
  ['app create', true],
  ['group create', true],
  ['app list', false],
  ['token create', false],
  ['export users', false],
  ['backup', false],
  ['compact', false],
  ['verify', false],
])('the help of %s says whether it makes a missing directory: %s', async (verb, isMade) => {
  const { stdout } = await run(...verb.split(' '), '--help')
  expect(stdout).toContain('--data <dir>')
  expect(/made\s+if\s+missing/.test(stdout)).toBe(isMade)
})

describe('what cannot be done is one sentence on stderr', () => {
  it.each<readonly [number, readonly string[], RegExp]>([
    [1, ['app', 'list'], /There is no ledger in .*--data/],
    [1, ['app', 'show', key], /There is no ledger in .*--data/],
    [2, ['app', 'show', 'X'], /24 lowercase hexadecimal digits/],
    [2, ['app', 'set', key], /--vip or --no-vip/],
    [2, ['app', 'create'], /missing required argument/],
    [2, ['app', 'create', ''], /1 to 100 characters/],
    [2, ['app', 'create', 'a', '--key', key.toUpperCase()], /24 lowercase hexadecimal digits/],
    [2, ['app', 'create', 'a', '--secret', '0'.repeat(24)], /8 different/],
    [2, ['app', 'create', 'a', '--key', key, '--secret', key], /must not be the same/],
    [2, ['app', 'create', 'a', '--time-zone', 'Mars'], /IANA/],
    [2, ['app', 'list', '--data', ''], /--data must be/],
    [2, ['serve', '--port', '99999'], /--port must be a whole number from 0 to 65535/],
    [2, ['serve', '--nonsense'], /unknown option/],
    [2, ['nonsense'], /unknown command/],
    [2, ['sirve'], /unknown command .*Did you mean serve/],
  ])('%i: %j', async (code, args, sentence) => {
    const outcome = await run(...args)
    expect([outcome.code, outcome.stdout]).toEqual([code, ''])
    expect(outcome.stderr).toMatch(sentence)
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each([
    ['show', key],
    ['set', key, '--vip'],
    ['rotate', key],
    ['remove', key, '--yes'],
  ])('as is an app that is not there: %s', async (...args) => {
    await run('app', 'create', 'other')
    const { code, stdout, stderr } = await run('app', ...args)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^there is no app with key .*\n$/)
  })

  it('as is a file that is no ledger, or a part of one', async () => {
    await run('app', 'create', 'a')
    const file = join(place.dir, 'ledger.mdb')
    truncateSync(file, 10_000)
    expect(await run('app', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/only a part/),
    })
    writeFileSync(file, 'x'.repeat(8_192))
    expect(await run('app', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no ledger/),
    })
  })

  it('and never repeats a secret that it refuses', async () => {
    const { stderr } = await run('app', 'create', 'a', '--secret', 'abcABC')
    expect(stderr).not.toContain('abcABC')
  })

  it.runIf(existsSync('/dev/full'))('as is an output that cannot be written', async () => {
    await run('app', 'create', 'a')
    const data = place.dir
    const script = `'${process.execPath}' '${programPath}' app list --data '${data}' > /dev/full`
    const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^stdout cannot be written.*\n$/)])
  })

  it('but an output that nobody reads is none', async () => {
    await run('app', 'create', 'a')
    const data = place.dir
    const script = `'${process.execPath}' '${programPath}' app list --data '${data}' | true`
    expect(spawnSync('sh', ['-c', script], { encoding: 'utf8' }).stderr).toBe('')
  })

  it('as is a key that is taken', async () => {
    await run('app', 'create', 'a', '--key', key)
    const { code, stderr } = await run('app', 'create', 'b', '--key', key)
    expect([code, stderr]).toEqual([1, expect.stringMatching(/there is an app .* already.*\n$/)])
  })

  it('as is wrong environment', async () => {
    const { code, stderr } = await place.run(['serve'], { PUSHLEDGER_PORT: 'x' })
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^PUSHLEDGER_PORT must be .*\n$/)])
  })
})

it('helps with every verb and tells its version', async () => {
  const verbs = ['serve', 'app', ...['create', 'list', 'show', 'set', 'rotate', 'remove']]
  for (const verb of verbs) {
    const path = verb === 'serve' || verb === 'app' ? [verb] : ['app', verb]
    const { code, stdout, stderr } = await run(...path, '--help')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^Usage: pushledger/)
  }
  expect((await run('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

describe('serve', () => {
  it('answers, takes notice of changes beside it, and keeps all over a restart', async () => {
    const first = await place.serve()
    expect(await (await fetch(`${first.url}/healthz`)).text()).toBe('{"status":"ok"}')
    const made = await runJson<Created>('app', 'create', 'Shop')
    const body = '{"type":"received","msg_id":"7","registration_id":"a","channel":"xm"}'
    const told = await ask(first, '/v1/events', made, { method: 'POST', body })
    expect([told.status, await told.text()]).toEqual([200, expect.stringContaining('"accepted":1')])
    expect((await ask(first, '/v3/messages?msg_ids=7', made)).status).toBe(200)
    await run('app', 'set', made.key, '--no-vip')
    expect((await ask(first, '/v3/messages?msg_ids=7', made)).status).toBe(403)
    const fresh = await runJson<Created>('app', 'rotate', made.key)
    expect((await ask(first, '/v3/received?msg_ids=7', made)).status).toBe(401)
    const { code, stdout } = await first.stop('SIGTERM')
    expect([code, stdout]).toEqual([0, `pushledger listens on ${first.url}\n`])

    const second = await place.serve(['--json'])
    const answer = await ask(second, '/v3/received?msg_ids=7', fresh)
    expect(await answer.text()).toContain('"android_received":1')
    await run('app', 'remove', made.key, '--yes')
    expect((await ask(second, '/v3/received?msg_ids=7', fresh)).status).toBe(401)
    const ended = await second.stop('SIGINT')
    expect([ended.code, ended.stdout]).toEqual([0, `{"url":"${second.url}"}\n`])
  })

  it('refuses a directory in which another serves, and a port that is taken', async () => {
    const { port } = await place.serve()
    const same = await run('serve', '--port', '0')
    expect([same.code, same.stdout]).toEqual([1, ''])
    expect(same.stderr.trim().split('\n')).toHaveLength(1)
    const taken = await run('serve', '--port', String(port), '--data', join(place.dir, 'other'))
    expect([taken.code, taken.stderr]).toEqual([1, expect.stringMatching(/is taken.*\n$/)])
  })
})
