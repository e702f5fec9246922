// What of refused log-ins becomes a line: the first at once, then counts; a flood stays within its bound.
import { expect, it } from 'vitest'
import type { LogInAttempt } from '../http/access/login-throttle.ts'
import { openRefusedLogIns, type RefusedLogIn } from './refused-log-ins.ts'

const attempt = (address: string, key: string): LogInAttempt => ({
  ...{ address, key, by: 'basic', path: '/v3/received' },
})

const opened = () => {
  let lines: RefusedLogIn[] = []
  const refused = openRefusedLogIns((line) => lines.push(line))
  const taken = () => {
    const before = lines
    lines = []
    return before
  }
  return { ...refused, taken }
}

it('writes the first of an address and key at once, and the others once a minute', () => {
  const { note, summarise, taken } = opened()
  for (let i = 0; i < 3; i++) note(attempt('10.0.0.7', 'k'))
  note(attempt('10.0.0.8', 'k'))
  expect(taken()).toEqual([
    { ...attempt('10.0.0.7', 'k'), count: 1 },
    { ...attempt('10.0.0.8', 'k'), count: 1 },
  ])
  summarise()
  expect(taken()).toEqual([{ ...attempt('10.0.0.7', 'k'), count: 2 }])
  note(attempt('10.0.0.7', 'k'))
  note(attempt('10.0.0.8', 'k'))
  expect(taken()).toEqual([{ ...attempt('10.0.0.8', 'k'), count: 1 }])
  summarise()
  expect(taken()).toEqual([{ ...attempt('10.0.0.7', 'k'), count: 1 }])
  summarise()
  expect(taken()).toEqual([])
  note(attempt('10.0.0.7', 'k'))
  expect(taken()).toEqual([{ ...attempt('10.0.0.7', 'k'), count: 1 }])
})

it('names ten keys of an address, and counts the rest of what it tries', () => {
  const { note, summarise, taken } = opened()
  for (let i = 0; i < 1000; i++) note(attempt('10.0.0.7', `k${i}`))
  note(attempt('10.0.0.8', 'k'))
  expect(taken().map(({ address, key }) => `${address} ${key}`)).toEqual([
    ...Array.from({ length: 10 }, (_, i) => `10.0.0.7 k${i}`),
    '10.0.0.8 k',
  ])
  summarise()
  expect(taken()).toEqual([{ address: '10.0.0.7', count: 990 }])
})

it('loses no count and stays within its bound, however many addresses and keys there are', () => {
  const { note, summarise, taken } = opened()
  const minutes = 3
  const each = 5000
  let counted = 0
  for (let minute = 0; minute < minutes; minute++) {
    for (let i = 0; i < each; i++) note(attempt(`10.0.${i % 200}.1`, `k${i % 1700}`))
    summarise()
    const lines = taken()
    expect(lines.length).toBeLessThanOrEqual(61)
    counted += lines.reduce((sum, { count }) => sum + count, 0)
  }
  expect(counted).toBe(minutes * each)
})
