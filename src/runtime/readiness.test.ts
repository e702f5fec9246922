// What speaks against sending work to a server, one reason after the other and several at once.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { NOT_READY, nearlyFullBytes, openReadiness, WARNINGS } from './readiness.ts'

it('is ready once it has started, until it stops', () => {
  const readiness = openReadiness()
  expect(readiness.notReady()).toEqual(['starting'])
  readiness.started(() => nearlyFullBytes)
  expect(readiness.notReady()).toEqual([])
  readiness.stopping()
  expect(readiness.notReady()).toEqual(['stopping'])
})

it('is not ready when nothing can be written any more', () => {
  const readiness = openReadiness()
  readiness.started(() => nearlyFullBytes)
  readiness.broken()
  expect(readiness.notReady()).toEqual(['store'])
})

it('is not ready while the disk is nearly full, or cannot be asked', () => {
  let free: number | undefined = nearlyFullBytes - 1
  const readiness = openReadiness()
  readiness.started(() => free)
  expect(readiness.notReady()).toEqual(['disk'])
  free = undefined
  expect(readiness.notReady()).toEqual(['disk'])
  free = nearlyFullBytes
  expect(readiness.notReady()).toEqual([])
})

it('is not ready while ClickHouse does not answer', () => {
  let isAnswering = false
  const readiness = openReadiness()
  readiness.started(
    () => nearlyFullBytes,
    () => isAnswering,
  )
  expect(readiness.notReady()).toEqual(['clickhouse'])
  isAnswering = true
  expect(readiness.notReady()).toEqual([])
})

it('warns while the clock is not believed, and is ready all the same', () => {
  let isBelieved = true
  const readiness = openReadiness()
  readiness.started(
    () => nearlyFullBytes,
    () => true,
    () => isBelieved,
  )
  expect([readiness.notReady(), readiness.warnings()]).toEqual([[], []])
  isBelieved = false
  expect([readiness.notReady(), readiness.warnings()]).toEqual([[], ['clock']])
})

const page = readFileSync(new URL('../../docs/reference/readyz.md', import.meta.url), 'utf8')
it.each([...NOT_READY, ...WARNINGS])('%s stands in docs/reference/readyz.md', (reason) => {
  expect(page).toContain(`| \`${reason}\` |`)
})
