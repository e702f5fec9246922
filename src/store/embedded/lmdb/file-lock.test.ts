// What the lock of a ledger's file is relied on for: exclusive between processes and within one, freed by the
// death of its process and by nothing else.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { type FileLock, isLocked, lockFile } from './file-lock.ts'

let path: string
const cleanups: (() => unknown)[] = []

beforeEach(() => {
  const dir = makeTempDir()
  cleanups.push(dir.remove)
  path = join(dir.path, 'file')
  writeFileSync(path, '')
})
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

const lock = (): FileLock | undefined => {
  const taken = lockFile(path)
  if (taken !== undefined) cleanups.push(taken.free)
  return taken
}

/** A process that has the lock of the file, or was refused it. */
const lockElsewhere = async (): Promise<{
  readonly has: boolean
  readonly child: ChildProcess
}> => {
  const module = new URL('../../../../dist/store/embedded/lmdb/file-lock.js', import.meta.url)
  const code = `const { lockFile } = await import(${JSON.stringify(module)})
    console.log(lockFile(${JSON.stringify(path)}) !== undefined)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(() => child.kill('SIGKILL'))
  const [said] = await once(child.stdout, 'data')
  return { has: String(said).trim() === 'true', child }
}

it('is exclusive within one process, until it is freed', () => {
  const first = lockFile(path)
  expect([first === undefined, lock(), isLocked(path)]).toEqual([false, undefined, true])
  first?.free()
  expect(isLocked(path)).toBe(false)
  expect(lock()).toEqual({ free: expect.any(Function) })
})

it('is exclusive between processes, and freed by SIGKILL', async () => {
  const { has, child } = await lockElsewhere()
  expect([has, lock(), isLocked(path)]).toEqual([true, undefined, true])
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(lock()).toEqual({ free: expect.any(Function) })
})

it('stays when the same process opens the file otherwise and closes it', async () => {
  lock()
  closeSync(openSync(path, 'r+'))
  expect(await lockElsewhere()).toMatchObject({ has: false })
})

it('goes with the file: to a new name, and not to what takes the old one', async () => {
  lock()
  renameSync(path, `${path}-renamed`)
  expect(isLocked(`${path}-renamed`)).toBe(true)
  writeFileSync(path, '')
  expect(isLocked(path)).toBe(false)
  // As compact does: what is locked already takes the place of what is.
  const next = lock()
  rmSync(`${path}-renamed`)
  renameSync(path, `${path}-new`)
  writeFileSync(path, '')
  renameSync(`${path}-new`, path)
  expect([next === undefined, await lockElsewhere()]).toMatchObject([false, { has: false }])
})
