// The appends that wait: how much may wait, and which of them are written together. Apps take
// turns, so that no app waits for all that another one sends.

import type { Day, Hour } from '../../../ledger/day.ts'
import { factsIn, type Told } from '../../../ledger/event-batch.ts'
import type { App, Appended } from '../../../ledger/store.ts'
import type { FairQueue } from '../../../runtime/fair-queue.ts'
import type { LookedUp } from '../devices/lookup-worker.ts'
import { chunkFacts } from './fact-sorter.ts'

/**
 * The most bytes of bodies that wait; one more is rejected with 503. An app may have as many of
 * them as are left for the others, so one alone half, and its first body is always accepted.
 */
export const waitingBytesMax = 128 * 2 ** 20
/**
 * A group takes no further append that would bring it over so many facts, or its sheets would be
 * opened twice.
 */
const groupFactsMax = chunkFacts

export interface Waiting {
  readonly app: App
  readonly told: Told
  readonly lookedUp: LookedUp | undefined
  /** As of which messages have expired. */
  readonly today: Day
  /** Of its arrival. */
  readonly hour: Hour
  readonly bytes: number
  readonly gone: AbortSignal | undefined
  readonly resolve: (appended: Appended) => void
  readonly reject: (cause: unknown) => void
}

/** A body in which every line was rejected has no ids that wait. */
export const bytesIn = ({ devices }: Told): number =>
  devices.starts.length === 0 ? 0 : devices.bytes.length

/**
 * As many appends as one group may have, by turns of the apps. `left` is called with each that
 * leaves the queue.
 */
export const takeGroup = (
  waiting: FairQueue<number, Waiting>,
  left: (append: Waiting) => void,
): readonly Waiting[] => {
  const group: Waiting[] = []
  const days = new Map<number, Day>()
  let facts = 0
  for (let next = waiting.peek(); next !== undefined; next = waiting.peek()) {
    const { app, told, today, gone } = next
    if (gone?.aborted) {
      next.lookedUp?.release()
      next.reject(gone.reason)
    } else {
      // Within a group an app has one today: at midnight messages may expire between two appends.
      if (days.has(app.id) && days.get(app.id) !== today) break
      if (group.length > 0 && facts + factsIn(told) > groupFactsMax) break
      days.set(app.id, today)
      facts += factsIn(told)
      group.push(next)
    }
    waiting.shift()
    left(next)
  }
  return group
}

/** A signal that stops work in the middle. */
export type Gone = Pick<AbortSignal, 'aborted' | 'reason'>

/** The signal of a whole group: it fires once the clients of all its appends have gone. */
export const goneOf = (group: readonly Waiting[]): Gone => ({
  get aborted() {
    return group.every(({ gone }) => gone?.aborted)
  },
  get reason() {
    return group[0]?.gone?.reason
  },
})
