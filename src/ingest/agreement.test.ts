// Both readers of a line against a third: a naive one, made here from lossless-json and the words
// of the reference page, that shares no code with them. It is asked about random lines, whole and
// broken.
import fc from 'fast-check'
import { isLosslessNumber, parse } from 'lossless-json'
import { expect, it } from 'vitest'
import { buffers } from '../../test/support/buffers.ts'
import { stageOf, trackOf } from '../ledger/channel.ts'
import { openZone } from '../ledger/day.ts'
import { deviceAt, type Told } from '../ledger/event-batch.ts'
import type { Store } from '../ledger/store.ts'
import { openMemory } from '../store/memory/store.ts'
import { readerHere } from './body/parser.ts'
import { openIngest } from './ingest.ts'

const nowMs = Date.UTC(2026, 0, 31, 12)
const day = 86_400_000
const lineDevicesMax = 3
const settings = { lineDevicesMax, keepDays: 31 }
const reader = readerHere(settings, buffers)

const served: Record<string, string[]> = Object.assign(Object.create(null), {
  jpush: ['android', 'ios', 'winphone', 'hmos', 'quickapp'],
  ...Object.fromEntries(['xm', 'hw', 'oppo'].map((name) => [name, ['android', 'quickapp']])),
  ...Object.fromEntries(
    ['honor', 'mz', 'vivo', 'fcm', 'asus', 'nio'].map((name) => [name, ['android']]),
  ),
  apns: ['ios'],
  mpns: ['winphone'],
  hmpns: ['hmos'],
})
const aliases: Record<string, string> = { xiaomi: 'xm', huawei: 'hw', meizu: 'mz' }
const stages = ['target', 'online_push', 'sent', 'received', 'display', 'click']
const deviceTypes = ['register', 'online', 'active']

/** The code of refusal, or a word for each fact. */
const naive = (line: Uint8Array): string | string[] => {
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line)
    value = parse(text, null, { onDuplicateKey: ({ newValue }) => newValue })
  } catch {
    return 'bad_json'
  }
  if (typeof value !== 'object' || value === null) return 'bad_json'
  if (Array.isArray(value) || isLosslessNumber(value)) return 'bad_json'
  const event = new Map(Object.entries(value).filter(([, member]) => member !== null))
  const type = event.get('type') as string
  const isDevice = deviceTypes.includes(type)
  if (!isDevice && !stages.includes(type)) return 'bad_type'
  const told = event.get('msg_id')
  const msgId = isLosslessNumber(told) ? told.value : told
  if (!isDevice) {
    if (typeof msgId !== 'string' || !/^[1-9]\d{0,18}$/.test(msgId)) return 'bad_msg_id'
    if (BigInt(msgId) >= 2n ** 63n) return 'bad_msg_id'
  }
  const ids = naiveIds(event)
  if (ids === undefined) return 'bad_registration_id'
  const way = naiveWay(event, isDevice)
  if (way.startsWith('bad_')) return way
  const atMs = event.has('time') ? naiveTime(event.get('time')) : nowMs
  if (atMs === undefined) return 'bad_time'
  if (atMs > nowMs + 300_000) return 'time_in_future'
  // The app is in UTC.
  const today = Math.floor(nowMs / day)
  const first = type === 'register' ? Date.UTC(2009, 0, 1) : (today - (isDevice ? 62 : 31)) * day
  if (atMs < first) return 'time_too_old'
  if (ids.length > lineDevicesMax) return 'too_many_ids'
  const words = `${isDevice ? '' : `${msgId} `}${way} ${type} ${atMs}`
  return ids.map((id) => `${words} ${JSON.stringify(id)}`)
}

const naiveIds = (event: Map<string, unknown>): string[] | undefined => {
  if (event.has('registration_id') === event.has('registration_ids')) return undefined
  const ids = event.has('registration_id')
    ? [event.get('registration_id')]
    : event.get('registration_ids')
  if (!Array.isArray(ids) || ids.length === 0) return undefined
  const isGood = (id: unknown): boolean =>
    typeof id === 'string' &&
    !/\p{Surrogate}/u.test(id) &&
    !/\p{Cc}/u.test(id) &&
    id !== '' &&
    Buffer.byteLength(id) <= 512
  return ids.every(isGood) ? (ids as string[]) : undefined
}

const naiveWay = (event: Map<string, unknown>, isDevice: boolean): string => {
  const platforms = served['jpush'] as unknown[]
  const named = event.get('channel')
  const channel = typeof named === 'string' ? (aliases[named] ?? named) : named
  const known = typeof channel === 'string' ? served[channel] : undefined
  const implied = !isDevice && known !== undefined && channel !== 'jpush' ? known[0] : undefined
  const platform = event.get('platform') ?? implied
  if (!platforms.includes(platform)) return 'bad_platform'
  if (isDevice) return String(platform)
  if (event.has('channel') && !known?.includes(String(platform))) return 'bad_channel'
  const kind = event.get('kind')
  if (event.has('kind') && kind !== 'message' && kind !== 'notification') return 'bad_kind'
  const own = { ios: 'apns', winphone: 'mpns', hmos: 'hmpns' }[String(platform)] ?? 'jpush'
  const by = channel ?? (kind === 'message' ? 'jpush' : own)
  if (platform !== 'ios' || by !== 'jpush') return `${platform} ${by} ${kind ?? 'notification'}`
  return kind === 'notification' ? 'bad_kind' : 'ios jpush message'
}

const naiveTime = (time: unknown): number | undefined => {
  if (isLosslessNumber(time)) return /[.e]/i.test(time.value) ? undefined : Number(time.value)
  const shape = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i
  const match = typeof time === 'string' ? shape.exec(time) : null
  if (match === null) return undefined
  const [, date, clock = '', fraction = '', offset = ''] = match
  const midnight = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== date)
    return undefined
  const leaps = clock.endsWith(':60')
  const text = `${date}T${leaps ? `${clock.slice(0, 6)}59` : clock}${offset.toUpperCase()}`
  if (clock.startsWith('24')) return undefined
  const seconds = Date.parse(text)
  if (Number.isNaN(seconds)) return undefined
  if (leaps && (seconds + 1000) % day !== 0) return undefined
  return seconds + (leaps ? 1000 : 0) + Number(`${fraction.slice(1)}000`.slice(0, 3))
}

interface Verdict {
  /** `line code`, for each line that is refused. */
  readonly refused: readonly string[]
  /** In words, in the order told. */
  readonly facts: readonly string[]
}

/** What the naive reader makes of each of these lines. */
const expectedOf = (lines: readonly (string | string[])[]): Verdict => ({
  refused: lines.flatMap((told, i) => (typeof told === 'string' ? [`${i + 1} ${told}`] : [])),
  facts: lines.flatMap((told) => (typeof told === 'string' ? [] : told)),
})

/** What ingest makes of a body. */
const taken = async (body: Uint8Array): Promise<Verdict> => {
  let told: Told | undefined
  const append: Store['append'] = async (_app, what) => {
    told = what
    return { repeated: 0 }
  }
  const store: Store = Object.assign(openMemory(), { append })
  const app = { id: 1, zone: openZone('UTC')! }
  const { errors } = await openIngest(store, reader)(app, body, nowMs)
  const refused = errors.map(({ line, code }) => `${line} ${code}`)
  return { refused, facts: told === undefined ? [] : wordsOf(told) }
}

/** A word for each fact. */
const wordsOf = ({ devices, eventOf, events }: Told): string[] =>
  [...eventOf].map((number, i) => {
    const event = events[number]!
    const tail = `${event.atMs} ${JSON.stringify(deviceAt(devices, i))}`
    if (event.about !== 'message') return `${event.platform} ${event.about} ${tail}`
    const { platform, channel, kind } = trackOf(event.cell)
    return `${event.msgId} ${platform} ${channel} ${kind} ${stageOf(event.cell)} ${tail}`
  })

const often = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd })

/** A string of JSON, some of its characters in escapes. */
const jsonText = (text: string): fc.Arbitrary<string> =>
  often(
    fc.constant(JSON.stringify(text)),
    fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map((escaped) => {
      const unit = (at: number): string =>
        escaped[at]
          ? `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`
          : (text[at] ?? '').replace(/["\\\p{Cc}]/u, (c) => JSON.stringify(c).slice(1, -1))
      return `"${Array.from({ length: text.length }, (_, at) => unit(at)).join('')}"`
    }),
  )

const anyText = fc.string({ unit: 'binary', maxLength: 8 }).chain(jsonText)
const anything = fc.oneof(
  anyText,
  fc.json({ maxDepth: 2 }),
  fc.constantFrom(
    'null',
    'true',
    '5',
    '-5',
    '0',
    '1.0',
    '1e3',
    '""',
    '[]',
    '{}',
    '01',
    '-',
    '"\t"',
  ),
)
const word = (...words: string[]): fc.Arbitrary<string> =>
  often(fc.constantFrom(...words).chain(jsonText), anything)

const id = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[ -~]{1,20}$/).chain(jsonText) },
  fc.string({ unit: 'grapheme', maxLength: 70 }).chain(jsonText),
  fc.constantFrom('__proto__', 'constructor', 'x'.repeat(512), 'x'.repeat(513)).chain(jsonText),
)
const ids = fc.array(often(id, anything), { maxLength: 4 }).map((list) => `[${list.join(' , ')}]`)
const number = fc.bigInt({ min: 1n, max: 2n ** 63n + 5n }).map(String)
const instant = fc.oneof(
  fc
    .tuple(
      fc.date({ min: new Date(nowMs - 70 * day), max: new Date(nowMs + day), noInvalidDate: true }),
      fc.constantFrom('Z', 'z', '+08:00', '-23:59', '+8:00', ''),
      fc.constantFrom('', '.1', '.12', '.123456', '.'),
    )
    .map(([date, offset, part]) => `"${date.toISOString().slice(0, 19)}${part}${offset}"`),
  fc.integer({ min: nowMs - 70 * day, max: nowMs + day }).map(String),
  fc.integer({ min: Date.UTC(2008, 11, 28), max: Date.UTC(2009, 0, 5) }).map(String),
  fc.constantFrom('"2026-01-30T23:59:60Z"', '"2026-01-30T12:59:60Z"', '"2026-01-32T00:00:00Z"'),
)

const values: Record<string, fc.Arbitrary<string>> = {
  type: word(...stages, ...deviceTypes),
  msg_id: often(fc.oneof(number, number.chain(jsonText)), anything),
  platform: word('android', 'ios', 'winphone', 'hmos', 'quickapp'),
  channel: word(...Object.keys(served), ...Object.keys(aliases)),
  kind: word('notification', 'message'),
  time: often(instant, anything),
  registration_id: often(id, anything),
  registration_ids: often(ids, anything),
}
const member = (name: string): fc.Arbitrary<string[]> =>
  fc.tuple(jsonText(name), values[name] ?? anything).map(([key, value]) => [`${key}:${value}`])
const maybe = (name: string, weight: number): fc.Arbitrary<string[]> =>
  fc.oneof({ weight, arbitrary: member(name) }, { weight: 1, arbitrary: fc.constant<string[]>([]) })
const blank = fc.constantFrom('', '', '', ' ', '\t', '\r', '  ')

const eventText = fc
  .tuple(
    fc.tuple(maybe('type', 30), maybe('msg_id', 20), maybe('platform', 4), maybe('channel', 1)),
    fc.tuple(maybe('kind', 1), maybe('time', 1)),
    fc.oneof(
      { weight: 8, arbitrary: member('registration_id') },
      { weight: 8, arbitrary: member('registration_ids') },
      { weight: 1, arbitrary: fc.constant<string[]>([]) },
    ),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant<string[]>([]) },
      {
        weight: 2,
        arbitrary: fc.tuple(anyText, anything).map(([key, value]) => [`${key}:${value}`]),
      },
      { weight: 1, arbitrary: fc.constantFrom(...Object.keys(values)).chain(member) },
    ),
  )
  .chain(([a, b, c, d]) =>
    fc.tuple(
      fc.shuffledSubarray([...a.flat(), ...b.flat(), ...c, ...d], {
        minLength: [...a.flat(), ...b.flat(), ...c, ...d].length,
      }),
      fc.array(blank, { minLength: 4, maxLength: 4 }),
    ),
  )
  .map(
    ([members, [b1 = '', b2 = '', b3 = '', b4 = '']]) =>
      `{${b1}${members.join(`${b2},${b3}`)}${b4}}`,
  )

interface Change {
  at: number
  drop: number
  put: Uint8Array
}

const mutation: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(400),
  drop: fc.nat(2),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 2 }),
    fc
      .constantFrom('"', ',', '\\', '}', '{', ']', '[', ':', 'null', '0', '.', 'e')
      .map((text) => Buffer.from(text)),
  ),
})
const mutated = (text: string, changes: Change[]): Buffer =>
  changes.reduce((line, { at, drop, put }) => {
    const place = at % (line.length + 1)
    return Buffer.concat([line.subarray(0, place), put, line.subarray(place + drop)])
  }, Buffer.from(text))

const line = fc
  .tuple(
    eventText,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<Change[]>([]) },
      { weight: 2, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 2 }) },
    ),
  )
  .map(([text, changes]) => mutated(text, changes))
  // What makes it more or less than one line, or the body an array, is asked elsewhere.
  .filter((bytes) => !bytes.includes(0x0a) && /^[^\s[]/.test(bytes.toString('latin1')))

/** A line, and then ones of nearly its shape: other digits, longer or shorter values, now and then broken. */
const feed = fc
  .tuple(
    fc.oneof(
      eventText,
      line.map((bytes) => bytes.toString('latin1')),
    ),
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.array(fc.tuple(fc.nat(), fc.stringMatching(/^\d{0,3}$/))) },
        { weight: 1, arbitrary: fc.array(mutation, { maxLength: 2 }) },
      ),
      { maxLength: 5 },
    ),
  )
  .map(([text, others]) => [
    Buffer.from(text, 'latin1'),
    ...others.map((changes) =>
      changes.reduce<Buffer>(
        (bytes, change) => {
          if (!Array.isArray(change)) return mutated(bytes.toString('latin1'), [change])
          const [at, digits] = change
          const places = [...bytes.keys()].filter((i) =>
            /\d/.test(String.fromCharCode(bytes[i] ?? 0)),
          )
          const place = places[at % Math.max(1, places.length)] ?? 0
          const put = Buffer.from(digits)
          return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + 1)])
        },
        Buffer.from(text, 'latin1'),
      ),
    ),
  ])
  .map((lines) =>
    lines.filter((each) => !each.includes(0x0a) && /^[^\s[]/.test(each.toString('latin1'))),
  )

it('agrees with the naive reader on lines of one shape', { timeout: 120_000 }, async () => {
  let taking = 0
  await fc.assert(
    fc.asyncProperty(fc.array(feed, { minLength: 1, maxLength: 6 }), async (feeds) => {
      const lines = feeds.flat()
      const verdict = await taken(
        Buffer.concat(lines.flatMap((bytes) => [bytes, Buffer.from('\n')])),
      )
      const expected = expectedOf(lines.map(naive))
      taking += expected.facts.length
      expect(verdict).toEqual(expected)
    }),
    { numRuns: 1500, seed: Number(process.env['FC_SEED'] ?? 1) },
  )
  expect(taking).toBeGreaterThan(500)
})

it('agrees with the naive reader', { timeout: 120_000 }, async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
      const expected = lines.map(naive)
      for (const verdict of expected) {
        const code = typeof verdict === 'string' ? verdict : 'taken'
        seen.set(code, (seen.get(code) ?? 0) + 1)
      }
      const newline = Buffer.from('\n')
      const verdict = await taken(Buffer.concat(lines.flatMap((bytes) => [bytes, newline])))
      expect(verdict).toEqual(expectedOf(expected))
    }),
    // One seed, so that every code is met; FC_SEED tries another.
    { numRuns: 400, seed: Number(process.env['FC_SEED'] ?? 1) },
  )
  expect([...seen.keys()].sort()).toEqual(
    ['bad_channel', 'bad_json', 'bad_kind', 'bad_msg_id', 'bad_platform', 'bad_registration_id']
      .concat(['bad_time', 'bad_type', 'taken', 'time_in_future', 'time_too_old', 'too_many_ids'])
      .sort(),
  )
})

it('reads an array as it reads lines', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(eventText, { maxLength: 20 }),
      fc.constantFrom('', ' ', '\n'),
      async (lines, gap) => {
        const byLine = await taken(Buffer.from(lines.join('\n')))
        const whole = lines.map((text) => naive(Buffer.from(text)))
        // Values of the generator that are no JSON may carry brackets that do not close.
        fc.pre(!whole.includes('bad_json'))
        const byArray = await taken(
          Buffer.from(`${gap}[${gap}${lines.join(`${gap},${gap}`)}${gap}]${gap}`),
        )
        expect(byArray).toEqual(byLine)
      },
    ),
    { numRuns: 150 },
  )
})
