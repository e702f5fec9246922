// The promise under all retries: within the keeping time an answer depends on the set of facts told,
// never on their order, their bodies or how often they were told. Each engine against itself.
import { expect, it } from 'vitest'
import { factsIn } from '../../src/ledger/event-batch.ts'
import { defaultStoreSettings } from '../../src/ledger/store.ts'
import { type Random, randomOf } from '../support/random.ts'
import { inLinesOf, type Line, msgId, told } from '../support/told.ts'
import { zoneOf } from '../support/zone.ts'
import { castApps, lineOf, msPerDay } from './cast.ts'
import { type Engine, embeddedEngine, memoryEngine } from './engine.ts'
import { questionsAbout } from './question.ts'

// Longer than any line is late, so that nothing told in a run is gone before it ends.
const settings = { ...defaultStoreSettings, keepDays: 45 }
const now = Date.parse('2024-11-04T06:30:00Z')

/** Each line in pieces, each piece once to three times, all of it in any order. */
const toldOtherwise = (random: Random, lines: readonly Line[]): readonly Line[] => {
  const pieces = lines.flatMap((line) =>
    inLinesOf(random.int(1, line.devices.length), {
      ...line,
      devices: random.shuffle(line.devices),
    }),
  )
  const again = pieces.flatMap((piece) => Array.from({ length: random.int(0, 2) }, () => piece))
  return random.shuffle([...pieces, ...again])
}

const bodiesOf = (random: Random, lines: readonly Line[]): readonly Line[][] => {
  const bodies: Line[][] = []
  for (let from = 0; from < lines.length; ) {
    const length = random.int(1, 40)
    bodies.push(lines.slice(from, from + length))
    from += length
  }
  return bodies
}

/** How many facts were held that had not been before. */
const tellAll = async (engine: Engine, bodies: readonly Line[][]): Promise<number> => {
  let fresh = 0
  for (const body of bodies) {
    const step = { does: 'tell', app: 0, nowMs: now, bodies: [body] } as const
    const [repeated] = await engine.run(step)
    fresh += factsIn(told(...body)) - Number(repeated?.replace('repeated ', ''))
  }
  return fresh
}

const engines = { memory: memoryEngine, embedded: embeddedEngine }
const cases = [1, 2, 3, 4, 5, 6].flatMap((seed) =>
  (['memory', 'embedded'] as const).map((name) => [name, seed] as const),
)

it.each(cases)('%s answers alike however it is told (seed %i)', async (name, seed) => {
  const random = randomOf(seed)
  const [app] = castApps(random)
  if (app === undefined) throw new Error('a world has an app')
  const lines = Array.from({ length: 60 }, () =>
    lineOf(random, app, now - random.int(0, 10) * msPerDay),
  )
  const [one, other] = [await engines[name](settings), await engines[name](settings)]
  try {
    for (const engine of [one, other]) {
      await engine.run({ does: 'create', app: 0, zoneName: app.zoneName })
    }
    const freshInOne = await tellAll(one, bodiesOf(random, lines))
    const freshInOther = await tellAll(other, bodiesOf(random, toldOtherwise(random, lines)))
    expect(freshInOther).toBe(freshInOne)
    const zone = zoneOf(app.zoneName)
    for (let round = 0; round < 8; round++) {
      // The feed tells how it was told, and that differs here.
      const questions = questionsAbout(random, app, zone, now, msgId(5)).filter(
        ({ report }) => report !== '/v1/feed',
      )
      const ask = { does: 'ask', app: 0, nowMs: now, questions } as const
      expect(await other.run(ask)).toEqual(await one.run(ask))
    }
  } finally {
    await Promise.all([one.close(), other.close()])
  }
})
