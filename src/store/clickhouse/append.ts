// Appends that wait are written together, one commit after another, and answered when it is on ClickHouse's
// disk. Where a commit fails nothing of it is answered as kept; whoever tells it again loses nothing.

import { factsIn } from '../../ledger/event-batch.ts'
import { Fault } from '../../ledger/fault.ts'
import type { Appended, Store } from '../../ledger/store.ts'
import { FairQueue } from '../../runtime/fair-queue.ts'
import { type Body, write } from './commit.ts'
import type { Connection } from './connection.ts'
import { openKnown } from './generations.ts'
import { openMembership } from './membership.ts'
import { unavailable } from './store-fault.ts'
import type { CommitId } from './table.ts'

/** One commit, of the bodies of one or several appends. */
export interface Commit {
  readonly facts: number
  /** Of the rows written. */
  readonly bytes: number
  readonly durationMs: number
  readonly isWritten: boolean
}

export interface Appender {
  readonly append: Store['append']
  /** From now on; resolves when nothing of it is written any more. */
  refuse(appId: number): Promise<void>
  waiting(): { readonly appendsWaiting: number; readonly bytesWaiting: number }
  /** Finishes what waits. */
  close(): Promise<void>
}

interface Waiting extends Body {
  readonly bytes: number
  readonly gone: AbortSignal | undefined
  readonly keep: (appended: Appended) => void
  readonly fail: (cause: unknown) => void
}

// A commit takes what waits until it has so many; rows of a fact are some 70 bytes.
const factsAtOnce = 400_000
const bytesWaitingMax = 512 * 2 ** 20

export interface AppendSettings {
  readonly connection: Connection
  readonly keepDays: number
  readonly nextCommit: () => CommitId
  readonly onCommit: (commit: Commit) => void
}

export const openAppender = (settings: AppendSettings): Appender => {
  const { connection, keepDays, nextCommit, onCommit } = settings
  const membership = openMembership()
  const writing = { connection, known: openKnown(connection, keepDays), membership }
  const removed = new Set<number>()
  const waiting = new FairQueue<number, Waiting>()
  let bytesWaiting = 0
  let isClosed = false
  let working: Promise<void> | undefined
  let underWay: Promise<void> | undefined

  /** Apps take turns. Appends whose client has gone are left out. */
  const takeSome = (): readonly Waiting[] => {
    const taken: Waiting[] = []
    for (let facts = 0; facts < factsAtOnce; ) {
      const next = waiting.shift()
      if (next === undefined) break
      if (next.gone?.aborted) {
        bytesWaiting -= next.bytes
        next.fail(next.gone.reason)
        continue
      }
      facts += factsIn(next.told)
      taken.push(next)
    }
    return taken
  }
  const commit = async (taken: readonly Waiting[]): Promise<void> => {
    const alive = taken.filter(({ app }) => !removed.has(app.id))
    const began = performance.now()
    let bytes = 0
    let cause: unknown
    try {
      bytes = await write(writing, alive, nextCommit())
    } catch (error) {
      cause = error
      membership.forget()
    }
    const facts = alive.reduce((sum, { told }) => sum + factsIn(told), 0)
    const isWritten = cause === undefined
    onCommit({ facts, bytes, durationMs: performance.now() - began, isWritten })
    for (const { app, bytes: own, keep, fail } of taken) {
      bytesWaiting -= own
      if (removed.has(app.id)) fail(new Fault('unauthorized'))
      else if (isWritten) keep({ repeated: null })
      else fail(cause)
    }
  }
  const work = async (): Promise<void> => {
    // What is told in the same turn of the loop goes together.
    await undefined
    while (waiting.size > 0) {
      const taken = takeSome()
      if (taken.length === 0) break
      underWay = commit(taken)
      await underWay
    }
    working = undefined
  }

  return {
    append: (app, told, nowMs, keptMs = nowMs, gone) => {
      if (isClosed) return Promise.reject(unavailable('the ledger is closed'))
      if (removed.has(app.id)) return Promise.reject(new Fault('unauthorized'))
      if (bytesWaiting > bytesWaitingMax) {
        return Promise.reject(unavailable('too much waits to be written; try again'))
      }
      const bytes = told.devices.bytes.byteLength
      bytesWaiting += bytes
      const kept = new Promise<Appended>((keep, fail) => {
        waiting.push(app.id, { app, told, nowMs, keptMs, bytes, gone, keep, fail })
      })
      working ??= work()
      return kept
    },
    refuse: async (appId) => {
      removed.add(appId)
      await underWay
    },
    waiting: () => ({ appendsWaiting: waiting.size, bytesWaiting }),
    close: async () => {
      isClosed = true
      await working
    },
  }
}
