// Whole copies of the ledger's file, made while it is in use: a backup, and the smaller file that
// compact puts in place of the old one. LMDB copies one snapshot; every value of the copy is then
// read and checked, which no longer keeps anything of the ledger itself from being used again.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../../ledger/store-error.ts'
import { type Environment, openEnvironment } from '../lmdb/environment.ts'
import { lockFile } from '../lmdb/file-lock.ts'
import { fileName, isDirectory, lockName, makeDirectory, makePrivate, sync } from '../lmdb/files.ts'
import { forgetOwner, withOwnership } from '../lmdb/owner-lock.ts'
import { readAll } from './verify.ts'

/** Where a copy stands until it is whole; what is left of one that was broken off may be removed. */
export const partialName = 'partial'

export interface Copied {
  /** Sizes of files. */
  readonly bytesBefore: number
  readonly bytes: number
  readonly values: number
}

/** Throws StoreError, with nothing left in `to`, where that holds anything or the ledger is damaged. */
export const backUp = async (dir: string, to: string, mapBytes?: number): Promise<Copied> => {
  if (existsSync(to) && !isDirectory(to)) {
    throw new StoreError(`${to} is no directory: name an empty or a new one.`)
  }
  if (existsSync(to) && readdirSync(to).some((name) => name !== partialName)) {
    throw new StoreError(`There is something in ${to}: name an empty or a new directory.`)
  }
  const environment = openEnvironment(dir, { mapBytes })
  try {
    makeDirectory(to)
    const copied = await copyInto(environment, dir, to)
    renameSync(join(to, partialName, fileName), join(to, fileName))
    sync(to)
    return copied
  } finally {
    await environment.close()
    rmSync(join(to, partialName), { recursive: true, force: true })
  }
}

const attempts = 5

/** Throws StoreError, with nothing changed, where somebody serves the directory or it is damaged. */
export const compact = async (dir: string, mapBytes?: number): Promise<Copied> => {
  const environment = openEnvironment(dir, { mapBytes })
  try {
    return await withOwnership(environment, dir, async () => {
      for (let i = 0; i < attempts; i++) {
        environment.refresh()
        const before = lastCommit(environment)
        const copied = await copyInto(environment, dir, dir)
        // From its first moment in place on, the new file has an owner.
        const lock = lockFile(join(dir, partialName, fileName))
        // Verbs of the command line write beside the owner; after this, they find out that they must not.
        const isSame = environment.db.transactionSync(() => {
          environment.check()
          if (lastCommit(environment) !== before) return false
          for (const name of [fileName, lockName]) {
            renameSync(join(dir, partialName, name), join(dir, name))
          }
          return true
        })
        sync(dir)
        lock?.free()
        if (isSame) return copied
      }
      throw new StoreError(`The ledger in ${dir} was written to meanwhile: say it again.`)
    })
  } finally {
    await environment.close()
    rmSync(join(dir, partialName), { recursive: true, force: true })
  }
}

const lastCommit = ({ db }: Environment): number =>
  (db.getStats() as { readonly lastTxnId: number }).lastTxnId

/** The newest commit as a file of its own that nobody owns, checked and on the disk. */
const copyInto = async (environment: Environment, dir: string, to: string): Promise<Copied> => {
  const partial = join(to, partialName)
  rmSync(partial, { recursive: true, force: true })
  makeDirectory(partial)
  await environment.db.backup(join(partial, fileName), true)
  const copy = openEnvironment(partial, { mapBytes: environment.bounds.mapBytes })
  let values = 0
  try {
    forgetOwner(copy)
    const onFinding = () => {
      throw new StoreError(
        `The ledger in ${dir} is damaged: pushledger verify tells what is wrong. It was not copied.`,
      )
    }
    values = readAll(copy, { onFinding, onPlace: () => {} }).values
  } finally {
    await copy.close()
  }
  // The library makes copies with another mode.
  makePrivate(join(partial, fileName))
  sync(join(partial, fileName))
  const bytes = statSync(join(partial, fileName)).size
  return { bytesBefore: statSync(join(dir, fileName)).size, bytes, values }
}
