// Slows down whoever guesses secrets: the more log-ins fail from an address, and for a key from there,
// the longer the next failure waits for its answer. Right credentials never wait. Kept in memory only;
// the time is handed in.
import { setTimeout as wait } from 'node:timers/promises'
import { ownText } from '../../runtime/own-text.ts'

/** A rejected login, without its secret. */
export interface LogInAttempt {
  readonly address: string
  /** The key that it named, cut to 64 characters; empty if it named none. */
  readonly key: string
  /** The scheme; undefined if the request had no credentials. */
  readonly by: 'basic' | 'bearer' | 'session' | 'other' | undefined
  /** The path of the endpoint. */
  readonly path: string
}

export interface FailedLogIns {
  /** Notes a failure and says how many milliseconds its answer should wait. */
  note(address: string, key: string, nowMs: number): number
  /** Notes a failure, and waits; not at all while too many wait already. */
  wait(attempt: LogInAttempt, nowMs: number): Promise<void>
}

interface Failures {
  count: number
  latestMs: number
}

const forgottenAfterMs = 60_000
const rememberedMax = 10_000
/** So many failures cost nothing: a forgotten secret is not an attack. */
const freeOfAddress = 20
const freeOfKey = 5
const firstMs = 50
const longestMs = 1000
const waitingMax = 1000
/** Longer ones are nobody's, and not worth their memory. */
const keyLengthMax = 64

/** `onRefused` receives every attempt that had credentials. */
export const openFailedLogIns = (
  onRefused: (attempt: LogInAttempt) => void = () => {},
): FailedLogIns => {
  // Both maps are keyed by address, and by address and key. When `recent` is full it becomes `earlier`.
  // Deleting the oldest entry of a single map would walk over all entries deleted before it.
  let recent = new Map<string, Failures>()
  let earlier = recent
  const countOf = (name: string, nowMs: number): number => {
    const before = recent.get(name) ?? earlier.get(name)
    const age = nowMs - (before?.latestMs ?? 0)
    const isFresh = before !== undefined && age >= 0 && age < forgottenAfterMs
    const count = (isFresh ? before.count : 0) + 1
    recent.set(name, { count, latestMs: nowMs })
    if (recent.size >= rememberedMax / 2) {
      earlier = recent
      recent = new Map()
    }
    return count
  }
  const note: FailedLogIns['note'] = (address, key, nowMs) => {
    const ofAddress = waitMsOf(countOf(address, nowMs) - freeOfAddress)
    const ofKey = waitMsOf(countOf(`${address} ${ownText(key, keyLengthMax)}`, nowMs) - freeOfKey)
    return Math.max(ofAddress, ofKey)
  }
  let waiting = 0
  return {
    note,
    wait: async (attempt, nowMs) => {
      const { address, by } = attempt
      const key = ownText(attempt.key, keyLengthMax)
      if (by !== undefined) onRefused({ ...attempt, key })
      const ms = note(address, key, nowMs)
      if (ms === 0 || waiting >= waitingMax) return
      waiting += 1
      await wait(ms)
      waiting -= 1
    },
  }
}

const waitMsOf = (beyondFree: number): number =>
  beyondFree <= 0 ? 0 : Math.min(longestMs, firstMs * 2 ** (beyondFree - 1))
