// Asks again and again: at its pace while all is well, more and more slowly while the server is away,
// after as long as it is told when it asked too much, and not at all while nobody looks. Knows no
// browser: the clock and what to ask are handed in.
import { type Trouble, waitAfter } from './trouble.ts'

export interface PollClock {
  nowMs(): number
  /** Returns how to call it off. */
  after(ms: number, run: () => void): () => void
  /** 0 … 1 */
  random(): number
}

export interface PollPlan {
  readonly clock: PollClock
  /** Asks once; resolves with what went wrong, never rejects. */
  readonly ask: () => Promise<Trouble | undefined>
  /** From an answer to the next question; undefined where one good answer is enough. */
  readonly everyMs: number | undefined
  readonly isPaused: boolean
}

export interface Poll {
  /** Asks now, whatever the plan was. */
  wake(): void
  pause(): void
  /** What became due in the meantime is asked at once. */
  resume(): void
  stop(): void
}

export const openPoll = ({ clock, ask, everyMs, isPaused }: PollPlan): Poll => {
  let dueAtMs: number | undefined = clock.nowMs()
  let callOff: (() => void) | undefined
  let paused = isPaused
  let stopped = false
  let asking = false
  let failures = 0

  const plan = (): void => {
    callOff?.()
    callOff = undefined
    if (stopped || paused || asking || dueAtMs === undefined) return
    callOff = clock.after(Math.max(0, dueAtMs - clock.nowMs()), () => void run())
  }
  const run = async (): Promise<void> => {
    callOff = undefined
    asking = true
    const trouble = await ask()
    asking = false
    failures = trouble === undefined ? 0 : failures + 1
    const waitMs = trouble === undefined ? everyMs : waitAfter(trouble, failures, clock.random)
    dueAtMs = waitMs === undefined ? undefined : clock.nowMs() + waitMs
    plan()
  }

  plan()
  return {
    wake: () => {
      dueAtMs = clock.nowMs()
      plan()
    },
    pause: () => {
      paused = true
      plan()
    },
    resume: () => {
      paused = false
      plan()
    },
    stop: () => {
      stopped = true
      plan()
    },
  }
}
