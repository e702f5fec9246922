// A disk that fails: the n-th write or sync of a run of bodies fails, for every n. What was answered is
// there in the end, of each body all or nothing, and the file is sound; a server says why it ends.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { haveProgram } from '../support/debian.ts'
import { programPath, workplace } from '../support/program.ts'
import { tell } from '../support/tally.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { attemptEach } from './attempts.ts'
import { complaintsOf, type Held, type Promised, saidBy } from './held.ts'

const seed = Number(process.env['FAIL_SEED'] ?? 1)
/** Every n up to this; otherwise only some. */
const most = Number(process.env['FAIL_WRITES'] ?? 0)
const bodies = 25
const all = Array.from({ length: most }, (_, i) => i + 1)
/** strace counts by thread: the one that opens the ledger, and the one that writes what is told. */
const numbers = {
  opening: most > 0 ? all : [4],
  writing: most > 0 ? all : [1, 3, 8],
}
/** So many that never came to be, and no later one will. */
const notReachedMax = 3

const injecting = (calls: string, error: string, n: number, file: string): string[] => [
  ...['-f', '-qq', '-o', '/dev/null', '-P', file, '-e', `trace=${calls}`],
  ...['-e', `inject=${calls}:error=${error}:when=${n}`],
]

const kinds = [
  ['pwrite64', 'EIO'],
  ['pwrite64', 'ENOSPC'],
  ['writev', 'EIO'],
  ['writev', 'ENOSPC'],
  ['fdatasync', 'EIO'],
] as const

const teller = fileURLToPath(new URL('teller.mjs', import.meta.url))

interface Run {
  readonly what: string
  readonly dir: string
  readonly promised: Promised
}

/** Tells the bodies while the n-th call fails, for each n; the runs in which one did. */
const runsWith = (call: string, error: string, path: string): Run[] => {
  const runs: Run[] = []
  for (const [thread, ns] of Object.entries(numbers)) {
    let notReached = 0
    for (const n of ns) {
      const what = `${thread} ${n}`
      const dir = `${path}/${what}`
      const wasted = thread === 'writing' ? n : 0
      const command = [teller, dir, seed, bodies, wasted].map(String)
      const flags = injecting(call, error, n, `${dir}/ledger.mdb`)
      const strace = [...flags, process.execPath, ...command]
      const { stdout, status } = spawnSync('strace', strace, { timeout: 60_000 })
      const promised = saidBy(stdout.toString())
      const isReached = status !== 0 || promised.answered.size < bodies
      if (isReached) runs.push({ what, dir, promised })
      else notReached += 1
      if (notReached === notReachedMax) break
    }
  }
  return runs
}

describe.skipIf(!haveProgram('strace'))('a disk that fails', { timeout: 3_600_000 }, () => {
  it.each(kinds)(`at any %s, with %s (FAIL_SEED=${seed})`, async (call, error) => {
    const { path, remove } = makeTempDir()
    const runs = runsWith(call, error, path)
    const pieces = runs.map(({ dir }) => ({ dir, seed, bodies }))
    const found = await attemptEach<Held>('held.mjs', pieces)
    const complaints = runs.flatMap(({ what, promised }, i) =>
      complaintsOf(seed, promised, found[i]).map((why) => `${what}: ${why}`),
    )
    const count = (word: string) => complaints.filter((why) => why.includes(`: ${word}: `)).length
    const [lost, torn, phantom] = [count('lost'), count('torn'), count('phantom')]
    tell({ faultsInjected: runs.length, bodiesChecked: runs.length * bodies, lost, torn, phantom })
    expect(runs.map(({ what }) => what)).toContain('writing 1')
    expect(complaints).toEqual([])
    remove()
  })

  it('ends a server with a sentence, after which another one goes on', async () => {
    const place = workplace()
    const app = await place.createApp('failing')
    const flags = injecting('fdatasync', 'EIO', 3, `${place.dir}/ledger.mdb`)
    const serve = [programPath, 'serve', '--data', place.dir, '--port', '0']
    const child = spawn('strace', [...flags, process.execPath, ...serve])
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    const ended = new Promise((resolve) => child.once('close', resolve))
    await until('it listens', () => /http:\S+/.test(stdout), 15_000)
    const caller = callerOf(/http:\S+/.exec(stdout)?.[0] ?? '', app)
    const kept: string[] = []
    for (let i = 0; kept.length === i; i++) {
      const line = {
        type: 'received',
        platform: 'android',
        msg_id: `${i + 1}`,
        registration_id: 'a',
      }
      const status = await caller.tell([line]).then(
        (answer) => answer.status,
        () => 0,
      )
      if (status === 200) kept.push(`${i + 1}`)
      else expect([0, 503]).toContain(status)
    }
    expect(await ended).toBe(1)
    expect(stderr).toMatch(/^The ledger in \S+ cannot be written any more, start again: /m)
    const again = callerOf((await place.serve()).url, app)
    expect(kept.length).toBeGreaterThan(0)
    expect(await again.received(kept)).toEqual(kept.map(() => 1))
  })
})
