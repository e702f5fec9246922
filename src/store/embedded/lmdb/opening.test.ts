// What is found before LMDB opens a directory, where LMDB would end the process; what new files are like; and reading
// without the right to write.
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { CannotOpen } from '../../../ledger/store-error.ts'
import { backUp } from '../maintenance/backup.ts'
import { openEnvironment } from './environment.ts'
import { lockFile } from './file-lock.ts'
import { fileName, lockName } from './files.ts'
import { formatVersion } from './format.ts'
import { checkLimits } from './limits.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const makeDir = (): string => {
  const { path, remove } = makeTempDir()
  cleanups.push(remove)
  return path
}

/** A directory with a ledger that nobody has open. */
const makeLedger = async (): Promise<string> => {
  const dir = makeDir()
  await openEnvironment(dir).close()
  return dir
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

describe('new files', () => {
  it('are for their owner alone, in a directory that all may read too', async () => {
    const dir = makeDir()
    mkdirSync(join(dir, 'open'), { mode: 0o755 })
    await openEnvironment(join(dir, 'open')).close()
    expect(modeOf(join(dir, 'open', fileName))).toBe('600')
    expect(modeOf(join(dir, 'open', lockName))).toBe('600')
    await backUp(join(dir, 'open'), join(dir, 'copy'))
    expect([modeOf(join(dir, 'copy')), modeOf(join(dir, 'copy', fileName))]).toEqual(['700', '600'])
  })

  it.skipIf(process.getuid?.() !== 0)(
    'made by root belong to the owner of their directory',
    async () => {
      const dir = makeDir()
      const { chownSync } = await import('node:fs')
      const [uid, gid] = [1234, 1235]
      chownSync(dir, uid, gid)
      const ledger = join(dir, 'a', 'ledger')
      await openEnvironment(ledger).close()
      await backUp(ledger, join(dir, 'copy'))
      const made = [join(dir, 'a'), ledger, join(dir, 'copy'), join(dir, 'copy', fileName)]
      for (const path of [...made, ...readdirSync(ledger).map((name) => join(ledger, name))]) {
        expect(statSync(path)).toMatchObject({ uid, gid })
      }
    },
  )
})

describe('refused, with the file and the cause', () => {
  it('a directory whose ledger was taken away', async () => {
    const dir = await makeLedger()
    rmSync(join(dir, fileName))
    expect(() => openEnvironment(dir)).toThrow(/ledger\.mdb is missing.*remove ledger\.mdb-lock/)
    expect(readdirSync(dir)).toEqual([lockName])
  })

  it('a lock file that was taken away or emptied beside a server', async () => {
    const dir = await makeLedger()
    const lock = lockFile(join(dir, fileName))
    truncateSync(join(dir, lockName))
    expect(() => openEnvironment(dir)).toThrow(/ledger\.mdb-lock was removed or emptied/)
    rmSync(join(dir, lockName))
    expect(() => openEnvironment(dir)).toThrow(/ledger\.mdb-lock was removed or emptied/)
    lock?.free()
    await openEnvironment(dir).close()
  })

  it('a lock file that is a directory', async () => {
    const dir = await makeLedger()
    rmSync(join(dir, lockName))
    mkdirSync(join(dir, lockName))
    expect(() => openEnvironment(dir)).toThrow(/ledger\.mdb-lock is no file/)
  })

  it.each([
    ['another kind of page', 18],
    ['another magic number', 25],
    ['another version', 28],
    ['an impossible size of pages', 48],
    ['more pages than a map has', 149],
  ])('a file whose head has %s', async (_, at) => {
    const dir = await makeLedger()
    const path = join(dir, fileName)
    const bytes = readFileSync(path)
    for (const place of [at, at + 4096]) bytes[place] = (bytes[place] ?? 0) ^ 0xff
    writeFileSync(path, bytes)
    expect(() => openEnvironment(dir)).toThrow(/ledger\.mdb is no ledger/)
  })

  it('a map that is smaller than the ledger', async () => {
    const dir = await makeLedger()
    expect(() => openEnvironment(dir, { mapBytes: 8192 })).toThrow(/its map only 8192.*--map-size/)
  })
})

describe('limits', () => {
  const none = Number.POSITIVE_INFINITY
  const unlimited = { addressSpaceBytes: none, fileBytes: none, descriptors: none }
  const needs = { path: '/d/ledger.mdb', mapBytes: 2 ** 40, reserveBytes: 1, fileBytes: 65_536 }

  it('that are not set refuse nothing', () => checkLimits(unlimited, needs))

  it.each([
    ['addressSpaceBytes', 2 ** 40, /address space.*ulimit -v.*--map-size/],
    ['fileBytes', 65_535, /ulimit -f\) is 65535/],
    ['descriptors', 12, /ulimit -n\) leaves 0/],
  ])('of %s that are too low are named', (name, value, sentence) => {
    const check = () => checkLimits({ ...unlimited, [name]: value }, needs)
    expect(check).toThrow(CannotOpen)
    expect(check).toThrow(sentence)
  })
})

describe('a map', () => {
  it('that is full refuses changes, and stays usable', async () => {
    const dir = await makeLedger()
    const mapBytes = 2 ** 20
    const environment = openEnvironment(dir, { mapBytes })
    cleanups.push(environment.close)
    const keys = Array.from({ length: 40 }, (_, i) => Buffer.from([0xfe, i]))
    const keep = (key: Buffer) =>
      environment.change(() => {
        environment.db.putSync(key, Buffer.alloc(32_768))
      })
    expect(() => keys.forEach(keep)).toThrow(/There is no room in .*--map-size\) is 1048576/)
    expect(environment.db.getStats()).toMatchObject({ mapSize: mapBytes })
    environment.refresh()
    expect(environment.db.getBinary(keys[9]!)?.length).toBe(32_768)
  })
})

describe('reading without the right to write', () => {
  it('changes nothing, whoever has the ledger open', async () => {
    const dir = await makeLedger()
    const before = readFileSync(join(dir, fileName))
    const environment = openEnvironment(dir, { isReadOnly: true })
    expect(environment.formatVersion()).toBe(formatVersion)
    await environment.close()
    expect(readFileSync(join(dir, fileName)).equals(before)).toBe(true)
  })

  it('does not fill up a file that lost its end', async () => {
    const dir = await makeLedger()
    const path = join(dir, fileName)
    copyFileSync(path, `${dir}/whole`)
    truncateSync(path, 8192)
    expect(() => openEnvironment(dir, { isReadOnly: true })).toThrow(/has lost its end/)
    expect(statSync(path).size).toBe(8192)
  })
})
