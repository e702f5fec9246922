// The seeded simulation: worlds in which the embedded engine must answer byte for byte as the memory
// engine does. SIM_RUNS sets how many worlds, SIM_SEED replays one of them.
import { it } from 'vitest'
import { embeddedEngine, memoryEngine } from './engine.ts'
import { openWorld, type Step } from './world.ts'

const runs = Number(process.env['SIM_RUNS'] ?? 60)
const only = process.env['SIM_SEED']
const seeds = only === undefined ? Array.from({ length: runs }, (_, i) => i + 1) : [Number(only)]

const isoOf = (step: Step): string => ('nowMs' in step ? new Date(step.nowMs).toISOString() : '')

/** How to see this very failure again. */
const replayOf = (seed: number, place: number, step: Step): string =>
  [
    `seed ${seed}, step ${place}: ${step.does} ${isoOf(step)}`,
    `replay: SIM_SEED=${seed} npx vitest run test/sim/sim.test.ts`,
  ].join('\n')

/** Where two answers part, with a little of what stands around it. */
const partingOf = (step: Step, line: number, expected: string, found: string): string => {
  let at = 0
  while (expected[at] === found[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 300), at + 100)
  return [
    step.does === 'ask' ? JSON.stringify(step.questions[line]) : '',
    `memory   … ${around(expected)}`,
    `embedded … ${around(found)}`,
  ].join('\n')
}

const runWorld = async (seed: number): Promise<void> => {
  const world = openWorld(seed)
  const memory = await memoryEngine(world)
  const embedded = await embeddedEngine(world)
  try {
    let place = 0
    for (const step of world.steps) {
      place++
      const expected = await memory.run(step)
      const found = await embedded.run(step).catch((cause: unknown) => {
        throw new Error(replayOf(seed, place, step), { cause })
      })
      for (const [line, text] of expected.entries()) {
        const other = found[line] ?? ''
        if (other === text) continue
        const parting = partingOf(step, line, text, other)
        throw new Error(`${replayOf(seed, place, step)}\n${parting}`)
      }
    }
  } finally {
    await Promise.all([memory.close(), embedded.close()])
  }
}

it.each(seeds)('world %i', { timeout: 60_000 }, runWorld)
