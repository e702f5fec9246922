// One owner a directory: whoever has the lock of the ledger's file keeps it, whatever is removed beside the file and
// whatever the record says; and what an owner commits after another has taken over is not stored.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { seal, unseal } from './bytes.ts'
import { writerHere } from './commit.ts'
import { type Environment, openEnvironment } from './environment.ts'
import { fileName } from './files.ts'
import { metaKey } from './key.ts'
import { becomeOwner } from './owner-lock.ts'
import { WriteSet } from './write-batch.ts'

const key = metaKey('owner')
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const openDir = (below = ''): { dir: string; environment: Environment } => {
  const temp = makeTempDir()
  const dir = join(temp.path, below)
  const environment = openEnvironment(dir)
  cleanups.push(temp.remove, environment.close)
  return { dir, environment }
}

/** Changes what the record says of its process. */
const forge = ({ db }: Environment, change: object): void => {
  const value = db.getBinary(key)
  if (value === undefined) throw new Error('no record')
  const owner = JSON.parse(Buffer.from(unseal(key, value)).toString()) as object
  const forged = Buffer.from(JSON.stringify({ ...owner, ...change }))
  db.transactionSync(() => {
    db.putSync(key, Buffer.from(seal(key, forged)))
  })
}

test('a second one is refused while the first lives, and told what the record says', async () => {
  const { dir, environment } = openDir()
  const { giveBack } = await becomeOwner(environment, dir)
  // As it looks from another container, where that number is nobody's.
  forge(environment, { pid: 4_000_000, host: 'elsewhere' })
  await expect(becomeOwner(environment, dir)).rejects.toThrow('process 4000000 on elsewhere')
  giveBack()
  const next = await becomeOwner(environment, dir)
  next.giveBack()
})

test('a second one is refused whatever was removed beside the file', async () => {
  const { dir, environment } = openDir()
  const { giveBack } = await becomeOwner(environment, dir)
  environment.db.transactionSync(() => environment.db.removeSync(key))
  for (const name of readdirSync(dir)) {
    if (name !== fileName) rmSync(join(dir, name), { recursive: true })
  }
  await expect(becomeOwner(environment, dir)).rejects.toThrow('in use by another process')
  giveBack()
})

test('one that ended without a word is succeeded at once, even if its number lives on', async () => {
  const { dir, environment } = openDir()
  const { giveBack } = await becomeOwner(environment, dir)
  forge(environment, { pid: 1 })
  giveBack()
  expect(environment.db.doesExist(key)).toBe(true)
  const next = await becomeOwner(environment, dir)
  next.giveBack()
  expect(environment.db.getBinary(key)).toBeUndefined()
})

test('of many that start at once one wins', async () => {
  const { dir, environment } = openDir()
  const starts = await Promise.allSettled(
    Array.from({ length: 8 }, () => becomeOwner(environment, dir)),
  )
  const winners = starts.filter((start) => start.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  for (const winner of winners) winner.value.giveBack()
})

test('a directory with a long path has an owner too', async () => {
  const { dir, environment } = openDir(join('a'.repeat(60), 'b'.repeat(60)))
  const { giveBack } = await becomeOwner(environment, dir)
  await expect(becomeOwner(environment, dir)).rejects.toThrow('in use')
  giveBack()
})

test('nothing is committed in the name of an owner that another has taken over from', async () => {
  const { dir, environment } = openDir()
  const { record, giveBack } = await becomeOwner(environment, dir)
  const writer = writerHere({ ...environment, owner: record })
  const commit = (text: 'lastAppId' | 'lastGroupId') => {
    const writes = new WriteSet()
    writes.put(metaKey(text), Buffer.from(text))
    return writer.commit([{ appId: 1, writes: writes.cut(), count: 1, clearsUp: true }])
  }
  await commit('lastAppId')
  // Where locks do not reach: two machines on a network filesystem that has none.
  forge(environment, { host: 'elsewhere' })
  await expect(commit('lastGroupId')).rejects.toThrow('taken over')
  environment.refresh()
  const isThere = (text: 'lastAppId' | 'lastGroupId') => environment.db.doesExist(metaKey(text))
  expect([isThere('lastAppId'), isThere('lastGroupId')]).toEqual([true, false])
  giveBack()
})
