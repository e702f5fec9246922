// The reader on a thread of its own: what it reads must be what the reader here reads, whatever the body,
// and no body may be lost with the thread.
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { deviceAt } from '../../ledger/event-batch.ts'
import { openBuffers } from '../../runtime/buffer-pool.ts'
import type { Parsed } from '../body/lines.ts'
import { type Reader, readerHere } from '../body/parser.ts'
import { defaultIngestSettings } from '../rules/validate.ts'
import { openReader } from './parser-worker.ts'

const nowMs = Date.UTC(2026, 0, 31, 12)
const buffers = openBuffers()
const troubles: Error[] = []
const onEnded = (cause: Error) => troubles.push(cause)
const there = openReader(defaultIngestSettings, buffers, onEnded)
const arrival = { nowMs, keptMs: nowMs, zoneName: 'Asia/Shanghai' }
const here = readerHere(defaultIngestSettings, buffers)

afterAll(async () => {
  await there.close()
  expect(troubles).toEqual([])
})

/** The text in a block of shared memory, as a body that came over HTTP stands. */
const shared = (text: string, memory = buffers) => {
  const bytes = Buffer.from(text)
  const block = memory.take(Math.max(bytes.length, 2 ** 16))
  expect(block.buffer).toBe(memory.memory)
  block.set(bytes)
  return { block, body: block.subarray(0, bytes.length) }
}

/** What was read, in values of its own. */
const copied = ({ told, ...rest }: Parsed) => ({
  ...rest,
  events: told.events,
  refusals: told.refusals,
  eventOf: [...told.eventOf],
  devices: [...told.eventOf.keys()].map((i) => deviceAt(told.devices, i)),
})

const readBy = async (reader: Reader, body: Uint8Array) => {
  const { parsed, release } = await reader.read(body, arrival, { app: 1 })
  const read = copied(parsed)
  release()
  return read
}

const readThere = async (text: string) => {
  const { block, body } = shared(text)
  try {
    return await readBy(there, body)
  } finally {
    buffers.giveBack(block)
  }
}

const id = fc.string({ unit: 'grapheme-ascii', minLength: 0, maxLength: 20 })
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        type: fc.constantFrom('target', 'received', 'online', 'register', 'none'),
        msg_id: fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String),
        platform: fc.constantFrom('android', 'ios', 'hmos', 'tv'),
        registration_ids: fc.array(id, { maxLength: 5 }),
        time: fc.integer({ min: nowMs - 40 * 86_400_000, max: nowMs + 600_000 }),
      })
      .map((event) => JSON.stringify(event)),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
)

it('reads what the reader here reads', { timeout: 60_000 }, async () => {
  let facts = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 60 }), fc.boolean(), async (lines, isArray) => {
      const text = isArray ? `[${lines.join()}]` : lines.join('\n')
      const expected = await readBy(here, Buffer.from(text)).catch((fault: Error) => fault)
      const read = await readThere(text).catch((fault: Error) => fault)
      expect(read).toEqual(expected)
      if (read instanceof Error) return
      facts += read.devices.length
      refused += read.refused
    }),
    { seed: 1, numRuns: 300 },
  )
  expect(facts).toBeGreaterThan(500)
  expect(refused).toBeGreaterThan(500)
})

it('reads more devices than there was room for, and more events than go over at once', async () => {
  const ids = Array.from({ length: 9_000 }, (_, i) => i.toString(36))
  const list = ids.map((each) => `"${each}"`).join()
  const grouped = `{"type":"online","platform":"ios","registration_ids":[${list}]}`
  const one = await readThere(grouped)
  expect(one.devices).toEqual(ids)
  const chat = ids.map(
    (each, i) => `{"type":"sent","msg_id":${i + 1},"platform":"ios","registration_id":"${each}"}`,
  )
  const many = await readThere(chat.join('\n'))
  expect(many.devices).toEqual(ids)
  expect(many).toEqual(await readBy(here, Buffer.from(chat.join('\n'))))
})

it('tells what is wrong with a broken array', async () => {
  const reading = readThere('[{"type":"online","platform":"ios","registration_id":"a"}')
  await expect(reading).rejects.toMatchObject({
    fault: 'badParameter',
    message: expect.stringContaining('the array must be closed'),
  })
})

it('reads many bodies that stand side by side', async () => {
  const text = (n: number) => `{"type":"online","platform":"ios","registration_id":"device-${n}"}`
  const readings = await Promise.all(
    Array.from({ length: 40 }, (_, n) => there.read(shared(text(n)).body, arrival, { app: n })),
  )
  const devices = readings.map(({ parsed }) => copied(parsed).devices)
  expect(devices).toEqual(Array.from({ length: 40 }, (_, n) => [`device-${n}`]))
  for (const { release } of readings) release()
})

/** A tenth of a second's work and more. */
const longText = '{"a":1}\n'.repeat(200_000)
const shortText = '{"type":"online","platform":"ios","registration_id":"a"}'

describe.each([
  ['there', (text: string) => shared(text)],
  ['here', (text: string) => ({ block: Buffer.alloc(0), body: Buffer.from(text) })],
])('a body that is read %s', (_, placed) => {
  const bodies = (texts: readonly string[]) => texts.map((text) => placed(text))
  const giveBack = (all: ReturnType<typeof bodies>) => {
    for (const { block } of all) buffers.giveBack(block)
  }

  it('is given up where nobody waits for it, read or waiting, and the others are not', async () => {
    const all = bodies([longText, longText, longText, shortText])
    const leaving = new AbortController()
    const readings = all.map(({ body }, i) => {
      const gone = i < 3 ? leaving.signal : undefined
      return there.read(body, arrival, { app: i < 3 ? 1 : 2, gone })
    })
    leaving.abort(new Error('gone'))
    const outcomes = await Promise.allSettled(readings)
    expect(outcomes.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'rejected',
      'fulfilled',
    ])
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') outcome.value.release()
      else expect(outcome.reason).toEqual(new Error('gone'))
    }
    await expect(
      there.read(all[0]!.body, arrival, { app: 1, gone: leaving.signal }),
    ).rejects.toThrow('gone')
    giveBack(all)
  })

  it('waits for two of its own app at most, however many there are', async () => {
    const all = bodies([longText, longText, longText, longText, shortText, shortText])
    const done: number[] = []
    await Promise.all(
      all.map(async ({ body }, i) => {
        const { release } = await there.read(body, arrival, { app: i < 5 ? 1 : 2 })
        done.push(i)
        release()
      }),
    )
    expect(done[0]).toBe(5)
    giveBack(all)
  })
})

const file = (script: string): URL => new URL(`data:text/javascript,${encodeURIComponent(script)}`)
const endsWhenAsked = `
  import { parentPort } from 'node:worker_threads'
  parentPort.on('message', () => process.exit(7))
`

it('answers who waits where the thread ends, and then reads here', async () => {
  const own = openBuffers()
  const ended: Error[] = []
  const onItsEnd = (cause: Error) => ended.push(cause)
  const reader = openReader(defaultIngestSettings, own, onItsEnd, file(endsWhenAsked))
  const { body } = shared('{"type":"online","platform":"ios","registration_id":"a"}', own)
  await expect(reader.read(body, arrival, { app: 1 })).rejects.toMatchObject({
    fault: 'unavailable',
  })
  expect(ended.map(({ message }) => message)).toEqual(['the reader thread has ended'])
  expect((await readBy(reader, body)).devices).toEqual(['a'])
  await reader.close()
})

it('reads here what stands in memory of its own, and where no more is shared', async () => {
  const own = openBuffers()
  const reader = openReader(defaultIngestSettings, own, onEnded, file(endsWhenAsked))
  const text = '{"type":"online","platform":"ios","registration_id":"a"}'
  expect((await readBy(reader, Buffer.from(text))).devices).toEqual(['a'])
  const { body } = shared(text, own)
  while (own.take(2 ** 16).buffer === own.memory);
  expect((await readBy(reader, body)).devices).toEqual(['a'])
  await reader.close()
})
