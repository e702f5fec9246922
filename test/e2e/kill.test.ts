// kill -9 at a random moment, again and again on one directory, while it works, starts or stops: every fact
// that was answered is there, none that was never sent, of a body either all or nothing, and verify
// finds nothing. The dead server never gives its lock back. KILL_RUNS sets how many runs of two
// kills each and more, from the seed KILL_FIRST on, KILL_SEED replays the choices of one of them.

import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Caller, callerOf } from '../support/caller.ts'
import { type Credentials, type Server, type Workplace, workplace } from '../support/program.ts'
import { type Random, randomOf } from '../support/random.ts'
import { tell } from '../support/tally.ts'

const runs = Number(process.env['KILL_RUNS'] ?? 4)
const only = process.env['KILL_SEED']
const first = Number(process.env['KILL_FIRST'] ?? 1)
const seeds =
  only === undefined ? Array.from({ length: runs }, (_, i) => first + i) : [Number(only)]

const killsPerRun = 2
const connections = 4
const bodiesPerLife = 200
/** More on a machine that others use too. */
const restartWithinMs = Number(process.env['KILL_RESTART_MS'] ?? 20_000)
const broadcastIds = ['1001', '1002', '1003']
const neverSent = { msgId: '77', device: 'never-sent' }

const noFigures = {
  killsAtWork: 0,
  killsStopping: 0,
  killsStarting: 0,
  answeredBodies: 0,
  /** Facts whose presence, or absence, was asked for after a kill. */
  factsChecked: 0,
  lost: 0,
  torn: 0,
  phantom: 0,
  /** The longest that a server took to listen again. */
  restartedMs: 0,
}
/** Of one run. */
let tally = { ...noFigures }
beforeEach(() => {
  tally = { ...noFigures }
})
afterEach(() => tell(tally))

interface Body {
  /** Messages to one device each, of which nobody else tells. */
  readonly singles: readonly string[]
  /** Devices of this body alone that received a message of many. */
  readonly broadcast: { readonly msgId: string; readonly devices: readonly string[] }
  /** Devices of this body alone that register. */
  readonly registered: readonly string[]
  fate: 'unsent' | 'sent' | 'answered'
}

/** Those that a report answers about one by one; of new users it says how many. */
const namedFacts = ({ singles, broadcast }: Body): number =>
  singles.length + broadcast.devices.length
const facts = (body: Body): number => namedFacts(body) + body.registered.length

const drawBody = (random: Random, number: number): Body => {
  // Mostly small ones, as gateways send; at times one that takes many pages.
  const most = random.chance(0.06) ? 3000 : 40
  const singles = random.int(0, most / 4)
  const devices = random.int(singles === 0 ? 1 : 0, most)
  return {
    singles: Array.from({ length: singles }, (_, i) => String(number * 10_000 + i)),
    broadcast: {
      msgId: random.pick(broadcastIds),
      devices: Array.from({ length: devices }, (_, i) => `b${number}-${i}`),
    },
    registered: Array.from({ length: random.int(0, 5) }, (_, i) => `n${number}-${i}`),
    fate: 'unsent',
  }
}

const linesOf = ({ singles, broadcast, registered }: Body, timeMs: number): object[] => {
  const line = { type: 'received', platform: 'android', time: timeMs }
  const alone = singles.map((id) => ({ ...line, msg_id: id, registration_id: `s${id}` }))
  const many = [
    { ...line, msg_id: broadcast.msgId, registration_ids: broadcast.devices },
    { type: 'register', platform: 'android', time: timeMs, registration_ids: registered },
  ]
  return [...alone, ...many.filter(({ registration_ids }) => registration_ids.length > 0)]
}

/** Sends the bodies over several connections until the server is gone or all are sent. */
const sendAll = async (
  caller: Caller,
  bodies: readonly Body[],
  timeMs: number,
  onAnswer: () => void,
): Promise<void> => {
  const left = [...bodies]
  const sendOn = async () => {
    for (let body = left.shift(); body !== undefined; body = left.shift()) {
      body.fate = 'sent'
      // fetch says TypeError when the connection broke; all else is a wrong answer.
      const answer = await caller.tell(linesOf(body, timeMs)).catch((cause: unknown) => {
        if (!(cause instanceof TypeError)) throw cause
      })
      // Who is stopping takes no more.
      if (answer === undefined || answer.status === 503) return
      expect(answer).toMatchObject({ status: 200, body: { accepted: facts(body), refused: 0 } })
      body.fate = 'answered'
      tally.answeredBodies += 1
      onAnswer()
    }
  }
  await Promise.all(Array.from({ length: connections }, sendOn))
}

/** Tells bodies and kills the server a random moment after a random number of answers. */
const tellAndKill = async (
  server: Server,
  caller: Caller,
  bodies: readonly Body[],
  random: Random,
): Promise<void> => {
  const answersBefore = random.int(1, 120)
  const furtherMs = random.next() * 25
  let answers = 0
  await sendAll(caller, bodies, Date.now(), () => {
    answers += 1
    if (answers === answersBefore) setTimeout(() => server.stop('SIGKILL'), furtherMs)
  })
  await server.stop('SIGKILL')
}

/** Tells bodies while it stops, which it is not left the time for. */
const tellStopAndKill = async (
  server: Server,
  caller: Caller,
  bodies: readonly Body[],
  random: Random,
): Promise<void> => {
  const answersBefore = random.int(1, 20)
  const patienceMs = random.next() * 60
  let answers = 0
  await sendAll(caller, bodies, Date.now(), () => {
    answers += 1
    if (answers !== answersBefore) return
    void server.stop('SIGTERM')
    setTimeout(() => server.stop('SIGKILL'), patienceMs)
  })
  await server.stop('SIGKILL')
}

/** Starts one that does not live to listen, or hardly. */
const startAndKill = async (place: Workplace, random: Random): Promise<void> => {
  const starting = place.start(['serve', '--port', '0'])
  setTimeout(() => starting.kill('SIGKILL'), random.next() * 700)
  await starting.ended
}

/** How many facts of each body the server holds. */
const heldOf = async (caller: Caller, bodies: readonly Body[]): Promise<Map<Body, number>> => {
  const singles = bodies.flatMap((body) => body.singles)
  const counts = await caller.received(singles)
  const there = new Set(singles.filter((_, i) => counts[i] === 1))
  for (const msgId of broadcastIds) {
    const told = bodies.filter(({ broadcast }) => broadcast.msgId === msgId)
    const devices = told.flatMap(({ broadcast }) => broadcast.devices)
    for (const [device, status] of await caller.statuses(msgId, devices)) {
      if (status === 0) there.add(device)
    }
  }
  const held = ({ singles: ids, broadcast }: Body) =>
    [...ids, ...broadcast.devices].filter((name) => there.has(name)).length
  return new Map(bodies.map((body) => [body, held(body)]))
}

/** New users of today and yesterday: some runs are at midnight. */
const newUsersOf = async (caller: Caller): Promise<number> => {
  const start = new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)
  const { body } = await caller.ask(`/v3/users?time_unit=DAY&start=${start}&duration=2`)
  const { items } = body as unknown as { items: { android?: { new?: number } }[] }
  return items.reduce((sum, { android }) => sum + (android?.new ?? 0), 0)
}

/** Compares everything the server says with what was sent; returns the bodies it does not hold. */
const check = async (caller: Caller, bodies: readonly Body[]): Promise<Body[]> => {
  const missing: Body[] = []
  const counts = new Map(broadcastIds.map((id) => [id, 0]))
  let registered = 0
  for (const [body, held] of await heldOf(caller, bodies)) {
    const isWhole = held === namedFacts(body)
    tally.factsChecked += facts(body)
    if (body.fate === 'answered') tally.lost += namedFacts(body) - held
    else if (body.fate === 'unsent') tally.phantom += held
    else if (!isWhole && held > 0) tally.torn += 1
    const what = `a body that was ${body.fate}: ${held} of ${namedFacts(body)} facts are there`
    if (body.fate === 'answered') expect(isWhole, what).toBe(true)
    else if (body.fate === 'unsent') expect(held, what).toBe(0)
    else expect(isWhole || held === 0, what).toBe(true)
    const { msgId, devices } = body.broadcast
    if (isWhole) counts.set(msgId, (counts.get(msgId) ?? 0) + devices.length)
    else missing.push(body)
    if (isWhole) registered += body.registered.length
  }
  expect(await newUsersOf(caller), 'new users').toBe(registered)
  const told = await caller.received([...broadcastIds, neverSent.msgId])
  expect(told).toEqual([...[...counts.values()].map((count) => count || null), null])
  expect(await caller.statuses('1001', [neverSent.device])).toEqual(
    new Map([[neverSent.device, 2]]),
  )
  return missing
}

/** What a gateway does: sends again whatever was not answered. */
const sendAgain = async (caller: Caller, bodies: readonly Body[], missing: readonly Body[]) => {
  for (const body of bodies.filter(({ fate }) => fate === 'sent')) {
    const { accepted, repeated } = await caller.told(linesOf(body, Date.now()))
    expect(accepted).toBe(facts(body))
    expect(repeated).toBe(missing.includes(body) ? 0 : facts(body))
    body.fate = 'answered'
  }
}

const live = async (place: Workplace, app: Credentials, random: Random): Promise<void> => {
  const bodies: Body[] = []
  let server = await place.serve(['--rate-limit', '0'])
  for (let kill = 0; kill < killsPerRun; kill++) {
    const fresh = Array.from({ length: bodiesPerLife }, (_, i) =>
      drawBody(random, kill * bodiesPerLife + i + 1),
    )
    bodies.push(...fresh)
    const isStopping = !random.chance(0.7)
    const killing = isStopping ? tellStopAndKill : tellAndKill
    await killing(server, callerOf(server.url, app), fresh, random)
    tally[isStopping ? 'killsStopping' : 'killsAtWork'] += 1
    if (random.chance(0.5)) {
      await startAndKill(place, random)
      tally.killsStarting += 1
    }
    expect(await place.run(['verify'])).toMatchObject({ code: 0, stderr: '' })
    const deadAt = performance.now()
    server = await place.serve(['--rate-limit', '0'])
    const restartedMs = Math.round(performance.now() - deadAt)
    tally.restartedMs = Math.max(tally.restartedMs, restartedMs)
    expect(restartedMs).toBeLessThan(restartWithinMs)
    const caller = callerOf(server.url, app)
    await sendAgain(caller, bodies, await check(caller, bodies))
  }
  await check(callerOf(server.url, app), bodies)
  expect((await server.stop()).code).toBe(0)
}

it.each(seeds)('seed %i', { timeout: 300_000 }, async (seed) => {
  const place = workplace()
  const app = await place.createApp('killed')
  try {
    await live(place, app, randomOf(seed))
  } catch (cause) {
    const replay = `KILL_SEED=${seed} npx vitest run test/e2e/kill.test.ts`
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`seed ${seed}: ${why}\nreplay: ${replay}`, { cause })
  }
})
