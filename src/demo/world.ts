// A fortnight of a believable shop app, made up from a seed: its devices, its pushes, and the bodies
// that its gateway tells of them, one after the other. Pure: the same seed and the same now, the same
// bytes. The gateway retries: some bodies come twice or thrice, and none in perfect order.
import { type Platform, STAGES } from '../ledger/channel.ts'
import { type Chance, chanceOf } from './chance.ts'
import { type DemoDevice, devicesOf, isActive, isOnline } from './device.ts'
import { type FortnightHour, fortnightOf } from './fortnight.ts'
import { journeyOf, type Step, type Way } from './journey.ts'
import { type DemoPush, pushesOf } from './push.ts'

export type { DemoPush } from './push.ts'

export interface DemoSettings {
  /** A whole number; another seed, another world. */
  readonly seed: number
  /** The world ends here: nothing is later. */
  readonly nowMs: number
  readonly devices: number
  /** An IANA name; day and night are told by it. */
  readonly timeZone: string
}

export interface DemoBody {
  /** NDJSON, fresh bytes of the caller's own. */
  readonly bytes: Uint8Array
  readonly lines: number
  readonly facts: number
  /** Told before, byte for byte. */
  readonly isRetry: boolean
  /** How much of the fortnight is told, 0 … 1. */
  readonly share: number
}

export interface DemoWorld {
  /** In order of installation. */
  readonly devices: readonly DemoDevice[]
  /** In order of time. */
  readonly pushes: readonly DemoPush[]
  /** What became of a push on a device; empty where it did not go there. */
  journey(push: DemoPush, device: DemoDevice): readonly Way[]
  bodies(): Generator<DemoBody>
}

export const demoWorld = ({ seed, nowMs, devices: count, timeZone }: DemoSettings): DemoWorld => {
  const chance = chanceOf(seed)
  const hours = fortnightOf(nowMs, timeZone)
  const devices = devicesOf(count, hours, chance)
  const pushes = pushesOf(devices, hours, chance)
  const journey: DemoWorld['journey'] = (push, device) => journeyOf(push, device, nowMs, chance)
  const world = { hours, devices, pushes, journey, chance }
  // A small world comes in small bodies, so that some of them come again there too.
  const facts = Math.max(factsABodyMin, Math.min(factsABodyMax, count / 2))
  return { devices, pushes, journey, bodies: () => retold(packed(linesOf(world), facts), chance) }
}

interface World extends Omit<DemoWorld, 'bodies'> {
  readonly hours: readonly FortnightHour[]
  readonly chance: Chance
}

interface Line {
  readonly text: string
  readonly facts: number
  readonly share: number
}

interface Pack extends Line {
  readonly lines: number
}

const devicesALine = 1_000
const factsABodyMax = 10_000
const factsABodyMin = 500

function* linesOf(world: World): Generator<Line> {
  const { hours, devices, pushes } = world
  let joined = 0
  let pushed = 0
  for (const hour of hours) {
    const share = hour.number / hours.length
    const endMs = hour.atMs + hour.lengthMs
    for (let device = devices[joined]; device; device = devices[++joined]) {
      if (device.joinedMs > endMs) break
      const { id, platform, joinedMs } = device
      yield* inLines('register', { platform }, joinedMs, [id], share)
    }
    yield* presence(world, hour, share)
    for (let push = pushes[pushed]; push?.hour === hour; push = pushes[++pushed]) {
      yield* receipts(world, push, share)
    }
  }
}

/** Who was connected and who had the app open in an hour. */
function* presence(world: World, hour: FortnightHour, share: number): Generator<Line> {
  const { devices, chance } = world
  const online = new Map<Platform, string[]>()
  const active = new Map<Platform, string[]>()
  for (const device of devices) {
    if (!isOnline(device, hour, chance)) continue
    entryOf(online, device.platform, () => []).push(device.id)
    if (isActive(device, hour, chance)) entryOf(active, device.platform, () => []).push(device.id)
  }
  for (const [platform, ids] of online) {
    yield* inLines('online', { platform }, hour.atMs, ids, share)
    yield* inLines('active', { platform }, hour.atMs, active.get(platform) ?? [], share)
  }
}

/** All that is ever told of a push, with the late receipts. */
function* receipts(world: World, push: DemoPush, share: number): Generator<Line> {
  const { msgId: msg_id, atMs, to } = push
  const ways = new Map<string, { members: LineMembers; steps: Map<number, StepDevices> }>()
  for (const device of typeof to === 'number' ? world.devices : [to]) {
    for (const { channel, kind, steps } of world.journey(push, device)) {
      const { platform } = device
      const way = entryOf(ways, `${platform} ${channel} ${kind}`, () => ({
        members: { msg_id, platform, channel, kind },
        steps: new Map(),
      }))
      for (const step of steps) {
        const number = step.delayMs * STAGES.length + STAGES.indexOf(step.stage)
        entryOf(way.steps, number, () => ({ step, ids: [] })).ids.push(device.id)
      }
    }
  }
  for (const { members, steps } of ways.values()) {
    for (const { step, ids } of steps.values()) {
      yield* inLines(step.stage, members, atMs + step.delayMs, ids, share)
    }
  }
}

type LineMembers = Readonly<Record<string, string>>

interface StepDevices {
  readonly step: Step
  readonly ids: string[]
}

function* inLines(
  type: string,
  members: LineMembers,
  time: number,
  ids: readonly string[],
  share: number,
): Generator<Line> {
  for (let from = 0; from < ids.length; from += devicesALine) {
    const registration_ids = ids.slice(from, from + devicesALine)
    const text = JSON.stringify({ type, ...members, time, registration_ids })
    yield { text, facts: registration_ids.length, share }
  }
}

function* packed(lines: Iterable<Line>, factsABody: number): Generator<Pack> {
  let texts: string[] = []
  let facts = 0
  for (const line of lines) {
    texts.push(line.text)
    facts += line.facts
    if (facts < factsABody) continue
    yield { text: texts.join('\n'), lines: texts.length, facts, share: line.share }
    texts = []
    facts = 0
  }
  if (facts > 0) yield { text: texts.join('\n'), lines: texts.length, facts, share: 1 }
}

const underWay = 6
const againShare = 0.1
const thriceShare = 0.4

/** A few bodies are under way at a time and arrive in any order; some come again. */
function* retold(packs: Iterable<Pack>, chance: Chance): Generator<DemoBody> {
  const waiting: { readonly pack: Pack; told: number }[] = []
  const encoder = new TextEncoder()
  let turn = 0
  function* arrive(untilLeft: number): Generator<DemoBody> {
    while (waiting.length > untilLeft) {
      turn++
      const place = Math.floor(chance('order', turn) * waiting.length)
      const [body] = waiting.splice(place, 1)
      if (body === undefined) return
      const { text, ...pack } = body.pack
      yield { ...pack, bytes: encoder.encode(text), isRetry: body.told > 0 }
      body.told++
      const again = [againShare, thriceShare][body.told - 1] ?? 0
      if (chance('retry', turn) < again) waiting.push(body)
    }
  }
  for (const pack of packs) {
    waiting.push({ pack, told: 0 })
    yield* arrive(underWay)
  }
  yield* arrive(0)
}

/** The entry of a map, made where it is missing. */
const entryOf = <K, V>(entries: Map<K, V>, key: K, make: () => V): V => {
  const known = entries.get(key)
  if (known !== undefined) return known
  const made = make()
  entries.set(key, made)
  return made
}
