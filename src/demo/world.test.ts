// The made-up fortnight: the same from the same seed, taken whole by the ingest rules, and true to
// what it claims: every platform and channel, day and night, funnels, gaps, late receipts, retries.
import { describe, expect, it } from 'vitest'
import { buffers } from '../../test/support/buffers.ts'
import { readerHere } from '../ingest/body/parser.ts'
import { openIngest, type Summary } from '../ingest/ingest.ts'
import { CHANNEL_NAMES, KINDS, PLATFORMS, STAGES } from '../ledger/channel.ts'
import { openZone } from '../ledger/day.ts'
import { DEVICE_EVENTS } from '../ledger/event-batch.ts'
import { parseMsgId } from '../ledger/ids.ts'
import { type App, defaultStoreSettings, type Store } from '../ledger/store.ts'
import { openMemory } from '../store/memory/store.ts'
import { type DemoBody, type DemoSettings, type DemoWorld, demoWorld } from './world.ts'

const settings: DemoSettings = {
  seed: 1,
  // A Monday noon in Shanghai.
  nowMs: Date.parse('2026-03-16T12:34:56.789+08:00'),
  devices: 1500,
  timeZone: 'Asia/Shanghai',
}
const day = 86_400_000
const hour = 3_600_000

interface Line {
  readonly type: string
  readonly msg_id?: string
  readonly platform: string
  readonly channel?: string
  readonly kind?: string
  readonly time: number
  readonly registration_ids: readonly string[]
}

const linesOf = (bodies: Iterable<DemoBody>): Line[] =>
  [...bodies].flatMap(({ bytes }) =>
    new TextDecoder()
      .decode(bytes)
      .split('\n')
      .map((line) => JSON.parse(line) as Line),
  )

const appOf = (timeZone: string): App => ({ id: 1, zone: openZone(timeZone)! })

/** Tells the bodies to a fresh memory engine. */
const tell = async (
  { nowMs, timeZone }: DemoSettings,
  bodies: Iterable<DemoBody>,
): Promise<{ store: Store; app: App; summaries: Summary[] }> => {
  const store = openMemory(defaultStoreSettings)
  const ingest = openIngest(store, readerHere({ keepDays: 31, lineDevicesMax: 10_000 }, buffers))
  const app = appOf(timeZone)
  const summaries: Summary[] = []
  for (const { bytes } of bodies) summaries.push(await ingest(app, bytes, nowMs))
  return { store, app, summaries }
}

const world = demoWorld(settings)
const lines = linesOf(world.bodies())
const valuesOf = (member: (line: Line) => string | undefined): Set<string | undefined> =>
  new Set(lines.map(member))

describe('pure', () => {
  const bytesOf = (different: Partial<DemoSettings>): Buffer =>
    Buffer.concat(
      [...demoWorld({ ...settings, devices: 200, ...different }).bodies()].map((b) => b.bytes),
    )

  it('the same seed and the same now: the same bytes', () => {
    expect(bytesOf({}).equals(bytesOf({}))).toBe(true)
  })

  it.each([{ seed: 2 }, { nowMs: settings.nowMs + 3_600_000 }])(
    '%j: another world',
    (different) => {
      expect(bytesOf({}).equals(bytesOf(different))).toBe(false)
    },
  )

  it('hands out fresh bytes each time, as who takes them in may write over them', () => {
    for (const { bytes } of world.bodies()) bytes.fill(0)
    expect(linesOf(world.bodies())).toEqual(lines)
  })
})

describe('is taken whole', () => {
  const cases: readonly Partial<DemoSettings>[] = [
    {},
    { seed: 4_294_967_295 },
    { seed: 0, devices: 100 },
    { nowMs: Date.parse('2026-03-16T00:00:00+08:00') },
    { nowMs: Date.parse('2026-03-15T23:59:59.999+08:00') },
    { timeZone: 'Asia/Kolkata' },
    // The clock goes forward within the fortnight, then back.
    { timeZone: 'America/New_York' },
    { timeZone: 'America/New_York', nowMs: Date.parse('2026-11-05T12:00:00-05:00') },
  ]
  it.each(cases)('%j', async (different) => {
    const chosen = { ...settings, devices: 300, ...different }
    const { summaries } = await tell(chosen, demoWorld(chosen).bodies())
    expect(summaries.filter(({ refused }) => refused > 0)).toEqual([])
    const all = linesOf(demoWorld(chosen).bodies())
    const ages = all.map(({ time }) => chosen.nowMs - time)
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(0)
    const pushed = all.filter(({ msg_id }) => msg_id !== undefined).map(({ time }) => time)
    expect(chosen.nowMs - Math.min(...pushed)).toBeLessThan(31 * day)
    expect(Math.max(...ages)).toBeLessThan(62 * day)
  })

  it('and tells how much each body holds', async () => {
    const bodies = [...world.bodies()]
    const told = bodies.map(({ lines, facts }) => ({ lines, facts }))
    const held = bodies.map((body) => linesOf([body]))
    expect(told).toEqual(
      held.map((each) => ({
        lines: each.length,
        facts: each.reduce((sum, { registration_ids }) => sum + registration_ids.length, 0),
      })),
    )
    expect(Math.max(...bodies.map(({ share }) => share))).toBe(1)
  })
})

describe('has everything', () => {
  it('platforms, channels, kinds, stages', () => {
    expect(valuesOf(({ platform }) => platform)).toEqual(new Set(PLATFORMS))
    expect(valuesOf(({ channel }) => channel)).toEqual(new Set([undefined, ...CHANNEL_NAMES]))
    expect(valuesOf(({ kind }) => kind)).toEqual(new Set([undefined, ...KINDS]))
    expect(valuesOf(({ type }) => type)).toEqual(new Set([...DEVICE_EVENTS, ...STAGES]))
  })

  it('pushes of every sort, with ids of 17 and 18 digits', () => {
    const sorts = new Set(world.pushes.map(({ name }) => name.replace(/:.*/, '')))
    const all = ['Broadcast', 'Chat', 'Flash sale', 'Message', 'Order', 'Segment']
    expect([...sorts].sort()).toEqual(all)
    expect(new Set(world.pushes.map(({ msgId }) => msgId.length))).toEqual(new Set([17, 18]))
    expect(new Set(world.pushes.map(({ msgId }) => msgId)).size).toBe(world.pushes.length)
    expect(world.pushes.filter(({ name }) => name.startsWith('Broadcast'))).toHaveLength(14)
  })

  it('silent devices, devices reached on two channels, receipts days later', () => {
    const [sale] = world.pushes.filter(({ name }) => name.startsWith('Flash sale'))
    const journeys = world.devices.map((device) => ({
      device,
      ways: world.journey(sale!, device),
    }))
    const silent = journeys.filter(({ device }) => device.isSilent)
    expect(silent.length).toBeGreaterThan(0)
    const stages = silent.flatMap(({ ways }) => ways.flatMap(({ steps }) => steps))
    expect(new Set(stages.map(({ stage }) => stage))).toEqual(new Set(['target', 'sent']))
    const notes = journeys.map(({ ways }) => ways.filter(({ kind }) => kind === 'notification'))
    expect(notes.filter(({ length }) => length === 2).length).toBeGreaterThan(0)
    const delays = journeys.flatMap(({ ways }) => ways.flatMap(({ steps }) => steps))
    expect(delays.filter(({ delayMs }) => delayMs > day).length).toBeGreaterThan(0)
  })
})

describe('is believable', () => {
  const journeys = (): readonly ReturnType<DemoWorld['journey']>[number][] =>
    world.pushes
      .filter(({ to }) => typeof to === 'number')
      .flatMap((push) => world.devices.flatMap((device) => world.journey(push, device)))

  it('on each way stages and times rise, and a click follows a receipt where there are any', () => {
    const reporting = new Set(
      journeys().flatMap(({ channel, steps }) =>
        steps.some(({ stage }) => stage === 'received') ? [channel] : [],
      ),
    )
    const gaps = CHANNEL_NAMES.filter((channel) => !reporting.has(channel))
    expect(gaps).toEqual(['fcm', 'asus', 'nio', 'mpns'])
    for (const { channel, steps } of journeys()) {
      const stages = steps.map(({ stage }) => stage)
      expect(stages[0]).toBe('target')
      expect(stages).toEqual([...STAGES].filter((stage) => stages.includes(stage)))
      const delays = steps.map(({ delayMs }) => delayMs)
      expect(delays).toEqual(delays.toSorted((a, b) => a - b))
      if (stages.includes('click') && reporting.has(channel)) expect(stages).toContain('received')
    }
  })

  it('the flash sale: click ≤ display ≤ received ≤ sent ≤ target on every track', async () => {
    const { msgId } = world.pushes.find(({ name }) => name.startsWith('Flash sale'))!
    const devices = new Map<string, Set<string>>()
    for (const { type, msg_id, channel, kind, platform, registration_ids } of lines) {
      if (msg_id !== msgId) continue
      const track = `${platform} ${channel} ${kind} ${type}`
      const held = devices.get(track) ?? new Set()
      devices.set(track, held)
      for (const id of registration_ids) held.add(id)
    }
    const sizeOf = (track: string, stage: string) => devices.get(`${track} ${stage}`)?.size ?? 0
    const tracks = [...devices.keys()].filter((name) => name.endsWith(' target'))
    for (const track of tracks.map((name) => name.replace(/ target$/, ''))) {
      const funnel = ['target', 'sent', 'received', 'display', 'click'].map((s) => sizeOf(track, s))
      const reported = funnel.filter((size) => size > 0)
      expect(reported, track).toEqual(reported.toSorted((a, b) => b - a))
    }
    expect(sizeOf('android jpush notification', 'click')).toBeGreaterThan(0)
  })

  it('people sleep at night, get up later at the weekend, and become more', async () => {
    const { store, app } = await tell(settings, world.bodies())
    const hourOf = (text: string) => app.zone.hourOf(Date.parse(`${text}:00:00+08:00`))
    const at = async (text: string): Promise<{ online: number; active: number }> => {
      const [users] = await store.users(app, [{ unit: 'HOUR', hour: hourOf(text) }])
      return users!.android
    }
    const [night, evening] = [await at('2026-03-12T04'), await at('2026-03-12T21')]
    expect(evening.online).toBeGreaterThan(2 * night.online)
    expect(evening.active).toBeGreaterThan(5 * night.active)
    const early = async (...days: string[]): Promise<number> => {
      const hours = days.flatMap((each) => ['06', '07', '08'].map((clock) => `${each}T${clock}`))
      const users = await Promise.all(hours.map(at))
      return users.reduce((sum, { active }) => sum + active, 0)
    }
    const weekday = await early('2026-03-12', '2026-03-13')
    const weekend = await early('2026-03-14', '2026-03-15')
    expect(weekday).toBeGreaterThan(1.2 * weekend)
    const joined = (from: number, to: number) =>
      world.devices.filter(({ joinedMs }) => {
        const daysAgo = (settings.nowMs - joinedMs) / day
        return from < daysAgo && daysAgo < to
      }).length
    expect(joined(1, 4)).toBeGreaterThan(joined(10, 13))
    expect(joined(14, 45)).toBeGreaterThan(joined(0, 14))
  })

  it('nobody is told of before being installed', () => {
    const joinedMs = new Map(world.devices.map((device) => [device.id, device.joinedMs]))
    const early = lines.filter(
      ({ msg_id, time, registration_ids }) =>
        msg_id !== undefined && registration_ids.some((id) => time < joinedMs.get(id)!),
    )
    expect(early).toEqual([])
    const presence = lines.filter(({ type }) => type === 'online')
    const tooEarly = presence.filter(({ time, registration_ids }) =>
      registration_ids.some((id) => time + hour < joinedMs.get(id)!),
    )
    expect(tooEarly).toEqual([])
  })
})

describe('retries', () => {
  const bodies = () => [...world.bodies()]
  const textOf = ({ bytes }: DemoBody): string => new TextDecoder().decode(bytes)

  it('come twice or thrice, out of order, and are told as such', () => {
    const times = new Map<string, number>()
    for (const body of bodies()) {
      expect(body.isRetry).toBe(times.has(textOf(body)))
      times.set(textOf(body), (times.get(textOf(body)) ?? 0) + 1)
    }
    expect(new Set(times.values())).toEqual(new Set([1, 2, 3]))
    const shares = bodies().map(({ share }) => share)
    expect(shares).not.toEqual(shares.toSorted((a, b) => a - b))
  })

  it('change no answer', async () => {
    const [all, once] = await Promise.all([
      tell(settings, world.bodies()),
      tell(
        settings,
        bodies().filter(({ isRetry }) => !isRetry),
      ),
    ])
    const repeated = ({ summaries }: typeof all) =>
      summaries.reduce((sum, summary) => sum + (summary.repeated ?? 0), 0)
    expect(repeated(once)).toBe(0)
    expect(repeated(all)).toBeGreaterThan(0)
    const ids = world.pushes.map(({ msgId }) => parseMsgId(msgId)!)
    const answers = async ({ store, app }: typeof all) => {
      const last = app.zone.hourOf(settings.nowMs)
      const slots = Array.from({ length: 14 * 24 }, (_, i) => last - i).map(
        (slot) => ({ unit: 'HOUR', hour: slot }) as const,
      )
      const counts = await store.counts(app, ids, settings.nowMs)
      return {
        counts: counts.map((each) => Array.from(each)),
        users: await store.users(app, slots),
      }
    }
    expect(await answers(all)).toEqual(await answers(once))
  })
})
