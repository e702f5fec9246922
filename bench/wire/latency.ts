// How long answers take: asked one after the other, or at a steady pace whatever the answers take, in
// which case a question's time begins when it was due.
import type { Connection } from './connection.ts'

export interface Latency {
  readonly median: number
  readonly p99: number
  readonly most: number
  readonly count: number
}

export const latencyOf = (taken: readonly number[]): Latency => {
  const sorted = [...taken].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? 0
  return { median: at(0.5), p99: at(0.99), most: at(1), count: sorted.length }
}

const ask = async (connection: Connection, request: Buffer): Promise<void> => {
  const { status, body } = await connection.exchange(request)
  if (status !== 200) throw new Error(`${status} ${body}`)
}

/** Milliseconds each request takes, sent when the one before is answered. */
export const askInTurn = async (
  connection: Connection,
  requests: Iterable<Buffer>,
): Promise<number[]> => {
  const taken: number[] = []
  for (const request of requests) {
    const began = performance.now()
    await ask(connection, request)
    taken.push(performance.now() - began)
  }
  return taken
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** Asks so often a second until told to stop; hands on which question it was and how long it took. */
export const askAtPace = async (
  connections: readonly Connection[],
  aSecond: number,
  isWanted: () => boolean,
  question: (turn: number) => Buffer,
  answered: (turn: number, ms: number) => void,
): Promise<void> => {
  const began = performance.now()
  let turn = 0
  const dueMs = (n: number): number => began + (n / aSecond) * 1000
  const hand = async (connection: Connection): Promise<void> => {
    while (isWanted()) {
      if (performance.now() < dueMs(turn)) {
        await tick()
        continue
      }
      const mine = turn++
      await ask(connection, question(mine))
      answered(mine, performance.now() - dueMs(mine))
    }
  }
  await Promise.all(connections.map(hand))
}

/** Requests answered a second, over so many seconds. */
export const askAsFastAsPossible = async (
  connections: readonly Connection[],
  request: Buffer,
  seconds: number,
): Promise<number> => {
  const began = performance.now()
  const endsMs = began + seconds * 1000
  let answered = 0
  const hand = async (connection: Connection): Promise<void> => {
    while (performance.now() < endsMs) {
      await ask(connection, request)
      answered++
    }
  }
  await Promise.all(connections.map(hand))
  return answered / ((performance.now() - began) / 1000)
}
