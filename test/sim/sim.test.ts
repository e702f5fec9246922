// The seeded simulation: worlds in which the embedded engine, and the server over it, must answer byte
// for byte as the memory engine does. SIM_RUNS sets how many worlds, SIM_SEED replays one of them.
import { it } from 'vitest'
import { embeddedEngine, memoryEngine } from './engine.ts'
import { serverEngine } from './server-engine.ts'
import { openWorld, type Step } from './world.ts'

const runs = Number(process.env['SIM_RUNS'] ?? 200)
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
const partingOf = (
  step: Step,
  line: number,
  expected: string,
  name: string,
  found: string,
): string => {
  let at = 0
  while (expected[at] === found[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 300), at + 100)
  return [
    step.does === 'ask' ? JSON.stringify(step.questions[line]) : '',
    `memory   … ${around(expected)}`,
    `${name} … ${around(found)}`,
  ].join('\n')
}

const openings = { embedded: embeddedEngine, server: serverEngine }

const runWorld = async (seed: number, name: keyof typeof openings): Promise<void> => {
  const world = openWorld(seed, name === 'server')
  const memory = await memoryEngine(world)
  const other = await openings[name](world)
  try {
    let place = 0
    for (const step of world.steps) {
      place++
      const expected = await memory.run(step)
      const found = await other.run(step).catch((cause: unknown) => {
        throw new Error(replayOf(seed, place, step), { cause })
      })
      for (const [line, text] of expected.entries()) {
        const otherText = found[line] ?? ''
        if (otherText === text) continue
        const parting = partingOf(step, line, text, name, otherText)
        throw new Error(`${replayOf(seed, place, step)}\n${parting}`)
      }
    }
  } finally {
    await Promise.all([memory.close(), other.close()])
  }
}

it.each(seeds)('world %i', { timeout: 120_000 }, (seed) => runWorld(seed, 'embedded'))

// Some of them also through HTTP, in both directions.
const served = only === undefined ? seeds.filter((seed) => seed % 5 === 0) : seeds
it.each(served)('world %i, served', { timeout: 120_000 }, (seed) => runWorld(seed, 'server'))
