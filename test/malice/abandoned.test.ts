// One app sends gzipped bodies of broken lines over many connections and hangs up. The bodies of
// another app are answered meanwhile, reports too, and SIGTERM ends the server with all of it
// queued. An abandoned body is stored completely or not at all.
import { connect, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Caller, callerOf } from '../support/caller.ts'
import { type Credentials, openWorkplace, type Server, type Workplace } from '../support/program.ts'
import { tell } from '../support/tally.ts'
import { until } from '../support/until.ts'

/** 1 in the ordinary run; 10 in the soak. */
const size = Number(process.env['ABANDONED'] ?? 1)
const connections = 60
/**
 * The longest that a body or a report of the other app may take, on a machine that does other work
 * too.
 */
const answeredWithinMs = 5_000
/**
 * What connections are given to end, and some seconds for the last commit and the process itself.
 */
const endedWithinMs = 10_000 + 5_000
const timeoutMs = 60_000 + size * 60_000

let place: Workplace
let hostile: Credentials
let neighbour: Credentials
let server: Server
let caller: Caller

beforeEach(async () => {
  place = openWorkplace()
  hostile = await place.createApp('hostile')
  neighbour = await place.createApp('neighbour')
  server = await place.serve(['--rate-limit', '0'])
  caller = callerOf(server.url, neighbour)
})
afterEach(() => place.close())

/** A connection with one whole request on its way, and what came back. */
interface Sent {
  readonly socket: Socket
  answer: string
}

/** Resolves when all of them are written. */
const send = (bodies: readonly Buffer[]): Promise<readonly Sent[]> => {
  const authorization = Buffer.from(`${hostile.key}:${hostile.secret}`).toString('base64')
  const sending = bodies.map((body) => {
    const head = [
      'POST /v1/events HTTP/1.1',
      'Host: a',
      `Authorization: Basic ${authorization}`,
      'Content-Encoding: gzip',
      `Content-Length: ${body.length}`,
    ]
    const socket = connect(server.port, '127.0.0.1')
    const sent: Sent = { socket, answer: '' }
    socket.on('error', () => {})
    socket.on('data', (data) => {
      sent.answer += data.toString('latin1')
    })
    return new Promise<Sent>((resolve) => {
      socket.once('close', () => resolve(sent))
      const request = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body])
      socket.write(request, () => resolve(sent))
    })
  })
  return Promise.all(sending)
}

/** Half of them say goodbye, the others do not even that. */
const hangUp = (all: readonly Sent[]): void => {
  for (const [i, { socket }] of all.entries()) {
    if (i % 2 === 0) socket.end()
    else socket.resetAndDestroy()
  }
}

const eventsOf = (msgId: number, devices: number): string =>
  Array.from({ length: devices }, (_, i) =>
    JSON.stringify({
      type: 'received',
      msg_id: msgId,
      platform: 'android',
      registration_id: `device-${i}`,
    }),
  ).join('\n')

/** How long the other app waited for a body, or for a report, at most. */
const askNeighbour = async (times: number): Promise<number> => {
  let slowestMs = 0
  for (let time = 1; time <= times; time++) {
    const began = performance.now()
    const body = eventsOf(time, 1000)
    expect((await caller.ask('/v1/events', { method: 'POST', body })).status).toBe(200)
    const bodyMs = performance.now() - began
    expect((await caller.ask(`/v3/received?msg_ids=${time}`)).status).toBe(200)
    slowestMs = Math.max(slowestMs, bodyMs, performance.now() - began - bodyMs)
  }
  return slowestMs
}

const stop = async (): Promise<number> => {
  const began = performance.now()
  const { code } = await server.stop('SIGTERM')
  const endMs = performance.now() - began
  expect(code).toBe(0)
  expect(endMs).toBeLessThan(endedWithinMs)
  return endMs
}

const floods: readonly (readonly [string, string])[] = [
  ['broken objects', '{"a":\n'],
  ['objects that say nothing', '{"a":{}}\n'],
  ['braces', '{\n'],
  ['numbers', '1\n'],
  ['escapes', '{"\\u0074ype":"x"}\n'],
  ['long ids', `{"type":"online","platform":"ios","registration_id":"${'\\u0061'.repeat(200)}"}\n`],
]
const bodyBytes = 16_000_000
const isAnswered = ({ answer }: Sent): boolean => answer !== ''

it.each(size > 1 ? floods : floods.slice(0, 1))(
  '%s: the neighbour is answered, and the server ends',
  async (what, line) => {
    const body = gzipSync(line.repeat(Math.floor(bodyBytes / line.length)))
    const bodies = Array.from({ length: connections }, () => body)
    let slowestMs = 0
    for (let round = 0; round < size; round++) {
      hangUp(await send(bodies))
      slowestMs = Math.max(slowestMs, await askNeighbour(3))
    }
    // These wait for their answers, more at a time than the app has room for.
    const waiting = await send(bodies)
    slowestMs = Math.max(slowestMs, await askNeighbour(3))
    expect(slowestMs).toBeLessThan(answeredWithinMs)
    const endMs = await stop()
    for (const { socket, answer } of waiting) {
      socket.destroy()
      expect(answer).toMatch(/^$|^HTTP\/1\.1 (400|503) /)
    }
    tell({
      bodies: connections * (size + 1),
      [`neighbour beside ${what} Ms`]: Math.round(slowestMs),
      [`end beside ${what} Ms`]: Math.round(endMs),
    })
  },
  timeoutMs,
)

it(
  'keeps a body that was given up whole, or nothing of it',
  async () => {
    const facts = 20_000
    const bodies = Array.from({ length: connections }, (_, i) =>
      gzipSync(eventsOf(1000 + i, facts)),
    )
    const kept = new Set<number>()
    const note = (all: readonly Sent[]): void => {
      for (const [i, { answer }] of all.entries()) {
        if (answer.startsWith('HTTP/1.1 200 ')) kept.add(1000 + i)
      }
    }
    for (let round = 0; round < size; round++) {
      const leaving = await send(bodies)
      await until('some are answered', () => leaving.some(isAnswered), 20_000)
      note(leaving)
      hangUp(leaving)
      const waiting = await send(bodies)
      await until('some are answered', () => waiting.some(isAnswered), 20_000)
      await stop()
      note(waiting)
      for (const { socket } of waiting) socket.destroy()
      server = await place.serve(['--rate-limit', '0'])
    }
    const ids = bodies.map((_, i) => String(1000 + i))
    const received = await callerOf(server.url, hostile).received(ids)
    for (const [i, count] of received.entries()) {
      expect(kept.has(1000 + i) ? [facts] : [null, facts]).toContain(count)
    }
    tell({ whole: received.filter((count) => count === facts).length, answered: kept.size })
  },
  timeoutMs,
)
