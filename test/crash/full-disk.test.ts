// A disk without room, or that may not be written: a small filesystem of the server's own. Full, it answers
// 503 and keeps nothing of the body, reports go on, and when there is room again so does the rest.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { programPath, type Workplace, workplace } from '../support/program.ts'
import { until } from '../support/until.ts'

const diskMiB = 24
const fillerMiB = 14
const canMount =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0

const line = (msgId: string, devices: readonly string[]): object => ({
  type: 'received',
  platform: 'android',
  msg_id: msgId,
  registration_ids: devices,
  time: Date.now(),
})
const devicesOf = (msgId: number) => Array.from({ length: 2000 }, (_, i) => `${msgId}-device-${i}`)

/** The program on a small disk, which nobody else sees but under the process's own root. */
const onSmallDisk = (place: Workplace, then: string, args: readonly string[]) => {
  const dir = `${place.dir}/disk`
  mkdirSync(dir, { recursive: true })
  const shell = `mount -t tmpfs -o size=${diskMiB}m none ${dir} && ${then} && exec "$@"`
  const command = [process.execPath, programPath, ...args, '--data', `${dir}/data`]
  const child = spawn('unshare', ['-m', 'sh', '-c', shell, 'sh', ...command])
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => {
    written.stdout += text
  })
  child.stderr.on('data', (text) => {
    written.stderr += text
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  return { child, written, ended, seen: `/proc/${child.pid}/root${dir}` }
}

describe.skipIf(!canMount)('a disk', { timeout: 120_000 }, () => {
  it('that is full: 503, and nothing of the body; as soon as there is room, all goes on', async () => {
    const place = workplace()
    const key = '7d431e42dfa6a6d693ac2d04'
    const secret = '5e987ac6d2e04d95a9d8f0d1'
    const create = `${process.execPath} ${programPath} app create a --key ${key} --secret ${secret}`
    const { child, written, ended, seen } = onSmallDisk(
      place,
      `${create} --data ${place.dir}/disk/data > ${place.dir}/created`,
      ['serve', '--port', '0', '--rate-limit', '0'],
    )
    await until('it listens', () => /http:\S+/.test(written.stdout), 15_000)
    const caller = callerOf(/http:\S+/.exec(written.stdout)?.[0] ?? '', { key, secret })
    // So small a disk is nearly full from the beginning.
    const ready = await fetch(`${/http:\S+/.exec(written.stdout)?.[0]}/readyz`)
    expect([ready.status, await ready.json()]).toMatchObject([503, { not_ready: ['disk'] }])
    writeFileSync(`${seen}/filler`, Buffer.alloc(fillerMiB * 2 ** 20))
    const kept: number[] = []
    const tell = async (msgId: number) => {
      const { status, body } = await caller.tell([line(`${msgId}`, devicesOf(msgId))])
      if (status === 200) kept.push(msgId)
      else expect([status, body]).toMatchObject([503, { error: { code: 503 } }])
      return status
    }
    let next = 1
    while ((await tell(next)) === 200) next += 1
    expect(kept.length).toBeGreaterThan(0)
    for (let i = 0; i < 20; i++) expect(await tell(next + i)).toBe(503)
    const ids = Array.from({ length: next + 19 }, (_, i) => `${i + 1}`)
    const expected = () => ids.map((id) => (kept.includes(Number(id)) ? 2000 : null))
    expect(await caller.received(ids)).toEqual(expected())
    rmSync(`${seen}/filler`)
    for (let i = 0; i < 20; i++) expect(await tell(next + i)).toBe(200)
    expect(await caller.received(ids)).toEqual(expected())
    const { code, stdout } = await place.run(['verify', '--data', `${seen}/data`])
    expect([code, stdout]).toEqual([0, expect.stringContaining('nothing is wrong')])
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    expect(written.stderr).toContain('the disk is full')
  })

  it('that is only to be read: a sentence, and exit code 1', async () => {
    const place = workplace()
    const readOnly = `mount -o remount,ro none ${place.dir}/disk`
    const { written, ended } = onSmallDisk(place, readOnly, ['serve', '--port', '0'])
    expect(await ended).toBe(1)
    expect(written.stderr).toMatch(/^The data directory \S+ cannot be opened: .*read-only.*\n$/)
  })

  it('that is only to be read, with a ledger on it: the same', async () => {
    const place = workplace()
    const dir = `${place.dir}/disk`
    const create = `${process.execPath} ${programPath} app create a --data ${dir}/data`
    const prepare = `${create} > ${place.dir}/created && mount -o remount,ro none ${dir}`
    const { written, ended } = onSmallDisk(place, prepare, ['serve', '--port', '0'])
    expect(await ended).toBe(1)
    expect(written.stderr).toMatch(/^The data directory \S+ cannot be opened: .*read-only.*\n$/)
  })
})
