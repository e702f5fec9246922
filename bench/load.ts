// Sends bodies and asks questions over a few connections that stay open, and tells how long it took.
import { Agent, request } from 'node:http'
import type { MeasuredServer } from './server.ts'
import type { Body } from './world.ts'

export const connections = 8

const agent = new Agent({ keepAlive: true, maxSockets: connections + 1 })

/** One call: its status, its body, and its milliseconds. */
export const call = (
  server: MeasuredServer,
  path: string,
  body?: Buffer,
): Promise<{ status: number; text: string; ms: number }> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const headers = { authorization: server.authorization, 'content-length': body?.length ?? 0 }
    const method = body === undefined ? 'GET' : 'POST'
    const asked = request(`${server.url}${path}`, { agent, method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text, ms: performance.now() - began })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })

/** Sends the bodies, several at a time; facts a second, all of them answered as durable. */
export const tell = async (server: MeasuredServer, bodies: readonly Body[]): Promise<number> => {
  const began = performance.now()
  let next = 0
  const sender = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      const { status, text } = await call(server, '/v1/events', body.bytes)
      const answer = JSON.parse(text) as { accepted?: number }
      if (status !== 200 || answer.accepted !== body.facts) throw new Error(`${status} ${text}`)
    }
  }
  await Promise.all(Array.from({ length: connections }, sender))
  const facts = bodies.reduce((sum, body) => sum + body.facts, 0)
  return facts / ((performance.now() - began) / 1000)
}

export interface Latency {
  readonly median: number
  readonly p99: number
  readonly most: number
}

/** Asks one after the other, while `isWanted`; milliseconds from the request to the whole answer. */
export const ask = async (
  server: MeasuredServer,
  isWanted: (turn: number) => boolean,
  path: (turn: number) => string,
  body?: (turn: number) => Buffer,
): Promise<Latency> => {
  const taken: number[] = []
  for (let turn = 0; isWanted(turn); turn++) {
    const { status, ms, text } = await call(server, path(turn), body?.(turn))
    if (status !== 200) throw new Error(`${status} ${text}`)
    taken.push(ms)
  }
  taken.sort((a, b) => a - b)
  const at = (share: number): number => taken[Math.floor((taken.length - 1) * share)] ?? 0
  return { median: at(0.5), p99: at(0.99), most: at(1) }
}
