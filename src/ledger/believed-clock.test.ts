// When a clock is believed, as of when reports answer, and that no jump makes anything expire.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jumpMaxMs, openBelievedClock, settleForMs } from './believed-clock.ts'

const dayMs = 86_400_000
const minuteMs = 60_000
const start = Date.UTC(2026, 5, 1, 12)

/** A clock that was right at `start`, read by a wall clock and a steady one that are moved apart. */
const opened = (isTrusted = false) => {
  const clock = openBelievedClock({ believedMs: start, placedMs: 0 }, isTrusted)
  let steadyMs = 0
  let wallMs = start
  return {
    ...clock,
    /** Real time passes, for both clocks. */
    pass: (ms: number) => {
      wallMs += ms
      steadyMs += ms
    },
    /** Somebody sets the wall clock. */
    jump: (ms: number) => {
      wallMs += ms
    },
    wall: () => wallMs,
    /** An event with a time of its own is stored. */
    sent: (ownMs: number) => clock.stored({ latestOwnMs: ownMs, isPlacedByClock: false }, wallMs),
    /** An event without one. */
    placed: () => clock.stored({ latestOwnMs: undefined, isPlacedByClock: true }, wallMs),
    now: () => clock.times({ wallMs, steadyMs }),
  }
}

const all = (belief: string, ms: number) => ({ belief, nowMs: ms, keptMs: ms })

describe('a clock that runs', () => {
  it('is believed, and so is a jump of a day', () => {
    const clock = opened()
    expect(clock.now()).toEqual(all('believed', start))
    clock.jump(jumpMaxMs)
    expect(clock.now()).toEqual(all('believed', start + jumpMaxMs))
    clock.jump(jumpMaxMs)
    expect(clock.now()).toEqual(all('believed', start + 2 * jumpMaxMs))
  })

  it('is believed when it is set back, without losing the latest believed time', () => {
    const clock = opened()
    clock.jump(-10 * dayMs)
    expect(clock.now()).toEqual(all('believed', start - 10 * dayMs))
    expect(clock.record()).toEqual({ believedMs: start, placedMs: 0 })
  })
})

describe('a clock that was wrong when it was first believed', () => {
  const wrongMs = start + 40 * dayMs
  const reading = (wallMs: number) => ({ wallMs, steadyMs: 0 })

  it('is not believed again once an event was stored by the right one', () => {
    const clock = openBelievedClock({ believedMs: wrongMs, placedMs: 0 }, false)
    expect(clock.times(reading(start)).belief).toBe('believed')
    clock.stored({ latestOwnMs: start - minuteMs, isPlacedByClock: false }, start)
    expect(clock.record()).toEqual({ believedMs: start, placedMs: 0 })
    expect(clock.times(reading(wrongMs))).toEqual({ belief: 'ahead', nowMs: start, keptMs: start })
  })
})

describe('a clock that jumps ahead', () => {
  it('is not believed, for as long as it is wrong, and believed when it returns', () => {
    const clock = opened()
    clock.jump(40 * dayMs)
    expect(clock.now()).toEqual(all('ahead', start))
    clock.pass(10 * dayMs)
    expect(clock.now()).toEqual(all('ahead', start))
    clock.jump(-49 * dayMs)
    expect(clock.now()).toEqual(all('believed', start + dayMs))
  })

  it('is not believed by one millisecond more than a day', () => {
    const clock = opened()
    clock.jump(jumpMaxMs + 1)
    expect(clock.now().belief).toBe('ahead')
  })

  it('leaves reports at the times that events carry', () => {
    const clock = opened()
    clock.jump(40 * dayMs)
    for (let hour = 1; hour <= 48; hour++) {
      clock.sent(start + hour * 3_600_000)
      expect(clock.now()).toEqual(all('ahead', start + hour * 3_600_000))
    }
    clock.jump(-38 * dayMs)
    expect(clock.now().belief).toBe('believed')
  })

  it('never lets reports hide what it has placed itself', () => {
    const clock = opened()
    clock.jump(7 * dayMs)
    clock.placed()
    expect(clock.now()).toEqual({ belief: 'ahead', nowMs: start + 7 * dayMs, keptMs: start })
    const kept = clock.record()
    const again = openBelievedClock(kept, false)
    const reading = { wallMs: start + 8 * dayMs, steadyMs: 0 }
    expect(again.times(reading)).toEqual({
      belief: 'ahead',
      nowMs: start + 7 * dayMs,
      keptMs: start,
    })
  })
})

describe('a server that was off for a week', () => {
  it('answers as of now with the first events, and forgets by it an hour later', () => {
    const clock = opened()
    clock.jump(7 * dayMs)
    expect(clock.now().belief).toBe('ahead')
    clock.sent(clock.wall() - minuteMs)
    const settling = () => ({ belief: 'settling', nowMs: clock.wall(), keptMs: start })
    expect(clock.now()).toEqual(settling())
    clock.pass(settleForMs - 1)
    expect(clock.now()).toEqual(settling())
    clock.pass(1)
    expect(clock.now()).toEqual(all('believed', clock.wall()))
  })

  it('waits for an event of that day: one from the week before confirms nothing', () => {
    const clock = opened()
    clock.jump(7 * dayMs)
    clock.sent(start + 3 * dayMs)
    expect(clock.now()).toEqual({ belief: 'ahead', nowMs: start + 3 * dayMs, keptMs: start })
  })

  it('waits another hour when the clock jumps again meanwhile', () => {
    const clock = opened()
    clock.jump(7 * dayMs)
    clock.sent(clock.wall())
    clock.pass(settleForMs / 2)
    expect(clock.now().belief).toBe('settling')
    clock.jump(40 * dayMs)
    expect(clock.now().belief).toBe('ahead')
    clock.jump(-40 * dayMs)
    clock.pass(settleForMs / 2)
    expect(clock.now().belief).toBe('settling')
    clock.pass(settleForMs)
    expect(clock.now().belief).toBe('believed')
  })

  it('keeps the old time through a restart within the hour', () => {
    const clock = opened()
    clock.jump(7 * dayMs)
    clock.sent(clock.wall())
    expect(clock.now().belief).toBe('settling')
    expect(clock.record().believedMs).toBe(start)
  })
})

describe('a trusted clock', () => {
  it('is believed wherever it stands, and corrects what was believed before', () => {
    const clock = opened(true)
    clock.jump(40 * dayMs)
    expect(clock.now()).toEqual(all('believed', start + 40 * dayMs))
    clock.jump(-40 * dayMs)
    expect(clock.now()).toEqual(all('believed', start))
    expect(clock.record().believedMs).toBe(start)
    clock.adopt({ believedMs: start + 40 * dayMs, placedMs: 0 })
    expect(clock.record().believedMs).toBe(start)
  })
})

it('believes what another server of the store has believed', () => {
  const clock = opened()
  clock.jump(7 * dayMs)
  expect(clock.now().belief).toBe('ahead')
  clock.adopt({ believedMs: start + 7 * dayMs - minuteMs, placedMs: 0 })
  expect(clock.now().belief).toBe('believed')
})

// What may happen to a server while its clock is wrong: a sender on the same machine shares the wrong
// clock, one elsewhere has the right one, and all of it ends within the hour.
const accident = fc.record({
  aheadDays: fc.integer({ min: 2, max: 400 }),
  steps: fc.array(
    fc.record({
      passMs: fc.integer({ min: 0, max: 5 * minuteMs }),
      sends: fc.constantFrom('nothing', 'by the wrong clock', 'by the right clock', 'no time'),
    }),
    { maxLength: 10 },
  ),
})

it('a wrong clock for less than an hour makes nothing expire, whatever is sent meanwhile', () => {
  fc.assert(
    fc.property(fc.array(accident, { minLength: 1, maxLength: 5 }), (accidents) => {
      const clock = opened()
      for (const { aheadDays, steps } of accidents) {
        clock.jump(aheadDays * dayMs)
        for (const { passMs, sends } of steps) {
          clock.pass(passMs)
          const rightMs = clock.wall() - aheadDays * dayMs
          if (sends === 'by the wrong clock') clock.sent(clock.wall())
          if (sends === 'by the right clock') clock.sent(rightMs)
          if (sends === 'no time') clock.placed()
          const { keptMs, nowMs } = clock.now()
          expect(keptMs).toBeLessThanOrEqual(rightMs)
          expect(nowMs).toBeLessThanOrEqual(clock.wall())
        }
        clock.jump(-aheadDays * dayMs)
        expect(clock.now()).toEqual(all('believed', clock.wall()))
      }
    }),
  )
})
