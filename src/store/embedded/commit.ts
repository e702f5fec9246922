// One commit: all parts in one transaction, synced before it returns, or nothing. Runs wherever the
// writer lives; the seam at which tests put a faulty disk.
import { statfsSync } from 'node:fs'
import type { RootDatabase } from 'lmdb'
import { removedAppKey } from './key.ts'
import { mustOwn } from './owner.ts'
import { eachWrite } from './write-set.ts'

/** What one app has in a commit. */
export interface Part {
  readonly appId: number
  /** A packed WriteSet. */
  readonly writes: Uint8Array
  /** How many writes there are in it. */
  readonly count: number
  /** Writes of an app that was removed meanwhile are dropped, unless they clear up after it. */
  readonly clearsUp: boolean
}

/**
 * Commits and syncs; throws with nothing changed. Returns the apps that were removed meanwhile, whose
 * parts were left out. `mayCommit` throws if nothing must be written. Removal is looked up here, under LMDB's write lock, because another process
 * may remove an app at any moment.
 */
export const commitParts = (
  db: RootDatabase,
  parts: readonly Part[],
  mayCommit: () => void,
): readonly number[] =>
  db.transactionSync(() => {
    mayCommit()
    const removed: number[] = []
    for (const { appId, writes, clearsUp } of parts) {
      if (!clearsUp && db.getBinary(removedAppKey(appId)) !== undefined) {
        removed.push(appId)
        continue
      }
      eachWrite(ownMemory(writes), (key, value) => {
        if (value === undefined) db.removeSync(key)
        else db.putSync(key, value)
      })
    }
    return removed
  })

// LMDB ends the process where it is given memory that threads share.
const memory = new Uint8Array(4 * 2 ** 20)
const ownMemory = (writes: Uint8Array): Uint8Array => {
  if (writes.length > memory.length) return Uint8Array.from(writes)
  memory.set(writes)
  return memory.subarray(0, writes.length)
}

/** There is not enough room on the disk for a commit; nothing was tried. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull'
}

const pageBytes = 4096
// Each write changes a page of its own at worst, and the one above it; and what keeps free pages in order.
const pagesPerWrite = 2
const reserveBytes = 4 * 2 ** 20

/**
 * Throws DiskFull where the commit might not find the room it needs: a write that fails in the middle of
 * one may leave LMDB unfit for more.
 */
export const checkRoom = (dir: string, parts: readonly Part[]): void => {
  const needed = parts.reduce(
    (bytes, { writes, count }) => bytes + writes.length + count * pagesPerWrite * pageBytes,
    reserveBytes,
  )
  const { bavail, bsize } = statfsSync(dir)
  if (bavail * bsize >= needed) return
  throw new DiskFull(`the disk is full: ${bavail * bsize} bytes are free, and ${needed} are needed`)
}

/** Commits one after the other; `close` waits for the last. */
export interface Writer {
  commit(parts: readonly Part[]): Promise<readonly number[]>
  close(): Promise<void>
}

/** A writer on the caller's own thread: for tests that replay, and for little programs. */
export const writerHere = (db: RootDatabase, dir: string, owner: Uint8Array): Writer => ({
  commit: async (parts) => {
    checkRoom(dir, parts)
    return commitParts(db, parts, () => mustOwn(db, owner, dir))
  },
  close: async () => {},
})
