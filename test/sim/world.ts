// A simulated world: a seed becomes a run of steps, each a plain value that an engine can be put
// through. Which steps follow depends on the seed alone, never on what an engine answers.
import type { Zone } from '../../src/ledger/day.ts'
import { type HandClock, handClock } from '../support/clock.ts'
import { type Random, randomOf } from '../support/random.ts'
import { type Line, msgId } from '../support/told.ts'
import { startOf } from '../support/zone.ts'
import {
  type CastApp,
  castApps,
  isLawfulAt,
  lineOf,
  msPerDay,
  msPerHour,
  msPerMinute,
} from './cast.ts'
import { type Question, questionsAbout } from './question.ts'

/** `app` is the app's place in the world; engines give ids of their own. */
export type Step =
  | { readonly does: 'create'; readonly app: number; readonly zoneName: string }
  | { readonly does: 'remove'; readonly app: number }
  | {
      readonly does: 'tell'
      readonly app: number
      readonly nowMs: number
      /** Told at once, in this order. */
      readonly bodies: readonly (readonly Line[])[]
    }
  | { readonly does: 'sweep'; readonly app: number; readonly nowMs: number }
  | { readonly does: 'reopen' }
  | {
      readonly does: 'ask'
      readonly app: number
      readonly nowMs: number
      readonly questions: readonly Question[]
    }

export interface World {
  readonly keepDays: number
  readonly steps: Generator<Step, void>
}

interface Scene {
  readonly random: Random
  readonly clock: HandClock
  readonly keepDays: number
  readonly apps: readonly CastApp[]
  readonly zones: readonly Zone[]
  /** Lines told lately, per app, to be told again. */
  readonly memory: Line[][][]
}

// Near changes of summer time, and a month after them, when what was sent before them is old; before a day
// that Apia skips; near ends of months and years, and a leap day.
const starts = [
  '2011-12-28T20:00:00Z',
  '2012-01-27T09:00:00Z',
  '2024-02-27T03:00:00Z',
  '2024-03-08T20:00:00Z',
  '2024-03-29T12:00:00Z',
  '2024-04-04T12:00:00Z',
  '2024-10-03T10:00:00Z',
  '2024-10-25T22:00:00Z',
  '2024-11-01T15:00:00Z',
  '2024-12-30T15:30:00Z',
  '2025-06-15T07:45:00Z',
  '2026-04-08T21:00:00Z',
  '2026-05-04T12:00:00Z',
  '2026-09-05T02:00:00Z',
  '2026-10-05T15:00:00Z',
  '2026-11-24T22:00:00Z',
]

const stepCount = 60
const remembered = 12

/** A server takes nothing that is past keeping: its worlds keep as long as any line may be late. */
export const openWorld = (seed: number, isServed: boolean): World => {
  const random = randomOf(seed)
  const apps = castApps(random)
  const drawnDays = random.pick([31, 31, 31, 7, 2])
  const keepDays = isServed ? 31 : drawnDays
  const clock = handClock(Date.parse(random.pick(starts)) + random.int(0, msPerDay))
  const zones = apps.map(({ zone }) => zone)
  const memory = apps.map(() => [])
  return { keepDays, steps: stepsOf({ random, clock, keepDays, apps, zones, memory }) }
}

function* stepsOf(scene: Scene): Generator<Step, void> {
  const { random, clock, apps } = scene
  for (const app of apps.keys()) yield create(scene, app)
  for (let count = 0; count < stepCount; count++) {
    const app = random.int(0, apps.length - 1)
    const draw = random.next()
    if (draw < 0.5) yield tell(scene, app)
    else if (draw < 0.72) moveClock(scene, app)
    else if (draw < 0.9) yield ask(scene, app)
    else if (draw < 0.94) yield { does: 'sweep', app, nowMs: clock.now() }
    else if (draw < 0.98) yield { does: 'reopen' }
    else {
      yield { does: 'remove', app }
      yield create(scene, app)
      yield ask(scene, app)
    }
  }
  for (const app of apps.keys()) yield ask(scene, app)
}

const create = ({ apps }: Scene, app: number): Step => ({
  does: 'create',
  app,
  zoneName: apps[app]?.zoneName ?? 'UTC',
})

const tell = (scene: Scene, app: number): Step => {
  const { random, clock, zones, keepDays } = scene
  const nowMs = clock.now()
  const count = random.chance(0.2) ? random.int(2, 4) : 1
  const bodies = Array.from({ length: count }, () => bodyOf(scene, app))
  const firstDay = (zones[app]?.dayOf(nowMs) ?? 0) - keepDays
  // What is past keeping when it arrives is held only beside something later. Whether a body told
  // at the same time is later is a matter of chance, so only a body told alone may hold such lines.
  const isKept = (line: Line) =>
    count === 1 || 'about' in line || (zones[app]?.dayOf(line.atMs) ?? 0) >= firstDay
  return { does: 'tell', app, nowMs, bodies: bodies.map((body) => body.filter(isKept)) }
}

const bodyOf = ({ random, clock, apps, memory }: Scene, app: number): readonly Line[] => {
  const before = memory[app] ?? []
  const cast = apps[app]
  if (cast === undefined) return []
  if (before.length > 0 && random.chance(0.25)) {
    const again = random.pick(before).filter((line) => isLawfulAt(line, cast.zone, clock.now()))
    return random.chance(0.5) ? again : random.shuffle(again)
  }
  const length = random.pick([1, 1, 3, 8, 20])
  const lines = Array.from({ length }, () => lineOf(random, cast, clock.now()))
  const body = random.chance(0.2) ? [...lines, ...random.sample(lines, 0.3)] : lines
  before.push(body)
  if (before.length > remembered) before.splice(random.int(0, remembered), 1)
  return body
}

const ask = ({ random, clock, apps, zones }: Scene, app: number): Step => {
  const cast = apps[app]
  const zone = zones[app]
  const nowMs = clock.now()
  if (cast === undefined || zone === undefined) throw new Error(`there is no app ${app}`)
  const questions = questionsAbout(random, cast, zone, nowMs, msgId(random.int(1, 9)))
  return { does: 'ask', app, nowMs, questions }
}

const moveClock = (scene: Scene, app: number): void => {
  const { random, clock, keepDays } = scene
  const zone = scene.zones[app]
  if (zone === undefined) return
  const draw = random.next()
  if (draw < 0.35) clock.move(random.int(1, 90) * msPerMinute)
  else if (draw < 0.55) clock.move(random.int(1, 30) * msPerHour)
  else if (draw < 0.7) {
    // The first hours of a day are those in which civil days and days of 24 hours differ.
    const early = random.int(0, 2 * msPerHour)
    clock.set(midnightAfter(zone, clock.now()) + random.pick([-1, 0, 1, early]))
  } else if (draw < 0.8) clock.move(random.int(1, 6) * msPerDay)
  else if (draw < 0.9) {
    // To the day on which what was told today is gone.
    const gone = startOf(zone, zone.dayOf(clock.now()) + keepDays + 1)
    clock.set(gone + random.pick([-1, 0, random.int(0, msPerHour)]))
  } else stepBack(scene)
}

// Clocks are set back by some minutes, but never over midnight: by then an engine may have let go of
// a day that is over.
const stepBack = ({ random, clock, zones }: Scene): void => {
  const back = clock.now() - random.int(1, 10 * msPerMinute)
  if (zones.every((zone) => zone.dayOf(back) === zone.dayOf(clock.now()))) clock.set(back)
}

const midnightAfter = (zone: Zone, ms: number): number => startOf(zone, zone.dayOf(ms) + 1)
