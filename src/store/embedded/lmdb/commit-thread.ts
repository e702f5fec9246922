// The writer's own thread: commits and syncs here, so that no disk ever holds up the requests. It
// opens the environment a second time, takes one commit after the other, and answers each.
import { parentPort, workerData } from 'node:worker_threads'
import { open } from 'lmdb'
import { StoreError } from '../../../ledger/store-error.ts'
import { commitParts, type Part } from './commit.ts'
import { environmentOptions } from './environment.ts'
import { type OpenedFiles, openGuard } from './guard.ts'
import { type Bounds, NoRoom } from './room.ts'

export interface WriterSettings {
  readonly bounds: Bounds
  /** Those that the main thread opened. */
  readonly files: OpenedFiles
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
  readonly failure?: WriterFailure
}

export interface WriterFailure {
  readonly message: string
  /** What a client is told, if there was no room and nothing was tried. */
  readonly answer?: string
  /** The message is a sentence for the operator. */
  readonly isSentence: boolean
}

const { bounds, files, owner } = workerData as WriterSettings
const guard = openGuard(bounds.dir, files)
const { check } = guard
// LMDB would make a file that is missing.
check()
const db = open(environmentOptions(bounds.dir, bounds.mapBytes))

const answer = (message: WriterAnswer): void => parentPort?.postMessage(message)

// Whoever was killed while it read keeps what it read from being used again, until that is noticed.
const commitsBetweenChecks = 100
let commits = 0

const commit = (parts: readonly Part[]): void => {
  try {
    if (commits % commitsBetweenChecks === 0) db.readerCheck()
    commits += 1
    answer({ removed: commitParts({ db, bounds, check, owner }, parts) })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    const isSentence = cause instanceof StoreError
    const isFull = cause instanceof NoRoom
    const failure = { message, isSentence, ...(isFull && { answer: cause.answer }) }
    answer({ removed: [], failure })
  }
}

parentPort?.on('message', async ({ parts }: WriterAsk) => {
  if (parts !== undefined) return commit(parts)
  guard.close()
  await db.close()
  answer({ removed: [] })
  parentPort?.close()
})
