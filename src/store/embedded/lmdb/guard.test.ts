// The guard of an open ledger's files: whatever is done to them from outside, nothing is stored from then on, and
// what was stored is not reported lost without cause.
import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { until } from '../../../../test/support/until.ts'
import { StoreError } from '../../../ledger/store-error.ts'
import { openEmbedded } from '../store.ts'
import { type Environment, openEnvironment } from './environment.ts'
import { fileName, lockName } from './files.ts'
import { metaKey } from './key.ts'
import { openRecords } from './records.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const makeDir = (): string => {
  const { path, remove } = makeTempDir()
  cleanups.push(remove)
  return path
}

const openDir = (dir = makeDir()): Environment => {
  const environment = openEnvironment(dir)
  cleanups.push(environment.close)
  return environment
}

const keep = (environment: Environment, value: number): void =>
  environment.change(() => openRecords(environment).write(metaKey('lastGroupId'), value))

type Accident = readonly [string, (dir: string) => void, RegExp]

/** What may happen to the files of a directory, each with what the error must name. */
const accidents: readonly Accident[] = [
  ['removed', (dir) => rmSync(join(dir, fileName)), /ledger\.mdb was removed/],
  ['moved away', (dir) => renameSync(join(dir, fileName), `${dir}/x`), /ledger\.mdb was removed/],
  [
    'replaced by a copy of itself',
    (dir) => {
      copyFileSync(join(dir, fileName), `${dir}/copy`)
      renameSync(`${dir}/copy`, join(dir, fileName))
    },
    /ledger\.mdb was replaced/,
  ],
  ['the lock removed', (dir) => rmSync(join(dir, lockName)), /ledger\.mdb-lock was removed/],
  [
    'the lock replaced',
    (dir) => {
      copyFileSync(join(dir, lockName), `${dir}/copy`)
      renameSync(`${dir}/copy`, join(dir, lockName))
    },
    /ledger\.mdb-lock was replaced/,
  ],
]

/** In the middle of a commit LMDB may end the process, by SIGBUS, if it needs a part that is gone. */
const harms: readonly Accident[] = [
  [
    'overwritten by something longer',
    (dir) => writeFileSync(join(dir, fileName), Buffer.alloc(2 ** 20, 'x')),
    /ledger\.mdb was overwritten/,
  ],
  ['emptied', (dir) => truncateSync(join(dir, fileName)), /ledger\.mdb was overwritten/],
  ['cut', (dir) => truncateSync(join(dir, fileName), 8192), /ledger\.mdb was overwritten/],
]

describe('a file that was', () => {
  it.each([...accidents, ...harms])('%s: a change is not made', (_, happen, why) => {
    const environment = openDir()
    const { dir } = environment.bounds
    keep(environment, 1)
    happen(dir)
    expect(() => keep(environment, 2)).toThrow(StoreError)
    expect(() => keep(environment, 2)).toThrow(why)
  })

  it.each(accidents)('%s during a commit: the commit is not confirmed', (_, happen, why) => {
    const environment = openDir()
    keep(environment, 1)
    const change = () =>
      environment.change(() => {
        openRecords(environment).write(metaKey('lastGroupId'), 2)
        happen(environment.bounds.dir)
      })
    expect(change).toThrow(why)
  })

  it('any of these: an idle store says so within seconds', async () => {
    const noticed = [...accidents, ...harms].map(async ([what, happen, why]) => {
      const dir = makeDir()
      const causes: Error[] = []
      const onBroken = (cause: Error) => causes.push(cause)
      const store = await openEmbedded({ dir, thread: false, onBroken })
      happen(dir)
      await until(`it is noticed: ${what}`, () => causes.length > 0, 10_000)
      expect(causes.map(({ message }) => message)).toEqual([expect.stringMatching(why)])
      await store.close()
    })
    await Promise.all(noticed)
  })

  it('replaced by an older copy, written into the same file', () => {
    const environment = openDir()
    const path = join(environment.bounds.dir, fileName)
    keep(environment, 1)
    const copy = readFileSync(path)
    for (let value = 2; value < 6; value++) keep(environment, value)
    writeFileSync(path, copy)
    // Longer than before, so that its size says nothing.
    appendFileSync(path, Buffer.alloc(2 ** 20))
    expect(() => keep(environment, 6)).toThrow(/ledger\.mdb was overwritten/)
  })
})

it('stays with its error, even when the file is put back', () => {
  const environment = openDir()
  const { dir } = environment.bounds
  renameSync(join(dir, fileName), join(dir, 'away'))
  expect(() => keep(environment, 1)).toThrow(/removed/)
  renameSync(join(dir, 'away'), join(dir, fileName))
  expect(() => keep(environment, 1)).toThrow(/removed/)
})

it('does not mind others that write and read', () => {
  const dir = makeDir()
  const [one, other] = [openDir(dir), openDir(dir)]
  for (let value = 0; value < 300; value++) {
    keep(value % 3 === 0 ? one : other, value)
    expect(one.check()).toBe(other.check())
  }
})

it('a copy made by LMDB is a ledger to it', async () => {
  const environment = openDir()
  for (let value = 0; value < 9; value++) keep(environment, value)
  const to = makeDir()
  await environment.db.backup(join(to, fileName), true)
  const copy = openDir(to)
  for (let value = 0; value < 9; value++) keep(copy, value)
})

it('costs microseconds', () => {
  const environment = openDir()
  keep(environment, 1)
  const times = Array.from({ length: 2000 }, () => {
    const began = performance.now()
    environment.check()
    return performance.now() - began
  }).sort((a, b) => a - b)
  expect(times[1000]).toBeLessThan(0.5)
})
