// One owner a directory: whoever can be reached keeps it, whatever its number says; nobody else does.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir.ts'
import { seal, unseal } from './bytes.ts'
import { type Environment, openEnvironment } from './environment.ts'
import { metaKey } from './key.ts'
import { becomeOwner } from './owner.ts'

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

const sockets = (dir: string): string[] => readdirSync(dir).filter((name) => name.endsWith('.sock'))

test('a second one is refused while the first listens, whatever process the record names', async () => {
  const { dir, environment } = openDir()
  const giveBack = await becomeOwner(environment, dir)
  // As it looks from another container, where that number is nobody's.
  forge(environment, { pid: 4_000_000, host: 'elsewhere' })
  await expect(becomeOwner(environment, dir)).rejects.toThrow('process 4000000 on elsewhere')
  await giveBack()
  expect(sockets(dir)).toEqual([])
  await (await becomeOwner(environment, dir))()
})

test('one that ended without a word is succeeded at once, even if its number lives on', async () => {
  const { dir, environment } = openDir()
  const giveBack = await becomeOwner(environment, dir)
  forge(environment, { pid: 1, socket: 'owner-gone.sock' })
  const next = await becomeOwner(environment, dir)
  await next()
  await giveBack()
})

test('of many that start at once one wins', async () => {
  const { dir, environment } = openDir()
  const starts = await Promise.allSettled(
    Array.from({ length: 8 }, () => becomeOwner(environment, dir)),
  )
  const winners = starts.filter((start) => start.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  expect(sockets(dir)).toHaveLength(1)
  for (const winner of winners) await winner.value()
})

test('a directory with a long path has an owner too', async () => {
  const { dir, environment } = openDir(join('a'.repeat(60), 'b'.repeat(60)))
  const giveBack = await becomeOwner(environment, dir)
  await expect(becomeOwner(environment, dir)).rejects.toThrow('in use')
  await giveBack()
})
