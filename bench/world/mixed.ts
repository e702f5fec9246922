// A service with many customers: fifty apps, two thousand messages, both of Zipf sizes, all on their
// way at once. Targets come grouped, receipts one by one, a body holds facts of one app; some receipts
// are days late, and one line in twenty repeats an earlier one.
import { type Random, scattered, seeded } from './random.ts'
import { cellOf, channels, openTable, type StageName } from './table.ts'
import { type World, warmed } from './world.ts'

const apps = 50
const messages = 2_000
const repeats = 0.05
const late = 0.05
const lateDays = 10
const dayMs = 86_400_000
const bodyFacts = 10_000
const runOfTargets = 500
const receivedOfTen = 7
const clickedOfTen = 1
const factsADevice = (10 + receivedOfTen + clickedOfTen) / 10

interface Message {
  readonly app: number
  readonly msg: bigint
  readonly devices: number
  readonly device: (i: number) => number
  /** Facts told so far, of targets first, then of receipts, then of clicks. */
  told: number
}

const zipf = (count: number): number[] => {
  const weights = Array.from({ length: count }, (_, i) => 1 / (i + 1))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / all)
}

const messagesOf = (facts: number, largest: number, random: Random): Message[] =>
  zipf(messages).map((weight, n) => {
    const app = Math.floor(random() ** 2 * apps)
    const members = Math.max(10, Math.floor(largest / (app + 1)))
    const wanted = Math.floor((facts * weight) / factsADevice)
    return {
      app,
      msg: 50_000_000_000_000_000n + BigInt(n) * 1_000_003n,
      devices: Math.min(members, Math.max(1, wanted)),
      device: scattered(members, random),
      told: 0,
    }
  })

/** The next fact of a message: its stage and which of its devices; undefined when all is told. */
const nextOf = (message: Message): { stage: StageName; i: number } | undefined => {
  const { devices } = message
  const received = Math.floor((devices * receivedOfTen) / 10)
  const clicked = Math.floor((devices * clickedOfTen) / 10)
  const n = message.told++
  if (n < devices) return { stage: 'target', i: n }
  if (n < devices + received) return { stage: 'received', i: n - devices }
  if (n < devices + received + clicked) return { stage: 'click', i: n - devices - received }
  return undefined
}

/** Fills a table body by body; returns how many facts are repeats. */
const fill = (
  all: readonly Message[],
  table: ReturnType<typeof openTable>,
  random: Random,
  atMs: number,
) => {
  let repeated = 0
  const earlier = Array.from({ length: apps }, (): number[] => [])
  const open = Array.from({ length: apps }, (_, app) =>
    all.filter((message) => message.app === app),
  )
  const momentOf = (stage: StageName): number => {
    if (stage === 'target') return atMs - dayMs * lateDays
    const days = random() < late ? Math.floor(random() * lateDays) : 0
    return atMs - days * dayMs - Math.floor(random() * 3_600_000)
  }
  const tellOne = (app: number, message: Message): boolean => {
    const seen = earlier[app] as number[]
    if (seen.length > 0 && random() < repeats) {
      table.repeat(seen[Math.floor(random() * seen.length)] as number)
      repeated++
    }
    const next = nextOf(message)
    if (next === undefined) return false
    const device = message.device(next.i)
    seen.push(table.length)
    const cell = cellOf(next.stage, device % channels.length)
    table.add(app, message.msg, cell, device, momentOf(next.stage))
    return true
  }
  const body = (app: number): void => {
    const left = open[app] as Message[]
    const end = table.length + bodyFacts
    while (left.length > 0 && table.length < end) {
      const at = Math.floor(random() * left.length)
      const message = left[at] as Message
      const run = message.told < message.devices ? runOfTargets : 1
      for (let n = 0; n < run && table.length < end; n++) {
        if (tellOne(app, message)) continue
        left.splice(at, 1)
        break
      }
    }
  }
  while (open.some((left) => left.length > 0)) {
    for (const app of open.keys()) body(app)
  }
  return repeated
}

export const mixed = (facts: number, largestApp: number, atMs: number): World => {
  const random = seeded(3)
  const all = messagesOf(facts, largestApp, random)
  const table = openTable(facts * 2 + messages * 10)
  const repeated = fill(all, table, random, atMs)
  const told = table.close()
  return {
    title: `mixed: ${apps} apps of up to ${largestApp.toLocaleString('en')} devices, ${messages.toLocaleString('en')} messages`,
    apps,
    devicesALine: 1_000,
    parts: warmed(told, 'targets grouped, receipts one by one, 5 % repeated'),
    distinct: told.length - repeated,
    weighed: { what: 'fact', count: told.length },
  }
}
