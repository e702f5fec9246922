// Whether ClickHouse answers, asked each second: what a server is to be sent work for.
import type { Connection } from './connection.ts'

export interface Pulse {
  isAnswering(): boolean
  stop(): void
}

const everyMs = 1000

export const openPulse = (connection: Connection): Pulse => {
  let isAnswering = true
  let isAsking = false
  const timer = setInterval(async () => {
    if (isAsking) return
    isAsking = true
    isAnswering = await connection.ping()
    isAsking = false
  }, everyMs)
  timer.unref()
  return { isAnswering: () => isAnswering, stop: () => clearInterval(timer) }
}
