// A directory that cannot be opened, with the built program: every verb says so in one sentence that names the file
// and the cause, and ends with 1, where LMDB alone would end the process by a signal.
import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { programPath, surroundings, type Workplace, workplace } from '../support/program.ts'

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Every verb that opens a directory, to its end. */
const verbs: readonly (readonly string[])[] = [
  ['serve', '--port', '0'],
  ['app', 'list'],
  ['token', 'list', '7d431e42dfa6a6d693ac2d04'],
  ['group', 'list'],
  ['export', 'reports'],
  ['verify'],
  ['backup', 'copy'],
  ['compact'],
]

const isRoot = process.getuid?.() === 0
const someone = 65_534
/** Mounts hugetlbfs, which is no filesystem to write to: a stand-in for those without shared maps. */
const mounting = 'mount -t hugetlbfs none'
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', 'sh', '-c', `${mounting} /mnt`]).status === 0

/** A verb after a line of shell, which may set limits. */
const runAfter = (
  place: Workplace,
  shell: string,
  verb: readonly string[],
  options: SpawnSyncOptions = {},
): Outcome => {
  const command = [process.execPath, programPath, ...verb, '--data', place.dir]
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', `${shell}; exec "$@"`, 'sh', ...command],
    {
      cwd: place.dir,
      env: surroundings(),
      ...options,
    },
  )
  return { code: status, stdout: String(stdout), stderr: String(stderr) }
}

const sentence = (says: RegExp): Outcome => ({
  code: 1,
  stdout: '',
  stderr: expect.stringMatching(
    new RegExp(`^[^\\n]*${says.source}[^\\n]*\\n$`),
  ) as unknown as string,
})

/** A directory with an app that belongs to somebody else than root. */
const foreignPlace = async (): Promise<Workplace> => {
  const place = workplace()
  await place.createApp('shop')
  for (const name of ['.', ...readdirSync(place.dir)]) {
    chownSync(join(place.dir, name), someone, someone)
  }
  return place
}

const asSomeone: SpawnSyncOptions = { uid: someone, gid: someone }

describe.skipIf(!isRoot)('a file of another user (only root can make one)', () => {
  it.each(verbs)('%s', async (...verb) => {
    const place = await foreignPlace()
    chownSync(join(place.dir, 'ledger.mdb-lock'), 0, 0)
    const outcome = runAfter(place, ':', verb, asSomeone)
    // It only needs to read.
    if (verb[0] === 'verify') expect(outcome).toMatchObject({ code: 0, stderr: '' })
    else expect(outcome).toEqual(sentence(/ledger\.mdb-lock belongs to user 0 .* by user 65534/))
  })

  it('and what root does beside a server leaves the server able to work', async () => {
    const place = await foreignPlace()
    expect(runAfter(place, ':', ['app', 'create', 'other'])).toMatchObject({ code: 0 })
    expect(runAfter(place, ':', ['compact'])).toMatchObject({ code: 0 })
    expect(runAfter(place, 'rm ledger.mdb-lock', ['verify'])).toMatchObject({ code: 0 })
    for (const name of readdirSync(place.dir)) {
      expect(statSync(join(place.dir, name))).toMatchObject({ uid: someone, gid: someone })
    }
    expect(runAfter(place, ':', ['app', 'create', 'third'], asSomeone)).toMatchObject({ code: 0 })
  })
})

describe.skipIf(!isRoot)('verify by who may not write', () => {
  it('reads a directory that is read-only', async () => {
    const place = await foreignPlace()
    chownSync(place.dir, 0, 0)
    for (const name of readdirSync(place.dir)) chmodSync(join(place.dir, name), 0o444)
    chmodSync(place.dir, 0o555)
    const outcome = runAfter(place, 'cd /', ['verify'], { uid: 1234, gid: 1234 })
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    expect(outcome.stdout).toMatch(/^1 apps, .*\nnothing is wrong\n$/)
  })

  it('says why it cannot, beside a server', async () => {
    const place = workplace()
    await place.createApp('shop')
    await place.serve()
    chmodSync(place.dir, 0o755)
    for (const name of readdirSync(place.dir)) chmodSync(join(place.dir, name), 0o444)
    const outcome = runAfter(place, 'cd /', ['verify'], { uid: 1234, gid: 1234 })
    expect(outcome).toEqual(sentence(/ledger\.mdb is in use, and this user may not write/))
  })
})

describe.skipIf(process.platform !== 'linux')('a limit', () => {
  const little = 'ulimit -v 4000000'

  it.each(verbs)('on address space, below the map: %s', async (...verb) => {
    const place = workplace()
    await place.createApp('shop')
    expect(runAfter(place, little, verb)).toEqual(sentence(/ledger\.mdb .*ulimit -v.*--map-size/))
  })

  it('on address space leaves room for a smaller map, to a server and to verbs', async () => {
    const place = workplace()
    const map = ['--map-size', String(256 * 2 ** 20)]
    for (const verb of [['app', 'create', 'shop'], ['verify'], ['backup', 'copy'], ['compact']]) {
      expect(runAfter(place, little, [...verb, ...map])).toMatchObject({ code: 0, stderr: '' })
    }
    const command = [programPath, 'serve', '--port', '0', '--data', place.dir, ...map]
    const shell = ['-c', `${little}; exec "$@"`, 'sh', process.execPath, ...command]
    const server = spawn('sh', shell, { env: surroundings() })
    onTestFinished(() => {
      server.kill('SIGKILL')
    })
    const ended = once(server, 'exit')
    await once(server.stdout, 'data')
    server.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  it.each([
    ['serve', '--port', '0'],
    ['app', 'create', 'shop'],
  ])('on the size of files: %s', (...verb) => {
    const place = workplace()
    expect(runAfter(place, 'ulimit -f 8', verb)).toEqual(sentence(/ledger\.mdb .*ulimit -f/))
  })

  it('on the map, reached by a server: 503, and reports go on', async () => {
    const place = workplace()
    const app = await place.createApp('shop')
    const server = await place.serve(['--map-size', String(16 * 2 ** 20)])
    const caller = callerOf(server.url, app)
    const line = (msgId: number) => ({
      type: 'received',
      platform: 'android',
      msg_id: msgId,
      registration_ids: Array.from({ length: 5000 }, (_, i) => `device-${msgId}-${i}`),
    })
    const kept: string[] = []
    for (let msgId = 1; kept.length === msgId - 1; msgId++) {
      const { status, text } = await caller.tell([line(msgId)])
      if (status === 200) kept.push(`${msgId}`)
      else expect([status, text]).toEqual([503, expect.stringContaining('--map-size')])
    }
    expect(kept.length).toBeGreaterThan(3)
    expect(await caller.received(kept)).toEqual(kept.map(() => 5000))
    expect((await server.stop()).code).toBe(0)
    // A larger map goes on where the smaller one ended.
    const again = callerOf((await place.serve()).url, app)
    await again.told([line(kept.length + 1)])
  }, 120_000)

  it.each([
    ['serve', '--port', '0'],
    ['backup', 'copy'],
  ])('on open files: %s', async (...verb) => {
    const place = workplace()
    await place.createApp('shop')
    const outcome = runAfter(place, 'ulimit -n 36', verb)
    expect(outcome).toEqual(sentence(/may not open more files.*ulimit -n/))
  })
})

describe.skipIf(!canMount)('a filesystem that LMDB cannot work on (needs a mount)', () => {
  it.each([
    ['serve', '--port', '0'],
    ['app', 'create', 'shop'],
  ])('%s', (...verb) => {
    const place = workplace()
    mkdirSync(join(place.dir, 'mnt'))
    const command = [process.execPath, programPath, ...verb, '--data', 'mnt/ledger']
    const shell = `${mounting} mnt && exec "$@"`
    const { status, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', shell, 'sh', ...command], {
      cwd: place.dir,
      env: surroundings(),
    })
    expect([status, String(stderr)]).toEqual([
      1,
      expect.stringMatching(/^mnt\/ledger\/ledger\.mdb .*filesystem \(type 0x/m),
    ])
  })
})

it('backup into a file: a sentence', async () => {
  const place = workplace()
  await place.createApp('shop')
  const outcome = await place.run(['backup', join(place.dir, 'ledger.mdb')])
  expect(outcome).toEqual(sentence(/ledger\.mdb is no directory/))
})
