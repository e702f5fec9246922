// The windows that zooming leads to.
import { describe, expect, it } from 'vitest'
import { zoomed } from './plot-zoom.ts'

const whole = { from: 0, to: 100 }

describe('a window on a plot', () => {
  it.each([
    ['in', whole, { from: 25, to: 75 }],
    ['out', { from: 25, to: 75 }, whole],
    ['out', { from: 0, to: 10 }, { from: 0, to: 15 }],
    ['earlier', { from: 20, to: 40 }, { from: 15, to: 35 }],
    ['earlier', { from: 2, to: 40 }, { from: 0, to: 38 }],
    ['later', { from: 20, to: 40 }, { from: 25, to: 45 }],
    ['later', { from: 60, to: 99 }, { from: 61, to: 100 }],
    ['reset', { from: 60, to: 99 }, whole],
  ] as const)('%s of %j is %j', (step, seen, next) => {
    expect(zoomed(seen, whole, step, 1)).toEqual(next)
  })
  it('never becomes narrower than it may', () => {
    expect(zoomed({ from: 10, to: 13 }, whole, 'in', 2)).toEqual({ from: 10.5, to: 12.5 })
    expect(zoomed({ from: 10, to: 12 }, whole, 'in', 2)).toEqual({ from: 10, to: 12 })
  })
})
