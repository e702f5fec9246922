// The main thread's side of the writer thread: asks go over one at a time or several, answers come
// back in order; a thread that ends by itself fails whatever still waits.
import { Worker } from 'node:worker_threads'
import { StoreError } from '../../../ledger/store-error.ts'
import { builtFile } from '../../../runtime/built-file.ts'
import type { Writer } from './commit.ts'
import type { WriterAnswer, WriterAsk, WriterFailure, WriterSettings } from './commit-thread.ts'
import { NoRoom } from './room.ts'

interface Waiting {
  readonly resolve: (removed: readonly number[]) => void
  readonly reject: (cause: Error) => void
}

/** Tells once, with the reason, when it can commit no more. */
export const openWriter = (settings: WriterSettings, onBroken: (cause: Error) => void): Writer => {
  const thread = new Worker(builtFile('store/embedded/lmdb/commit-thread'), {
    workerData: settings,
  })
  const waiting: Waiting[] = []
  let ended: Error | undefined
  let isClosing = false

  thread.on('message', ({ removed, failure }: WriterAnswer) => {
    const first = waiting.shift()
    if (failure === undefined) first?.resolve(removed)
    else {
      const cause = causeOf(failure)
      first?.reject(cause)
      if (!(cause instanceof NoRoom)) fail(cause)
    }
  })
  let isBroken = false
  // After a failed write LMDB, and its memory, are not to be trusted any more.
  const fail = (cause: Error): void => {
    if (isBroken || isClosing) return
    isBroken = true
    onBroken(cause)
  }
  const end = (cause: Error): void => {
    ended ??= cause
    for (const { reject } of waiting.splice(0)) reject(ended)
    fail(cause)
  }
  thread.on('error', end)
  thread.on('exit', () => end(new Error('the writer thread has ended')))

  const ask = (message: WriterAsk): Promise<readonly number[]> => {
    if (ended !== undefined) return Promise.reject(ended)
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      thread.postMessage(message)
    })
  }

  return {
    commit: (parts) => ask({ parts }),
    async close() {
      isClosing = true
      if (ended !== undefined) return
      const exited = new Promise((resolve) => thread.once('exit', resolve))
      await ask({})
      await exited
    },
  }
}

const causeOf = ({ message, answer, isSentence }: WriterFailure): Error => {
  if (answer !== undefined) return new NoRoom(message, answer)
  return isSentence ? new StoreError(message) : new Error(message)
}
