// The same world told to every peer, each on a fresh place, several times; what it took is printed as
// one table a part of the world, with the ratio to this server. Wrong counts end the run.
import type { Peer, RunningPeer, Telling } from './peers/peer.ts'
import { head, mebibytes, median, number, row, spread, title } from './report.ts'
import { runs } from './size.ts'
import { anonymousBytes, cpuSeconds } from './wire/process.ts'
import { type Received, receivedSample, type World } from './world/world.ts'

interface Taken {
  readonly factsASecond: number
  /** Processor time, in microseconds. */
  readonly peerMicrosAFact: number
  readonly generatorMicrosAFact: number
  readonly bytes: number
}

interface Told {
  readonly parts: readonly Taken[]
  readonly disk: number
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const clock = async ({ pids }: RunningPeer, facts: number, telling: Telling): Promise<Taken> => {
  const peerBefore = sum(pids().map(cpuSeconds))
  const generatorBefore = process.cpuUsage()
  const began = performance.now()
  await telling()
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(generatorBefore)
  return {
    factsASecond: facts / seconds,
    peerMicrosAFact: ((sum(pids().map(cpuSeconds)) - peerBefore) * 1e6) / facts,
    generatorMicrosAFact: (user + system) / facts,
    bytes: sum(pids().map(anonymousBytes)),
  }
}

const check = async (
  { name }: Peer,
  running: RunningPeer,
  { distinct }: World,
  sample: readonly Received[],
): Promise<void> => {
  const held = await running.distinct()
  if (held !== distinct) throw new Error(`${name} holds ${held} facts instead of ${distinct}`)
  const counts = await running.received(sample)
  const wanted = sample.map((message) => message.devices)
  if (counts.join() !== wanted.join()) {
    throw new Error(`${name} counts ${counts.join()} instead of ${wanted.join()}`)
  }
}

const tellOnce = async (peer: Peer, world: World, sample: readonly Received[]): Promise<Told> => {
  const running = await peer.start(world)
  let isStopped = false
  try {
    const tellings = await running.prepare(world)
    const parts: Taken[] = []
    for (const [i, telling] of tellings.entries()) {
      parts.push(await clock(running, world.parts[i]?.table.length ?? 0, telling))
    }
    await check(peer, running, world, sample)
    isStopped = true
    return { parts, disk: await running.stop() }
  } finally {
    if (!isStopped) await running.stop()
  }
}

const show = (world: World, told: ReadonlyMap<string, readonly Told[]>): void => {
  for (const [i, part] of world.parts.entries()) {
    if (!part.isShown) continue
    console.log(`\n${part.name}, ${number(part.table.length)} facts:\n`)
    head('', 'facts/s', 'this server is', 'processor µs a fact', 'load generator', 'own memory MiB')
    const of = (peer: string) => (told.get(peer) ?? []).map(({ parts }) => parts[i] as Taken)
    const ours = median(of('pushledger').map((taken) => taken.factsASecond))
    for (const name of told.keys()) {
      const taken = of(name)
      const rates = taken.map((run) => run.factsASecond)
      row(
        name,
        spread(rates),
        ours > 0 ? `${number(ours / median(rates), 2)} ×` : '',
        number(median(taken.map((run) => run.peerMicrosAFact)), 2),
        number(median(taken.map((run) => run.generatorMicrosAFact)), 2),
        mebibytes(median(taken.map((run) => run.bytes))),
      )
    }
  }
  console.log('\non disk after all parts:\n')
  head('', 'MiB', `bytes a ${world.weighed.what}`)
  for (const [name, runsOf] of told) {
    const disk = median(runsOf.map((run) => run.disk))
    row(name, mebibytes(disk), number(disk / world.weighed.count, 2))
  }
}

export const compare = async (peers: readonly Peer[], world: World): Promise<void> => {
  title(world.title)
  const sample = receivedSample(world)
  const told = new Map<string, Told[]>()
  for (const peer of peers) {
    const missing = peer.missing()
    if (missing !== undefined) {
      console.log(`${peer.name} skipped: ${missing}`)
      continue
    }
    const all: Told[] = []
    for (let run = 0; run < runs; run++) all.push(await tellOnce(peer, world, sample))
    told.set(peer.name, all)
  }
  show(world, told)
}
