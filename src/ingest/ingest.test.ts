// The rules of a line and of a body, as tables where one line is a rule of the reference page.
import { describe, expect, it } from 'vitest'
import { buffers } from '../../test/support/buffers.ts'
import { stageOf, trackOf } from '../ledger/channel.ts'
import { openZone } from '../ledger/day.ts'
import { deviceAt, type Told } from '../ledger/event-batch.ts'
import { Fault } from '../ledger/fault.ts'
import { parseMsgId, parseRegistrationId } from '../ledger/ids.ts'
import type { RefusalCode } from '../ledger/refusal.ts'
import type { App, Store } from '../ledger/store.ts'
import { openMemory } from '../store/memory/store.ts'
import { readerHere } from './body/parser.ts'
import { defaultIngestSettings, type Ingested, openIngest, type Summary } from './ingest.ts'

const zone = openZone('Asia/Shanghai')!
const app: App = { id: 1, zone }
const nowMs = Date.UTC(2026, 0, 31, 12)
const minute = 60_000
const day = 86_400_000

type Append = Store['append']
const storeOf = (append: Append): Store => Object.assign(openMemory(), { append })

/** What a body tells, in words, and the summary. */
const taken = async (
  body: string | Uint8Array,
  settings = defaultIngestSettings,
): Promise<{ summary: Summary; events: string[]; appended: Told[] }> => {
  const appended: Told[] = []
  const store = storeOf(async (_app, told) => {
    appended.push(told)
    return { repeated: 0 }
  })
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const summary = await openIngest(store, readerHere(settings, buffers))(app, bytes, nowMs)
  return { summary, events: appended.flatMap(wordsOf), appended }
}

/** A word for each fact. */
const wordsOf = ({ devices, eventOf, events }: Told): string[] =>
  [...eventOf].map((number, i) => {
    const event = events[number]!
    const id = deviceAt(devices, i)
    const at = event.atMs === nowMs ? 'now' : String(event.atMs)
    if (event.about !== 'message') return `${event.about} ${event.platform} ${at} ${id}`
    const { platform, channel, kind } = trackOf(event.cell)
    const way = `${platform} ${channel} ${kind} ${stageOf(event.cell)}`
    return `${event.msgId} ${way} ${at} ${id}`
  })

const sent = { type: 'sent', msg_id: '7', registration_id: 'd', platform: 'android' }
const online = { type: 'online', registration_id: 'd', platform: 'ios' }
const line = (members: object): string => JSON.stringify({ ...sent, ...members })
/** A line that only the slow reader takes: a member that means nothing, with something nested. */
const slowly = (text: string): string => text.replace(/\}$/, ',"x":{"y":[1.5]}}')

/** A line with a fault is told so by both readers. */
const expectRefused = async (text: string, code: RefusalCode, word: string): Promise<void> => {
  for (const body of [text, slowly(text)]) {
    const { summary, events } = await taken(body)
    expect(summary).toMatchObject({
      accepted: 0,
      repeated: 0,
      refused: 1,
      errors: [{ line: 1, code }],
    })
    expect(summary.errors[0]?.message).toContain(word)
    expect(events).toEqual([])
  }
}

const expectTaken = async (text: string, ...told: string[]): Promise<void> => {
  for (const body of [text, slowly(text)]) {
    const { summary, events } = await taken(body)
    expect(summary.errors).toEqual([])
    expect(events).toEqual(told)
  }
}

describe('the way of a message', () => {
  it.each([
    [{ platform: 'android' }, 'android jpush notification'],
    [{ platform: 'quickapp' }, 'quickapp jpush notification'],
    [{ platform: 'ios' }, 'ios apns notification'],
    [{ platform: 'winphone' }, 'winphone mpns notification'],
    [{ platform: 'hmos' }, 'hmos hmpns notification'],
    [{ platform: 'android', kind: 'message' }, 'android jpush message'],
    [{ platform: 'ios', kind: 'message' }, 'ios jpush message'],
    [{ platform: 'winphone', kind: 'message' }, 'winphone jpush message'],
    [{ platform: 'hmos', kind: 'message' }, 'hmos jpush message'],
    [{ platform: 'quickapp', kind: 'message' }, 'quickapp jpush message'],
    [{ platform: 'ios', channel: 'jpush' }, 'ios jpush message'],
    [{ platform: 'ios', channel: 'jpush', kind: 'message' }, 'ios jpush message'],
    [{ platform: 'ios', channel: 'apns', kind: 'message' }, 'ios apns message'],
    [{ platform: 'hmos', channel: 'jpush' }, 'hmos jpush notification'],
    [{ platform: null, channel: 'xm' }, 'android xm notification'],
    [{ platform: null, channel: 'xiaomi' }, 'android xm notification'],
    [{ platform: null, channel: 'hw' }, 'android hw notification'],
    [{ platform: null, channel: 'huawei', kind: 'message' }, 'android hw message'],
    [{ platform: null, channel: 'oppo' }, 'android oppo notification'],
    [{ platform: 'quickapp', channel: 'xm' }, 'quickapp xm notification'],
    [{ platform: 'quickapp', channel: 'hw' }, 'quickapp hw notification'],
    [{ platform: 'quickapp', channel: 'oppo' }, 'quickapp oppo notification'],
    [{ platform: null, channel: 'meizu' }, 'android mz notification'],
    [{ platform: null, channel: 'mz' }, 'android mz notification'],
    [{ platform: null, channel: 'honor' }, 'android honor notification'],
    [{ platform: null, channel: 'vivo' }, 'android vivo notification'],
    [{ platform: null, channel: 'fcm' }, 'android fcm notification'],
    [{ platform: null, channel: 'asus' }, 'android asus notification'],
    [{ platform: null, channel: 'nio' }, 'android nio notification'],
    [{ platform: null, channel: 'apns' }, 'ios apns notification'],
    [{ platform: null, channel: 'mpns' }, 'winphone mpns notification'],
    [{ platform: null, channel: 'hmpns' }, 'hmos hmpns notification'],
    [{ platform: 'android', channel: null, kind: null, time: null }, 'android jpush notification'],
  ])('%j goes by %s', async (members, way) => {
    await expectTaken(line(members), `7 ${way} sent now d`)
  })

  it.each(['target', 'online_push', 'sent', 'received', 'display', 'click'])('%s', async (type) => {
    await expectTaken(line({ type }), `7 android jpush notification ${type} now d`)
  })
})

describe('an event about a device', () => {
  it.each(['register', 'online', 'active'])('%s', async (type) => {
    await expectTaken(JSON.stringify({ ...online, type }), `${type} ios now d`)
  })

  it.each([
    { channel: 'mz' },
    { channel: 'nothing' },
    { kind: 'nothing' },
    { msg_id: 'nothing' },
    { msg_id: 1.5, channel: 3, kind: [] },
    { msg_id: null },
  ])('ignores %j', async (members) => {
    await expectTaken(JSON.stringify({ ...online, ...members }), 'online ios now d')
  })
})

describe('values', () => {
  it.each([
    ['msg_id', '1', '1'],
    ['msg_id', '"58545795622195712"', '58545795622195712'],
    ['msg_id', '58545795622195713', '58545795622195713'],
    ['msg_id', '9223372036854775807', '9223372036854775807'],
    ['msg_id', '"9223372036854775807"', '9223372036854775807'],
  ])('%s %s is %s', async (name, text, id) => {
    const body = line({ [name]: 'HERE' }).replace('"HERE"', text)
    await expectTaken(body, `${id} android jpush notification sent now d`)
  })

  it.each([
    [nowMs - 5, nowMs - 5],
    [nowMs - 31 * day, nowMs - 31 * day],
    ['2025-12-31T00:00:00+08:00', Date.UTC(2025, 11, 30, 16)],
    [nowMs + 5 * minute, nowMs + 5 * minute],
    ['2026-01-31T12:00:00.001Z', nowMs + 1],
    ['2026-01-31t12:00:00.0019z', nowMs + 1],
    ['2026-01-31T20:00:00.5+08:00', nowMs + 500],
  ])('time %s', async (time, atMs) => {
    await expectTaken(line({ time }), `7 android jpush notification sent ${atMs} d`)
  })

  it('a device event may be 62 days old', async () => {
    const time = nowMs - 62 * day
    await expectTaken(JSON.stringify({ ...online, time }), `online ios ${time} d`)
  })

  it.each([
    '__proto__',
    'constructor',
    'toString',
    ' ',
    '中文',
    'a b"c\\d/',
    '\u{1f600}',
    'é'.repeat(64),
  ])('the id %j is an id like any other', async (id) => {
    await expectTaken(line({ registration_id: id }), `7 android jpush notification sent now ${id}`)
    const list = line({ registration_id: null, registration_ids: [id, 'x', id] })
    const told = [id, 'x', id].map((each) => `7 android jpush notification sent now ${each}`)
    await expectTaken(list, ...told)
  })

  it('ids written in escapes are read', async () => {
    const escaped = line({ registration_id: 'HERE' }).replace('HERE', '\\u00e9\\ud83d\\ude00\\/')
    await expectTaken(escaped, '7 android jpush notification sent now é\u{1f600}/')
  })

  it('of a member told twice the last counts', async () => {
    const rest = line({ time: nowMs - 1, msg_id: null }).slice(1)
    const twice = `{"msg_id":8,"msg_id":9,"time":1.5,${rest}`
    const { summary } = await taken(twice)
    expect(summary.errors[0]?.code).toBe('bad_msg_id')
    const named = `{"m\\u0073g_id":8,"msg_id":9,${line({ msg_id: undefined }).slice(1)}`
    expect((await taken(named)).events).toEqual(['9 android jpush notification sent now d'])
    const escaped = `{"msg_id":9,"m\\u0073g_id":8.0,${line({ msg_id: undefined }).slice(1)}`
    expect((await taken(escaped)).summary.errors[0]?.code).toBe('bad_msg_id')
  })

  it('unknown members are ignored, __proto__ too', async () => {
    const odd = `{"__proto__":{"type":"click"},"x":null,"y":-0.5e-3,"":true,${line({}).slice(1)}`
    await expectTaken(odd, '7 android jpush notification sent now d')
  })
})

describe('refusals', () => {
  const ids = (...registration_ids: unknown[]) => ({ registration_id: null, registration_ids })
  it.each([
    [{ type: 'opened' }, 'bad_type', 'type'],
    [{ type: null }, 'bad_type', 'type'],
    [{ type: 5 }, 'bad_type', 'type'],
    [{ type: '__proto__' }, 'bad_type', 'type'],
    [{ msg_id: null }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: 0 }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: -1 }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: ' 5' }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: '' }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: '05' }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: '9223372036854775808' }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: true }, 'bad_msg_id', 'msg_id'],
    [{ msg_id: ['5'] }, 'bad_msg_id', 'msg_id'],
    [{ registration_id: null }, 'bad_registration_id', 'registration_id'],
    [{ registration_id: '' }, 'bad_registration_id', '1 to 512 bytes'],
    [{ registration_id: 'x'.repeat(513) }, 'bad_registration_id', '1 to 512 bytes'],
    [{ registration_id: 'é'.repeat(257) }, 'bad_registration_id', '1 to 512 bytes'],
    [{ registration_id: 'a\nb' }, 'bad_registration_id', 'control'],
    [{ registration_id: '\u007f' }, 'bad_registration_id', 'control'],
    [{ registration_id: '\u0085' }, 'bad_registration_id', 'control'],
    [{ registration_id: '\ud800' }, 'bad_registration_id', 'UTF-8'],
    [{ registration_id: 5 }, 'bad_registration_id', 'text'],
    [{ registration_id: ['d'] }, 'bad_registration_id', 'text'],
    [{ registration_ids: ['e'] }, 'bad_registration_id', 'both'],
    [{ registration_id: null, registration_ids: 'd' }, 'bad_registration_id', 'array'],
    [{ registration_id: null, registration_ids: {} }, 'bad_registration_id', 'array'],
    [ids(), 'bad_registration_id', 'at least one'],
    [ids('a', ''), 'bad_registration_id', 'each of registration_ids'],
    [ids('a', null), 'bad_registration_id', 'each of registration_ids'],
    [ids('a', 5), 'bad_registration_id', 'each of registration_ids'],
    [{ platform: null }, 'bad_platform', 'platform must be given'],
    [{ platform: null, channel: 'jpush' }, 'bad_platform', 'platform must be given'],
    [{ platform: null, channel: 'nothing' }, 'bad_platform', 'platform must be given'],
    [{ platform: null, kind: 'message' }, 'bad_platform', 'platform must be given'],
    [{ platform: 'Android' }, 'bad_platform', 'platform must be one of'],
    [{ platform: 1 }, 'bad_platform', 'platform must be one of'],
    [{ type: 'online', platform: null, channel: 'apns' }, 'bad_platform', 'platform must be given'],
    [{ type: 'online', platform: 'x' }, 'bad_platform', 'platform must be one of'],
    [{ channel: 'pigeon' }, 'bad_channel', 'channel must be one of'],
    [{ channel: 'constructor' }, 'bad_channel', 'channel must be one of'],
    [{ channel: {} }, 'bad_channel', 'channel must be one of'],
    [{ channel: 'apns' }, 'bad_channel', 'channel apns serves only ios'],
    [{ platform: 'quickapp', channel: 'vivo' }, 'bad_channel', 'only android'],
    [{ platform: 'ios', channel: 'hw' }, 'bad_channel', 'only android, quickapp'],
    [{ kind: 'letter' }, 'bad_kind', 'kind must be one of'],
    [{ kind: false }, 'bad_kind', 'kind must be one of'],
    [
      { platform: 'ios', channel: 'jpush', kind: 'notification' },
      'bad_kind',
      'ios by channel jpush',
    ],
    [{ time: 'yesterday' }, 'bad_time', 'RFC 3339'],
    [{ time: '2026-01-31T12:00:00' }, 'bad_time', 'RFC 3339'],
    [{ time: String(nowMs) }, 'bad_time', 'RFC 3339'],
    [{ time: nowMs + 0.5 }, 'bad_time', 'integer'],
    [{ time: true }, 'bad_time', 'integer'],
    [{ time: nowMs + 5 * minute + 1 }, 'time_in_future', '5 minutes'],
    [{ time: 9_007_199_254_740_991 }, 'time_in_future', '5 minutes'],
    [{ time: '2025-12-30T23:59:59.999+08:00' }, 'time_too_old', '31 days'],
    [{ time: -8_640_000_000_000_000 }, 'time_too_old', '31 days'],
    [{ time: -1 }, 'time_too_old', '31 days'],
    [{ type: 'active', time: '2025-11-29T23:59:59.999+08:00' }, 'time_too_old', '62 days'],
    [{ type: 'register', time: '2008-12-31T23:59:59+08:00' }, 'time_too_old', '2009-01-01'],
    [{ type: 'register', time: -8_640_000_000_000_000 }, 'time_too_old', '2009-01-01'],
  ] as const)('%j is %s', async (members, code, word) => {
    await expectRefused(line(members), code, word)
  })

  it.each(['1.0', '1e3', '9223372036854775808', '7.5', '-0'])(
    'msg_id %s is refused',
    async (text) => {
      await expectRefused(line({ msg_id: 'HERE' }).replace('"HERE"', text), 'bad_msg_id', 'digits')
    },
  )

  it.each(['1.7e12', `${nowMs}.0`])('time %s is refused', async (text) => {
    await expectRefused(line({ time: 'HERE' }).replace('"HERE"', text), 'bad_time', 'integer')
  })

  it.each([
    '5',
    'null',
    '"sent"',
    '{',
    '{]',
    '{"type":sent}',
    '{} {}',
    '{"a":01}',
    '{"a":1,}',
    'x',
  ])('%s is bad_json', async (text) => {
    const { summary } = await taken(`${line({})}\n${text}\n${line({})}`)
    expect(summary).toMatchObject({
      accepted: 2,
      refused: 1,
      errors: [{ line: 2, code: 'bad_json' }],
    })
  })

  it('more than 10,000 ids are too_many_ids', async () => {
    await expectTaken(
      line(ids(...Array(10_000).fill('d'))),
      ...Array<string>(10_000).fill('7 android jpush notification sent now d'),
    )
    await expectRefused(line(ids(...Array(10_001).fill('d'))), 'too_many_ids', '10000')
  })

  it('of several faults the first in the list is told', async () => {
    const faults: [object, RefusalCode][] = [
      [{ type: 'x' }, 'bad_type'],
      [{ msg_id: 'x' }, 'bad_msg_id'],
      [
        { registration_id: null, registration_ids: ['', ...Array(10_000).fill('d')] },
        'bad_registration_id',
      ],
      [{ platform: 'x' }, 'bad_platform'],
      [{ channel: 'x' }, 'bad_channel'],
      [{ kind: 'x' }, 'bad_kind'],
      [{ time: 'x' }, 'bad_time'],
      [{ time: 0 }, 'time_too_old'],
      [{ registration_id: null, registration_ids: Array(10_001).fill('d') }, 'too_many_ids'],
    ]
    for (let i = 0; i < faults.length; i++) {
      const members = Object.assign(
        {},
        ...faults
          .slice(i)
          .reverse()
          .map(([fault]) => fault),
      )
      await expectRefused(line(members), faults[i]![1], '')
    }
  })

  it('the settings bound ids and age', async () => {
    const settings = { lineDevicesMax: 2, keepDays: 1 }
    const three = line({ registration_id: null, registration_ids: ['a', 'b', 'c'] })
    const old = line({ time: '2026-01-29T23:59:59+08:00' })
    const first = line({ time: '2026-01-30T00:00:00+08:00' })
    const { summary } = await taken(`${three}\n${old}\n${first}`, settings)
    expect(summary.errors.map(({ code }) => code)).toEqual(['too_many_ids', 'time_too_old'])
  })
})

describe('bodies', () => {
  it.each(['', ' \r\n\t\n', '\ufeff', '\ufeff\n', '[]', ' [ ] ', '\ufeff[\n]\n'])(
    '%j tells nothing',
    async (body) => {
      const { summary, appended } = await taken(body)
      expect(summary).toEqual({ accepted: 0, repeated: 0, refused: 0, errors: [] })
      expect(appended).toEqual([])
    },
  )

  it('blank lines are counted, CRLF and a mark at the start tolerated', async () => {
    const { summary } = await taken(`\ufeff\r\n  ${line({})} \r\n\r\n \t\n{}\r\n${line({})}`)
    expect(summary).toMatchObject({
      accepted: 2,
      refused: 1,
      errors: [{ line: 5, code: 'bad_type' }],
    })
  })

  it('a mark inside the body is no JSON', async () => {
    expect((await taken(`${line({})}\n\ufeff${line({})}`)).summary.refused).toBe(1)
  })

  it('an array counts its elements', async () => {
    const { summary, events } = await taken(
      `\n [ ${line({})} ,\n5,${slowly(line({ msg_id: 8 }))},[{}] , "a,]", nul,{"a":[}}\n]\r\n `,
    )
    expect(events).toHaveLength(2)
    expect(summary.errors.map((error) => `${error.line} ${error.code}`)).toEqual(
      [2, 4, 5, 6, 7].map((number) => `${number} bad_json`),
    )
  })

  it.each([
    '[',
    '[{}',
    '[{},',
    '[{},]',
    '[,{}]',
    '[{},,{}]',
    '[{} {}]',
    '[{}{}]',
    '[1 2]',
    '[1{}]',
    '[{}] x',
    '[{}][]',
    '[{"a":"]',
    '["a',
    '[}]',
    '[]]',
    '[{"a":{}]',
    '[nul',
    '[1,',
  ])('%s is a broken array, of which nothing is applied', async (text) => {
    const store = storeOf(() => Promise.reject(new Error('nothing may be applied')))
    const ingest = openIngest(store, readerHere(defaultIngestSettings, buffers))
    for (const body of [text, `[${line({})},${text.slice(1)}`]) {
      const answer = ingest(app, new TextEncoder().encode(body), nowMs)
      await expect(answer).rejects.toBeInstanceOf(Fault)
      await expect(answer).rejects.toMatchObject({ fault: 'badParameter' })
    }
  })

  it('what became of it is told, every refused line by its code', async () => {
    const told: Ingested[] = []
    const store = storeOf(async () => ({ repeated: 1 }))
    const ingest = openIngest(store, readerHere(defaultIngestSettings, buffers), (ingested) =>
      told.push(ingested),
    )
    const bad = Array.from({ length: 200 }, () => line({ platform: 'tv' }))
    const body = [line({}), ...bad, '{'].join('\n')
    await ingest(app, new TextEncoder().encode(body), nowMs)
    const refusedBy = new Map([
      ['bad_platform', 200],
      ['bad_json', 1],
    ])
    expect(told).toEqual([{ accepted: 1, repeated: 1, refusedBy }])
    const failing = storeOf(() => Promise.reject(new Fault('unavailable')))
    const answer = openIngest(failing, readerHere(defaultIngestSettings, buffers), (ingested) =>
      told.push(ingested),
    )
    await expect(answer(app, new TextEncoder().encode(line({})), nowMs)).rejects.toThrow()
    expect(told).toHaveLength(1)
  })

  it('a line that is not UTF-8 does not trouble its neighbours', async () => {
    const good = Buffer.from(line({ registration_id: 'é' }))
    const bad = Buffer.from(line({ registration_id: 'e\xff' }), 'latin1')
    const surrogate = Buffer.from(line({ registration_id: 'e\xed\xa0\x80' }), 'latin1')
    const newline = Buffer.from('\n')
    const ndjson = Buffer.concat([good, newline, bad, newline, surrogate, newline, good])
    const { summary, events } = await taken(ndjson)
    expect(summary.errors.map((error) => `${error.line} ${error.code}`)).toEqual([
      '2 bad_json',
      '3 bad_json',
    ])
    expect(events).toHaveLength(2)
  })

  it('told by lines and told by an array are the same', async () => {
    const lines = [line({}), slowly(line({ registration_id: '中' })), JSON.stringify(online), '{}']
    const [byLine, byArray] = await Promise.all([taken(lines.join('\n')), taken(`[${lines}]`)])
    expect(byArray.events).toEqual(byLine.events)
    expect(byArray.summary).toEqual(byLine.summary)
  })

  it('errors are the first hundred', async () => {
    const { summary } = await taken('{}\n'.repeat(250))
    expect(summary.refused).toBe(250)
    expect(summary.errors.map((error) => error.line)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    )
  })

  it('facts are counted with their repeats, refused lines leave no id behind', async () => {
    const three = line({ registration_id: null, registration_ids: ['a', 'b', 'a'] })
    const bad = line({ registration_id: null, registration_ids: ['x', 'y'], time: 'x' })
    const { summary, events, appended } = await taken(
      [three, bad, slowly(bad), line({})].join('\n'),
    )
    expect(summary).toMatchObject({ accepted: 4, refused: 2 })
    expect(appended[0]).toMatchObject({
      eventOf: { length: 4 },
      devices: { starts: { length: 4 }, lengths: { length: 4 } },
    })
    expect(events.map((event) => event.split(' ').at(-1))).toEqual(['a', 'b', 'a', 'd'])
  })

  it('a line longer than any good one is refused unread', async () => {
    const settings = { lineDevicesMax: 1, keepDays: 31 }
    const { summary } = await taken(
      `${line({})}\n${line({ x: 'x'.repeat(1_100_000) })}\n${line({})}`,
      settings,
    )
    expect(summary).toMatchObject({ accepted: 2, errors: [{ line: 2, code: 'bad_json' }] })
  })

  it.each([
    ['nested too deep', `{"a":${'['.repeat(300)}${']'.repeat(300)}}`],
    ['of endless brackets', `{"a":${'['.repeat(1_000_000)}`],
    ['of too many parts', `{"a":[${'{},'.repeat(10_000)}1]}`],
    ['of too many members', `{${'"a":1,'.repeat(10_000)}"b":1}`],
  ])('a line %s is bad_json', async (_, text) => {
    expect((await taken(text)).summary.errors[0]?.code).toBe('bad_json')
  })

  it('a long body lets the event loop turn', async () => {
    const body = new TextEncoder().encode(`${line({ registration_id: 'é' })}\n`.repeat(60_000))
    let turns = 0
    let isOver = false
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    count()
    const { summary } = await taken(body)
    isOver = true
    expect(summary.accepted).toBe(60_000)
    expect(turns).toBeGreaterThan(3)
  })
})

describe('append', () => {
  it('what is told reaches the store and repeats are seen', async () => {
    const store = openMemory()
    const ingest = openIngest(store, readerHere(defaultIngestSettings, buffers))
    const body = `${line({ registration_id: '中' })}\n${slowly(line({ registration_id: '中' }))}`
    const bytes = () => new TextEncoder().encode(body)
    expect(await ingest(app, bytes(), nowMs)).toMatchObject({ accepted: 2, repeated: 1 })
    expect(await ingest(app, bytes(), nowMs)).toMatchObject({ accepted: 2, repeated: 2 })
    const devices = ['中', 'x'].map((id) => parseRegistrationId(id)!)
    const ask = { msgId: parseMsgId('7')!, devices, asOf: zone.dayOf(nowMs), nowMs }
    expect(await store.statuses(app, ask)).toEqual([1, 2])
  })

  it('its failure is the answer, null is passed on', async () => {
    const bytes = () => new TextEncoder().encode(line({}))
    const failing = storeOf(() => Promise.reject(new Fault('unavailable')))
    const answer = openIngest(failing, readerHere(defaultIngestSettings, buffers))(
      app,
      bytes(),
      nowMs,
    )
    await expect(answer).rejects.toMatchObject({ fault: 'unavailable' })
    const unsure = storeOf(async () => ({ repeated: null }))
    const summary = await openIngest(unsure, readerHere(defaultIngestSettings, buffers))(
      app,
      bytes(),
      nowMs,
    )
    expect(summary.repeated).toBeNull()
  })
})
