// Many connections at once, each with a pipeline of requests that is cut into packets anywhere: raw spaces in
// the request line, ordinary requests, bodies by length and in chunks that look like request lines. Every
// request is answered, in order, and the bytes of the bodies arrive as they were sent.
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Credentials, openWorkplace, type Server, type Workplace } from '../support/program.ts'
import { type Random, randomOf } from '../support/random.ts'
import { answersOf, request } from '../support/raw.ts'
import { tell } from '../support/tally.ts'

/** 1 in the ordinary run; 25 in the soak. */
const size = Number(process.env['PIPELINES'] ?? 1)
const seed = Number(process.env['PIPELINE_SEED'] ?? 20_261_129)
const connections = 60 * size
const requestsEach = 10
const answeredWithinMs = 60_000

let place: Workplace
let app: Credentials
let server: Server

beforeAll(async () => {
  place = openWorkplace()
  app = await place.createApp('pipelined')
  server = await place.serve(['--rate-limit', '0'])
})
afterAll(() => place.close())

interface Step {
  readonly bytes: string
  /** Must match the body of the answer. */
  readonly answer: RegExp
}

const authorization = () => Buffer.from(`${app.key}:${app.secret}`).toString('base64')
const headersOf = (...more: string[]): string[] => [
  'Host: report.jpush.cn',
  `Authorization: Basic ${authorization()}`,
  ...more,
]

/** JSON that holds whole requests, between its tokens and in a text; the id is what is asked about. */
const bodyOf = (id: number): string =>
  `{"msg_id":${id},\r\n\r\n"registration_ids":["d${id}"],\r\n\r\n` +
  '"note":"GET /v3/received?msg_ids=1, 2 HTTP/1.1","x":\r\n\r\n"0"}\r\n\r\n'
const chunked = (random: Random, body: string): string => {
  const parts: string[] = []
  for (let at = 0; at < body.length; ) {
    const part = body.slice(at, at + random.int(1, 60))
    at += part.length
    parts.push(`${part.length.toString(16)}\r\n${part}\r\n`)
  }
  const trailers = random.chance(0.3) ? 'X-Trailer: GET /?a= b\r\n' : ''
  return `${parts.join('')}0\r\n${trailers}\r\n`
}

const answerOf = (...ids: number[]): RegExp =>
  new RegExp(`^\\[${ids.map((id) => `\\{"msg_id":"${id}",[^}]*\\}`).join(',')}\\]$`)

const stepOf = (random: Random): Step => {
  const [id, other] = [random.int(1, 1e9), random.int(1, 1e9)]
  const get = (target: string) => request(`GET ${target} HTTP/1.1`, ...headersOf())
  const post = (...more: string[]) =>
    request('POST /v3/status/message HTTP/1.1', ...headersOf(...more))
  const body = bodyOf(id)
  const told = { answer: new RegExp(`^\\{"d${id}":\\{"status":[0-9]\\}\\}$`) }
  const kind = random.int(0, 5)
  if (kind <= 2) {
    const spaces = ' '.repeat(random.int(1, 3))
    const bytes = get(`/v3/received?msg_ids=${id},${spaces}${other}`)
    return { bytes, answer: answerOf(id, other) }
  }
  if (kind === 3) return { bytes: get(`/v3/received?msg_ids=${id}`), answer: answerOf(id) }
  if (kind === 4) return { bytes: post(`Content-Length: ${body.length}`) + body, ...told }
  return { bytes: post('Transfer-Encoding: chunked') + chunked(random, body), ...told }
}

const cut = (random: Random, bytes: string): Buffer[] => {
  const whole = Buffer.from(bytes, 'latin1')
  const longest = random.pick([3, 40, 400, 4000])
  const packets: Buffer[] = []
  for (let at = 0; at < whole.length; ) {
    const packet = whole.subarray(at, at + random.int(1, longest))
    packets.push(packet)
    at += packet.length
  }
  return packets
}

/** The bodies of as many answers as were asked for, or of those that came before it broke or took too long. */
const converse = (packets: readonly Buffer[], count: number): Promise<string[]> =>
  new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1')
    socket.setNoDelay(true)
    let came = ''
    const finish = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answersOf(came).map(({ body }) => body))
    }
    const timer = setTimeout(finish, answeredWithinMs)
    socket.on('data', (bytes) => {
      came += bytes.toString('latin1')
      if (answersOf(came).length >= count) finish()
    })
    socket.on('error', finish)
    socket.once('close', finish)
    const left = [...packets]
    const send = () => {
      const packet = left.shift()
      // Each in a packet of its own, as far as the system lets it.
      if (packet !== undefined && socket.writable) socket.write(packet, () => setImmediate(send))
    }
    socket.once('connect', send)
  })

it(`answers ${connections} pipelines cut into packets`, {
  timeout: 120_000 + size * 10_000,
}, async () => {
  const random = randomOf(seed)
  const pipelines = Array.from({ length: connections }, () => {
    const steps = Array.from({ length: requestsEach }, () => stepOf(random))
    return { steps, packets: cut(random, steps.map(({ bytes }) => bytes).join('')) }
  })
  const answered = await Promise.all(
    pipelines.map(({ steps, packets }) => converse(packets, steps.length)),
  )
  const complete = answered.filter((bodies) => bodies.length === requestsEach).length
  expect(complete, `PIPELINE_SEED=${seed}`).toBe(connections)
  for (const [i, { steps }] of pipelines.entries()) {
    for (const [j, { answer }] of steps.entries()) expect(answered[i]?.[j]).toMatch(answer)
  }
  tell({ pipelines: connections, requests: connections * requestsEach, unanswered: 0 })
})
