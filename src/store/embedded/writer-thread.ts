// The writer's own thread: commits and syncs here, so that no disk ever holds up the requests. It
// opens the environment a second time, takes one commit after the other, and answers each.
import { parentPort, workerData } from 'node:worker_threads'
import { open } from 'lmdb'
import { checkRoom, commitParts, DiskFull, type Part } from './commit.ts'
import { environmentOptions } from './environment.ts'
import { mustOwn } from './owner.ts'

export interface WriterSettings {
  readonly dir: string
  /** The record of its owner, in whose name it commits. */
  readonly owner: Uint8Array
}

/** To the thread: a commit, or (without parts) the end. */
export interface WriterAsk {
  readonly parts?: readonly Part[]
}

/** From the thread, one an ask and in their order. */
export interface WriterAnswer {
  readonly removed: readonly number[]
  readonly failure?: { readonly message: string; readonly isFull: boolean }
}

const { dir, owner } = workerData as WriterSettings
const db = open(environmentOptions(dir))

const answer = (message: WriterAnswer): void => parentPort?.postMessage(message)

// Whoever was killed while it read keeps what it read from being used again, until that is noticed.
const commitsBetweenChecks = 100
let commits = 0

const commit = (parts: readonly Part[]): void => {
  try {
    if (commits % commitsBetweenChecks === 0) db.readerCheck()
    commits += 1
    checkRoom(dir, parts)
    answer({ removed: commitParts(db, parts, () => mustOwn(db, owner, dir)) })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    answer({ removed: [], failure: { message, isFull: cause instanceof DiskFull } })
  }
}

parentPort?.on('message', async ({ parts }: WriterAsk) => {
  if (parts !== undefined) return commit(parts)
  await db.close()
  answer({ removed: [] })
  parentPort?.close()
})
