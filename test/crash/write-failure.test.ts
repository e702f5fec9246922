// A disk that fails: the n-th write or sync of a run of bodies fails, for every n. What was answered is
// there in the end, of each body all or nothing, and the file is sound; a server says why it ends.
import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { haveProgram } from '../support/debian.ts'
import { programPath, workplace } from '../support/program.ts'
import { makeTempDir } from '../support/temp-dir.ts'
import { until } from '../support/until.ts'
import { attemptEach } from './attempts.ts'
import { complaintsOf, type Held, saidBy } from './held.ts'

const seed = Number(process.env['FAIL_SEED'] ?? 1)
/** Every n up to this; otherwise only some. */
const most = Number(process.env['FAIL_WRITES'] ?? 0)
const bodies = 25
const numbers = most > 0 ? Array.from({ length: most }, (_, i) => i + 1) : [1, 4, 5, 8, 13]

const injecting = (calls: string, error: string, n: number, file: string): string[] => [
  ...['-f', '-qq', '-o', '/dev/null', '-P', file, '-e', `trace=${calls}`],
  ...['-e', `inject=${calls}:error=${error}:when=${n}`],
]

const kinds = [
  ['pwrite64,writev', 'EIO'],
  ['pwrite64,writev', 'ENOSPC'],
  ['fdatasync', 'EIO'],
] as const

const teller = fileURLToPath(new URL('teller.mjs', import.meta.url))

describe.skipIf(!haveProgram('strace'))('a disk that fails', { timeout: 3_600_000 }, () => {
  it.each(kinds)(`at any %s, with %s (FAIL_SEED=${seed})`, async (calls, error) => {
    const { path, remove } = makeTempDir()
    const complaints: string[] = []
    let failed = 0
    for (const n of numbers) {
      const dir = `${path}/${n}`
      const command = [process.execPath, teller, dir, String(seed), String(bodies)]
      const flags = injecting(calls, error, n, `${dir}/ledger.mdb`)
      const { stdout, status } = spawnSync('strace', [...flags, ...command], { timeout: 60_000 })
      const promised = saidBy(stdout.toString())
      if (status !== 0 || promised.answered.size < bodies) failed += 1
      const [held] = await attemptEach<Held>('held.mjs', [{ dir, seed, bodies }])
      complaints.push(...complaintsOf(seed, promised, held).map((why) => `${n}: ${why}`))
    }
    if (most > 0) process.stdout.write(`${calls} ${error}: ${failed} of ${numbers.length} failed\n`)
    expect(failed).toBeGreaterThan(0)
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
