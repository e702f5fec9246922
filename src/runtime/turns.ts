// Turns at work that is limited in parallel. Owners take turns (fair-queue.ts), none has more than
// its share, and work whose signal has fired never begins.
import { FairQueue } from './fair-queue.ts'

export interface Turns<Owner> {
  /**
   * Runs the work when it is the owner's turn. Rejects with the signal's reason where it fires
   * before.
   */
  run<T>(owner: Owner, gone: AbortSignal | undefined, work: () => Promise<T>): Promise<T>
}

/** So many of all owners together, and of each. */
export const openTurns = <Owner>(atOnce: number, ofEach: number): Turns<Owner> => {
  const waiting = new FairQueue<Owner, () => void>()
  const running = new Map<Owner, number>()
  let runningAtAll = 0

  const mayGo = (owner: Owner): boolean => (running.get(owner) ?? 0) < ofEach
  const begin = (owner: Owner): void => {
    runningAtAll++
    running.set(owner, (running.get(owner) ?? 0) + 1)
  }
  const end = (owner: Owner): void => {
    runningAtAll--
    const own = (running.get(owner) ?? 0) - 1
    if (own > 0) running.set(owner, own)
    else running.delete(owner)
    while (runningAtAll < atOnce) {
      const go = waiting.shift(mayGo)
      if (go === undefined) return
      go()
    }
  }

  const turnOf = (owner: Owner, gone: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const go = (): void => {
        gone?.removeEventListener('abort', leave)
        begin(owner)
        resolve()
      }
      const leave = (): void => {
        if (waiting.remove(owner, go)) reject(gone?.reason)
      }
      gone?.addEventListener('abort', leave, { once: true })
      waiting.push(owner, go)
    })

  return {
    run: async (owner, gone, work) => {
      gone?.throwIfAborted()
      if (runningAtAll < atOnce && mayGo(owner)) begin(owner)
      else await turnOf(owner, gone)
      try {
        return await work()
      } finally {
        end(owner)
      }
    },
  }
}
