// What a copy promises where the command line cannot time it: a verb that opened the ledger before it was
// compacted cannot write into the file that is gone, and a copy is of one moment.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { parseAppKey } from '../../../ledger/ids.ts'
import { StoreError } from '../../../ledger/store-error.ts'
import { type Environment, openEnvironment } from '../lmdb/environment.ts'
import { openEmbeddedApps } from '../tables/apps.ts'
import { backUp, compact } from './backup.ts'

let dir: string
let remove: () => void

beforeEach(() => {
  ;({ path: dir, remove } = makeTempDir())
})
afterEach(() => remove())

const named = (key: string) => ({
  key: parseAppKey(key)!,
  name: 'a',
  vip: true,
  timeZone: 'Asia/Shanghai',
  createdAtMs: 0,
  salt: '00',
  secretHash: 'ab',
})
const keysOf = async (environment: Environment) =>
  (await openEmbeddedApps(environment).list()).map(({ key }) => key)

const first = '1'.repeat(24)
const second = '2'.repeat(24)

it('who opened the ledger before it was compacted can no longer change it', async () => {
  const late = openEnvironment(dir)
  await openEmbeddedApps(late).create(named(first))
  await compact(dir)
  await expect(openEmbeddedApps(late).create(named(second))).rejects.toThrow(StoreError)
  await expect(openEmbeddedApps(late).create(named(second))).rejects.toThrow(
    /ledger\.mdb was replaced by another file/,
  )
  await late.close()
  const now = openEnvironment(dir)
  expect(await keysOf(now)).toEqual([first])
  await now.close()
})

it('what is written while a copy is made is all in it or not at all', async () => {
  const environment = openEnvironment(dir)
  const apps = openEmbeddedApps(environment)
  await apps.create(named(first))
  const copying = backUp(dir, join(dir, 'copy'))
  await apps.create(named(second))
  const { values, bytes } = await copying
  const copy = openEnvironment(join(dir, 'copy'))
  const keys = await keysOf(copy)
  expect([[first], [first, second]]).toContainEqual(keys)
  // Beside the apps: the format, the table of the directory, and the last number of an app.
  expect(values).toBe(3 + keys.length)
  expect(bytes).toBe(statSync(join(dir, 'copy', 'ledger.mdb')).size)
  await copy.close()
  await environment.close()
})
