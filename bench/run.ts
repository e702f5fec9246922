// `npm run bench`: what the built server does on this machine, load generator included. Prints the
// tables that bench/README.md holds. BENCH_DEVICES and BENCH_RUNS make it smaller or longer.
import { cpus } from 'node:os'
import { ask, call, connections, type Latency, tell } from './load.ts'
import { type MeasuredServer, startServer } from './server.ts'
import { type Body, broadcast, broadcastId, chat, chatId, deviceId } from './world.ts'

const devices = Number(process.env['BENCH_DEVICES'] ?? 1_000_000)
const runs = Number(process.env['BENCH_RUNS'] ?? 3)
const messages = devices / 5
const questions = (turn: number): boolean => turn < 200

const number = (value: number): string => Math.round(value).toLocaleString('en')
const facts = (bodies: readonly Body[]): number => bodies.reduce((sum, body) => sum + body.facts, 0)
const spread = (values: readonly number[]): string => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
  return `${number(middle)} (${number(sorted[0] ?? 0)} – ${number(sorted.at(-1) ?? 0)})`
}
const row = (...cells: readonly string[]): void => console.log(`| ${cells.join(' | ')} |`)
const latency = (what: string, { median, p99, most }: Latency): void =>
  row(what, median.toFixed(2), p99.toFixed(2), most.toFixed(2))

/** Tells the bodies to fresh servers and hands the last one on, still running. */
const measure = async (
  name: string,
  bodies: readonly Body[],
  after: (server: MeasuredServer) => Promise<void> = async () => {},
): Promise<void> => {
  const rates: number[] = []
  let bytes = 0
  let resident = 0
  for (let run = 1; run <= runs; run++) {
    const server = await startServer()
    rates.push(await tell(server, bodies))
    resident = server.residentBytes()
    if (run === runs) await after(server)
    bytes = await server.stop()
  }
  const total = facts(bodies)
  const disk = `${(bytes / 2 ** 20).toFixed(1)} MiB`
  row(
    name,
    number(total),
    spread(rates),
    disk,
    (bytes / total).toFixed(1),
    number(resident / 2 ** 20),
  )
}

const latencies: (() => void)[] = []

const question = (turn: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      msg_id: broadcastId,
      registration_ids: Array.from({ length: 1_000 }, (_, i) =>
        deviceId((turn * 7_919 + i * 997) % devices),
      ),
    }),
  )

const askOfBroadcast = async (server: MeasuredServer): Promise<void> => {
  await call(server, '/healthz')
  const status = await ask(server, questions, () => '/v3/status/message', question)
  const one = await ask(server, questions, () => `/v3/messages/detail?msg_ids=${broadcastId}`)
  latencies.push(() => latency('status of 1,000 devices of the broadcast', status))
  latencies.push(() => latency('/messages/detail of the broadcast', one))
}

const askOfChat = async (server: MeasuredServer): Promise<void> => {
  const ids = (turn: number): string =>
    Array.from({ length: 100 }, (_, i) => chatId((turn * 1_009 + i * 101) % messages)).join()
  for (const report of ['/received', '/messages/detail']) {
    const taken = await ask(server, questions, (turn) => `/v3${report}?msg_ids=${ids(turn)}`)
    latencies.push(() => latency(`${report} of 100 chat pushes`, taken))
  }
}

const askUnderLoad = async (): Promise<void> => {
  const server = await startServer()
  const bodies = broadcast(devices, Date.now(), 1_000).flat()
  const path = `/v3/received?msg_ids=${broadcastId}`
  let isTelling = true
  const telling = tell(server, bodies).finally(() => {
    isTelling = false
  })
  const taken = await ask(
    server,
    () => isTelling,
    () => path,
  )
  await telling
  await server.stop()
  latencies.push(() => latency('/received while the broadcast is told', taken))
}

console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`)
console.log(`${connections} connections, bodies of 10,000 facts, ${runs} runs each\n`)
row('told', 'facts', 'facts/s', 'on disk', 'bytes/fact', 'resident MiB')
row('---', '---', '---', '---', '---', '---')
const now = Date.now()
const size = `broadcast to ${number(devices)} devices`
await measure(
  `${size}, 1,000 devices a line`,
  broadcast(devices, now, 1_000).flat(),
  askOfBroadcast,
)
await measure(`${size}, one device a line`, broadcast(devices, now, 1).flat())
await measure(
  `${number(messages)} pushes to one device each`,
  chat(messages, devices, now),
  askOfChat,
)
await askUnderLoad()
console.log('')
row('asked', 'median ms', 'p99 ms', 'most ms')
row('---', '---', '---', '---')
for (const print of latencies) print()
