// When a poll asks, by a clock that is moved by hand.
import { describe, expect, it } from 'vitest'
import { openPoll, type PollClock } from './poll.ts'
import type { Trouble } from './trouble.ts'

const away: Trouble = { kind: 'away', retryAfterMs: 0 }

/** A clock that is moved by hand, and lets what was promised happen after every timer. */
const openClock = () => {
  let now = 0
  const timers = new Set<{ atMs: number; run: () => void }>()
  const clock: PollClock = {
    nowMs: () => now,
    random: () => 1,
    after: (ms, run) => {
      const timer = { atMs: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  const pass = async (ms: number) => {
    const end = now + ms
    for (;;) {
      const next = [...timers].sort((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined || next.atMs > end) break
      timers.delete(next)
      now = next.atMs
      next.run()
      for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    }
    now = end
  }
  return { clock, pass }
}

const open = (everyMs: number | undefined, answers: readonly (Trouble | undefined)[] = []) => {
  const { clock, pass } = openClock()
  const askedAt: number[] = []
  const ask = () => {
    askedAt.push(clock.nowMs())
    return Promise.resolve(answers[askedAt.length - 1])
  }
  return { poll: openPoll({ clock, ask, everyMs, isPaused: false }), pass, askedAt }
}

describe('a poll', () => {
  it('asks at once and then at its pace', async () => {
    const { pass, askedAt } = open(2_000)
    await pass(6_500)
    expect(askedAt).toEqual([0, 2_000, 4_000, 6_000])
  })

  it('without a pace asks until it is answered', async () => {
    const { pass, askedAt } = open(undefined, [away, away])
    await pass(60_000)
    expect(askedAt).toEqual([0, 1_000, 3_000])
  })

  it('backs off while the server is away, and is at its pace again afterwards', async () => {
    const { pass, askedAt } = open(2_000, [away, away, away])
    await pass(10_000)
    expect(askedAt).toEqual([0, 1_000, 3_000, 7_000, 9_000])
  })

  it('waits as long as it is told', async () => {
    const { pass, askedAt } = open(2_000, [{ kind: 'throttled', retryAfterMs: 30_000 }])
    await pass(33_000)
    expect(askedAt).toEqual([0, 30_000, 32_000])
  })

  it('ends with what asking again does not mend', async () => {
    const { pass, askedAt } = open(2_000, [{ kind: 'refused', message: 'm' }])
    await pass(60_000)
    expect(askedAt).toEqual([0])
  })

  it('does not ask while it is paused, and asks at once what became due', async () => {
    const { poll, pass, askedAt } = open(2_000)
    await pass(1_000)
    poll.pause()
    await pass(60_000)
    poll.resume()
    await pass(0)
    expect(askedAt).toEqual([0, 61_000])
  })

  it('asks now when it is woken, once only', async () => {
    const { poll, pass, askedAt } = open(10_000, [away])
    await pass(500)
    poll.wake()
    poll.wake()
    await pass(9_000)
    expect(askedAt).toEqual([0, 500])
  })

  it('is over when it is stopped', async () => {
    const { poll, pass, askedAt } = open(1_000)
    await pass(500)
    poll.stop()
    poll.wake()
    await pass(60_000)
    expect(askedAt).toEqual([0])
  })
})
