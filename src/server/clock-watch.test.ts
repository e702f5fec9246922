// What the watch over the clock writes into the log and into the store, and what it takes from other servers.
import { expect, it } from 'vitest'
import { openLog } from '../runtime/log.ts'
import { openMemoryClock } from '../store/memory/clock.ts'
import { openClockWatch } from './clock-watch.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const noon = Date.UTC(2026, 5, 1, 12)

const start = async (table = openMemoryClock()) => {
  const clock = { wallMs: noon, steadyMs: 0 }
  const lines: { level: number; msg: string; clock: string; believed: string }[] = []
  const log = openLog('info', { write: (line) => lines.push(JSON.parse(line)) })
  const watch = await openClockWatch({
    clock: () => clock.wallMs,
    steadyClock: () => clock.steadyMs,
    table,
    isTrusted: false,
    log,
  })
  return { ...watch, clock, lines, table }
}

it('keeps the clock of a new store at once, and what was believed since every hour and at the end', async () => {
  const { table, clock, keep, close } = await start()
  expect(await table.read()).toEqual({ believedMs: noon, placedMs: 0 })
  clock.wallMs = noon + hourMs - 1
  await keep()
  expect(await table.read()).toEqual({ believedMs: noon, placedMs: 0 })
  clock.wallMs = noon + hourMs
  await keep()
  expect(await table.read()).toEqual({ believedMs: noon + hourMs, placedMs: 0 })
  clock.wallMs = noon + hourMs + 1000
  await close()
  expect(await table.read()).toEqual({ believedMs: noon + hourMs + 1000, placedMs: 0 })
})

it('keeps nothing of a clock that is not believed', async () => {
  const { table, clock, keep, close, aheadMs } = await start()
  clock.wallMs = noon + 40 * dayMs
  await keep()
  await close()
  expect(await table.read()).toEqual({ believedMs: noon, placedMs: 0 })
  expect(aheadMs()).toBe(40 * dayMs)
})

it('says once that the clock is not believed, with both times, and once that it is again', async () => {
  const { clock, lines, times, isBelieved } = await start()
  clock.wallMs = noon + 40 * dayMs
  for (let i = 0; i < 3; i++) times(clock.wallMs)
  clock.wallMs = noon + 1000
  expect(isBelieved()).toBe(true)
  expect(lines.map(({ level, msg }) => [level, msg.slice(0, 43)])).toEqual([
    [40, 'the clock is more than a day ahead of the l'],
    [30, 'the clock is believed again'],
  ])
  expect(lines[0]).toMatchObject({
    clock: '2026-07-11T12:00:00.000Z',
    believed: '2026-06-01T12:00:00.000Z',
  })
})

it('believes with the other servers of its store', async () => {
  const table = openMemoryClock()
  const { clock, keep, isBelieved } = await start(table)
  clock.wallMs = noon + 7 * dayMs
  expect(isBelieved()).toBe(false)
  await table.keep({ believedMs: noon + 7 * dayMs - hourMs, placedMs: 0 })
  await keep()
  expect(isBelieved()).toBe(true)
})
