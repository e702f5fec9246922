// What an import shows while it runs, on a terminal and elsewhere.
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../../test/support/until.ts'
import { durationOf, openProgress, progressText, speedOf, withBar } from './progress.ts'

const half = { lines: 12_345, bytes: 500, ofBytes: 1000 }
const speed = { linesPerSecond: 2500.4, bytesPerSecond: 10 }
const stalled = { linesPerSecond: 0, bytesPerSecond: 0 }

it.each([
  [half, speed, '50%, 12,345 lines, 2,500 lines/s, 50 s left'],
  [half, stalled, '50%, 12,345 lines, 0 lines/s'],
  [{ ...half, ofBytes: undefined }, speed, '12,345 lines, 2,500 lines/s'],
  [{ lines: 0, bytes: 0, ofBytes: 0 }, stalled, '100%, 0 lines, 0 lines/s'],
  [{ ...half, bytes: 999 }, speed, '99%, 12,345 lines, 2,500 lines/s, 0 s left'],
])('%j at %j', (sofar, at, text) => {
  expect(progressText(sofar, at)).toBe(text)
})

it.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [187, '3 min 07 s'],
  [7500, '2 h 05 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(durationOf(seconds)).toBe(text)
})

it('is as fast as the last seconds were', () => {
  const at = (atMs: number, lines: number) => ({ atMs, lines, bytes: lines * 10, ofBytes: 1 })
  expect(speedOf([at(1000, 0), at(2000, 90), at(3000, 100)])).toEqual({
    linesPerSecond: 50,
    bytesPerSecond: 500,
  })
  expect(speedOf([])).toEqual(stalled)
})

it.each([
  [80, '[###############...............] text'],
  [20, '[######......] text'],
  [12, 'text'],
  [3, 'te'],
])('a bar in %i columns', (columns, bar) => {
  expect(withBar('text', half, columns)).toBe(bar)
})

describe('on a screen', () => {
  const clearLine = '\r\u001b[K'
  const openOn = (isTTY: boolean, isQuiet = false) => {
    let text = ''
    const write = (more: string) => {
      text += more
    }
    const progress = openProgress({ isTTY, columns: 60, write }, isQuiet)
    onTestFinished(progress.close)
    return { ...progress, text: () => text }
  }

  it('a terminal is drawn over, and cleared for what stays', async () => {
    const { update, note, close, text } = openOn(true)
    update(half)
    await until('it is drawn', () => text() !== '')
    expect(text().startsWith(clearLine)).toBe(true)
    expect(text()).toMatch(/\[#+\.+\] 50%, 12,345 lines, \d/)
    note('A sentence')
    close()
    expect(text().endsWith(`${clearLine}A sentence\n`)).toBe(true)
  })

  it('nothing is drawn where it is quiet, but sentences are', () => {
    const { update, note, close, text } = openOn(true, true)
    update(half)
    note('A sentence')
    close()
    expect(text()).toBe('A sentence\n')
  })
})
