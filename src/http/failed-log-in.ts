// Slows down whoever guesses secrets: the more log-ins fail from an address, and for a key from there,
// the longer the next failure waits for its answer. Right credentials never wait. Kept in memory only;
// the time is handed in.
import { setTimeout as wait } from 'node:timers/promises'

export interface FailedLogIns {
  /** Notes a failure and says how many milliseconds its answer should wait. */
  note(address: string, key: string, nowMs: number): number
  /** Notes a failure, and waits; not at all while too many wait already. */
  wait(address: string | undefined, key: string, nowMs: number): Promise<void>
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

export const openFailedLogIns = (): FailedLogIns => {
  const failures = new Map<string, Failures>()
  const countOf = (name: string, nowMs: number): number => {
    const before = failures.get(name)
    const age = nowMs - (before?.latestMs ?? 0)
    const isFresh = before !== undefined && age >= 0 && age < forgottenAfterMs
    const count = (isFresh ? before.count : 0) + 1
    // Put at the end, so that the first is always the one longest silent.
    failures.delete(name)
    failures.set(name, { count, latestMs: nowMs })
    if (failures.size > rememberedMax) {
      for (const oldest of failures.keys()) {
        failures.delete(oldest)
        break
      }
    }
    return count
  }
  const note: FailedLogIns['note'] = (address, key, nowMs) => {
    const ofAddress = waitMsOf(countOf(address, nowMs) - freeOfAddress)
    const ofKey = waitMsOf(countOf(`${address} ${key.slice(0, keyLengthMax)}`, nowMs) - freeOfKey)
    return Math.max(ofAddress, ofKey)
  }
  let waiting = 0
  return {
    note,
    wait: async (address, key, nowMs) => {
      const ms = note(address ?? '', key, nowMs)
      if (ms === 0 || waiting >= waitingMax) return
      waiting += 1
      await wait(ms)
      waiting -= 1
    },
  }
}

const waitMsOf = (beyondFree: number): number =>
  beyondFree <= 0 ? 0 : Math.min(longestMs, firstMs * 2 ** (beyondFree - 1))
