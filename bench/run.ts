// `npm run bench`: what the built server does on this machine, beside what others do with the same
// facts, load generator included. Names of workloads and of peers narrow it.
import { compare } from './compare.ts'
import { clickhouse } from './peers/clickhouse.ts'
import { clickHouseRows, pushledgerOverClickHouse } from './peers/clickhouse-ledger.ts'
import { duckdb } from './peers/duckdb.ts'
import { inProcess } from './peers/in-process.ts'
import type { Peer } from './peers/peer.ts'
import { postgres } from './peers/postgres.ts'
import { pushledger } from './peers/pushledger.ts'
import { redis } from './peers/redis.ts'
import { machine, syncedWrite } from './report.ts'
import { devices, manyDevices, messages, mixedFacts, runs } from './size.ts'
import { growth } from './workload/growth.ts'
import { keeping } from './workload/keeping.ts'
import { load } from './workload/load.ts'
import { askOf } from './workload/questions.ts'
import { requests } from './workload/requests.ts'
import { broadcast } from './world/broadcast.ts'
import { chat } from './world/chat.ts'
import { mixed } from './world/mixed.ts'

const peers: readonly Peer[] = [
  pushledger,
  redis,
  postgres,
  inProcess(clickhouse),
  inProcess(duckdb),
]
/** Only where they are named. */
const morePeers: readonly Peer[] = [pushledgerOverClickHouse, clickHouseRows]

type Workload = (chosen: readonly Peer[]) => Promise<void>

const now = Date.now()
const workloads: Record<string, Workload> = {
  broadcast: (chosen) => compare(chosen, broadcast(devices, false, now)),
  grouped: (chosen) => compare(chosen, broadcast(devices, true, now)),
  chat: (chosen) => compare(chosen, chat(messages, devices, 'rising', now)),
  'chat-random': (chosen) => compare(chosen, chat(messages, devices, 'random', now)),
  mixed: (chosen) => compare(chosen, mixed(mixedFacts, manyDevices, now)),
  questions: () => askOf(devices),
  'questions-many': () => askOf(manyDevices),
  requests,
  load,
  keeping,
  growth,
}

const names = process.argv.slice(2)
const allPeers = [...peers, ...morePeers]
const known = [...Object.keys(workloads), ...allPeers.map(({ name }) => name)]
const strange = names.filter((name) => !known.includes(name))
if (strange.length > 0) {
  console.error(`unknown: ${strange.join(' ')}; there are ${known.join(' ')}`)
  process.exit(2)
}
const chosenPeers = allPeers.filter(({ name }) => names.includes(name))
const chosenWorkloads = Object.keys(workloads).filter((name) => names.includes(name))
console.log(`${machine()} · ${runs} runs, median (least – most) · ${syncedWrite()}\n`)
for (const { name, use } of chosenPeers.length > 0 ? chosenPeers : peers)
  console.log(`- ${name}: ${use}`)
for (const name of chosenWorkloads.length > 0 ? chosenWorkloads : Object.keys(workloads)) {
  await workloads[name]?.(chosenPeers.length > 0 ? chosenPeers : peers)
}
