// One simulated world, put through the memory engine and another one step by step: every answer must be
// the same, byte for byte. SIM_RUNS sets how many worlds, from the seed SIM_FIRST on; SIM_SEED replays one.
import { tell } from '../support/tally.ts'
import { type Engine, memoryEngine } from './engine.ts'
import { openWorld, type Step, type World } from './world.ts'

const runs = Number(process.env['SIM_RUNS'] ?? 200)
const first = Number(process.env['SIM_FIRST'] ?? 1)
const only = process.env['SIM_SEED']
export const seeds: readonly number[] =
  only === undefined ? Array.from({ length: runs }, (_, i) => first + i) : [Number(only)]

/** Some worlds go through HTTP too, which takes longer. */
export const servedSeeds: readonly number[] =
  only === undefined ? seeds.filter((seed) => seed % 10 === 0) : seeds

/** A question to ClickHouse takes a hundred times as long as one to a store in this process: one of two hundred. */
export const clickHouseSeeds: readonly number[] =
  only === undefined ? seeds.filter((seed) => seed % 200 === 100) : seeds

/** The largest take minutes where others use the machine as well. */
export const worldWithinMs = 900_000

const isoOf = (step: Step): string => ('nowMs' in step ? new Date(step.nowMs).toISOString() : '')

/** How to see this very failure again. */
const replayOf = (seed: number, place: number, step: Step): string =>
  [
    `seed ${seed}, step ${place}: ${step.does} ${isoOf(step)}`,
    `replay: SIM_SEED=${seed} npx vitest run test/sim`,
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

const worldsOf = {
  embedded: 'worlds',
  server: 'servedWorlds',
  clickhouse: 'clickHouseWorlds',
} as const
type Name = keyof typeof worldsOf

/** What the memory engine says, in the mouth of another: ClickHouse cannot tell what was held before. */
const inMouthOf = (name: Name, text: string): string =>
  name === 'clickhouse'
    ? text
        .replace(/^repeated \d+$/, 'repeated NaN')
        .replaceAll(/"repeated":\d+/g, '"repeated":null')
    : text

export const runWorld = async (
  seed: number,
  name: Name,
  open: (world: World) => Promise<Engine>,
): Promise<void> => {
  const world = openWorld(seed, name === 'server')
  const memory = await memoryEngine(world)
  const other = await open(world)
  const tally = { [worldsOf[name]]: 1, steps: 0, reopened: 0, answersCompared: 0 }
  try {
    let place = 0
    for (const step of world.steps) {
      place++
      tally.steps += 1
      if (step.does === 'reopen') tally.reopened += 1
      const expected = (await memory.run(step)).map((text) => inMouthOf(name, text))
      const found = await other.run(step).catch((cause: unknown) => {
        throw new Error(replayOf(seed, place, step), { cause })
      })
      for (const [line, text] of expected.entries()) {
        const otherText = found[line] ?? ''
        tally.answersCompared += 1
        if (otherText === text) continue
        const parting = partingOf(step, line, text, name, otherText)
        throw new Error(`${replayOf(seed, place, step)}\n${parting}`)
      }
    }
    tell(tally)
  } finally {
    await Promise.all([memory.close(), other.close()])
  }
}
