// One commit: all parts in one transaction, synced before it returns, or nothing. Runs wherever the
// writer lives; the seam at which tests put a faulty disk.
import type { RootDatabase } from 'lmdb'
import type { Environment } from './environment.ts'
import { removedAppKey } from './key.ts'
import { mustOwn } from './owner-lock.ts'
import { mustHaveRoomFor } from './room.ts'
import { eachWrite } from './write-batch.ts'

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

/** What a commit is made with, and checked by. */
export interface Committing extends Pick<Environment, 'db' | 'bounds' | 'check'> {
  /** The record of the owner that it commits for. */
  readonly owner: Uint8Array
}

/**
 * Commits and syncs; throws with nothing changed. Throws NoRoom, and StoreError if the files are not those that were
 * opened, or belong to another owner: then nothing more can be stored. Returns the apps that were removed meanwhile,
 * whose parts were left out. Removal is looked up here, under LMDB's write lock, because another process may remove an
 * app at any moment.
 */
export const commitParts = (
  { db, bounds, check, owner }: Committing,
  parts: readonly Part[],
): readonly number[] => {
  check()
  const removed = db.transactionSync(() => {
    const bytes = check()
    mustOwn(db, owner, bounds.dir)
    mustHaveRoomFor(bounds, bytes, bytesFor(parts))
    return write(db, parts)
  })
  // What was written to a file that is not there any more is lost, and must not be answered.
  check()
  return removed
}

const write = (db: RootDatabase, parts: readonly Part[]): readonly number[] => {
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
}

// LMDB ends the process where it is given memory that threads share.
const memory = new Uint8Array(4 * 2 ** 20)
const ownMemory = (writes: Uint8Array): Uint8Array => {
  if (writes.length > memory.length) return Uint8Array.from(writes)
  memory.set(writes)
  return memory.subarray(0, writes.length)
}

const pageBytes = 4096
// Each write changes a page of its own at worst, and the one above it; and what keeps free pages in order.
const pagesPerWrite = 2
const reserveBytes = 4 * 2 ** 20

const bytesFor = (parts: readonly Part[]): number =>
  parts.reduce(
    (bytes, { writes, count }) => bytes + writes.length + count * pagesPerWrite * pageBytes,
    reserveBytes,
  )

/** Commits one after the other; `close` waits for the last. */
export interface Writer {
  commit(parts: readonly Part[]): Promise<readonly number[]>
  close(): Promise<void>
}

/** A writer on the caller's own thread: for tests that replay, and for little programs. */
export const writerHere = (committing: Committing): Writer => ({
  commit: async (parts) => commitParts(committing, parts),
  close: async () => {},
})
