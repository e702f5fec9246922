// What is measured, for Prometheus: the one place that knows its client. Others tell of a request, a
// body or a commit, never of a line or a fact; what merely stands somewhere is read when it is asked.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Ingested } from '../ingest/ingest.ts'
import { REFUSALS } from '../ledger/refusal.ts'
import type { Commit, Vitals } from '../store/open.ts'

/** Where the gauges look, each time they are asked. */
export interface Sources {
  vitals(): Vitals
  /** How many there are. */
  apps(): Promise<number>
  /** Taken by the bodies under way. */
  roomBytes(): number
  isReady(): boolean
  /** How far the clock is ahead of the latest believed time; 0 while it is believed. */
  clockAheadMs(): number
}

export interface Metrics {
  onAnswered(route: string, status: number, ms: number): void
  onIngested(ingested: Ingested): void
  onCommit(commit: Commit): void
  onSwept(messages: number): void
  page(): Promise<{ readonly text: string; readonly contentType: string }>
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const facts = [1, 10, 100, 1000, 10_000, 100_000, 262_144, 1_000_000]
const bytes = [256, 1024, 4096, 16_384, 65_536, 262_144, 2 ** 20, 2 ** 22, 2 ** 24, 2 ** 26]

export const openMetrics = (sources: Sources): Metrics => {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const readGauges = openGauges(registry, sources)
  const requests = openRequests(registry)
  const counter = (name: string, help: string) => new Counter({ name, help, registers })
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers })
  const accepted = counter('pushledger_facts_accepted_total', 'Facts told in accepted lines')
  const repeated = counter(
    'pushledger_facts_repeated_total',
    'Those of them that were held already',
  )
  const refused = new Counter({
    name: 'pushledger_lines_refused_total',
    help: 'Lines refused, by the code of the refusal',
    labelNames: ['code'],
    registers,
  })
  for (const code of REFUSALS) refused.inc({ code }, 0)
  const commitSeconds = histogram(
    'pushledger_commit_duration_seconds',
    'From handing a commit to the writer until it was on disk',
    seconds,
  )
  const commitFacts = histogram('pushledger_commit_facts', 'Facts told in one commit', facts)
  const commitBytes = histogram(
    'pushledger_commit_bytes',
    'Bytes of keys and values written in one commit',
    bytes,
  )
  const failed = counter('pushledger_commits_failed_total', 'Commits that wrote nothing')
  const sweeps = counter('pushledger_sweeps_total', 'Sweeps of all apps')
  const swept = counter('pushledger_swept_messages_total', 'Expired messages that sweeps forgot')

  return {
    onAnswered: requests,
    onIngested: (ingested) => {
      accepted.inc(ingested.accepted)
      if (ingested.repeated !== null) repeated.inc(ingested.repeated)
      for (const [code, lines] of ingested.refusedBy) refused.inc({ code }, lines)
    },
    onCommit: (commit) => {
      if (!commit.isWritten) return failed.inc()
      commitSeconds.observe(commit.durationMs / 1000)
      commitFacts.observe(commit.facts)
      commitBytes.observe(commit.bytes)
    },
    onSwept: (messages) => {
      sweeps.inc()
      swept.inc(messages)
    },
    page: async () => {
      await readGauges()
      return { text: await registry.metrics(), contentType: registry.contentType }
    },
  }
}

const openRequests = (registry: Registry): Metrics['onAnswered'] => {
  const durations = new Histogram({
    name: 'pushledger_request_duration_seconds',
    help: 'From the head of a request until its answer had left, by route and status',
    labelNames: ['route', 'status'],
    buckets: seconds,
    registers: [registry],
  })
  // Finding the place of two labels costs more than counting.
  const known = new Map<string, Map<number, Histogram.Internal<'route' | 'status'>>>()
  return (route, status, ms) => {
    const statuses = known.get(route) ?? new Map()
    known.set(route, statuses)
    const durationsOf = statuses.get(status) ?? durations.labels(route, String(status))
    statuses.set(status, durationsOf)
    durationsOf.observe(ms / 1000)
  }
}

/** The gauges that one look at the engine's vitals answers. */
const VITALS: readonly (readonly [string, string, (vitals: Vitals) => number | undefined])[] = [
  ['pushledger_appends_waiting', 'Bodies that wait to be written', (v) => v.appendsWaiting],
  ['pushledger_appends_waiting_bytes', 'Bytes of device ids in them', (v) => v.bytesWaiting],
  ['pushledger_device_tables', 'Apps whose device table is in memory', (v) => v.tables],
  ['pushledger_devices', 'Devices in the tables in memory', (v) => v.devices],
  ['pushledger_device_table_bytes', 'Memory that the device tables take', (v) => v.tableBytes],
  ['pushledger_messages', 'Messages held, when apps were swept last', (v) => v.messages],
  ['pushledger_store_bytes', 'Size of the ledger file, free room included', (v) => v.fileBytes],
  ['pushledger_disk_free_bytes', 'Free on the disk of the ledger', (v) => v.freeBytes],
]

/** Reads all gauges anew, each time it is called. */
const openGauges = (registry: Registry, sources: Sources): (() => Promise<void>) => {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] })
  const ready = gauge('pushledger_ready', 'What /readyz answers: 1 for ready')
  const ahead = gauge(
    'pushledger_clock_ahead_seconds',
    'How far the clock is ahead of the latest time believed; 0 while it is believed',
  )
  const apps = gauge('pushledger_apps', 'Apps')
  const room = gauge('pushledger_bodies_bytes', 'Bytes of the bodies under way, of 256 MiB')
  const ofVitals = VITALS.map(([name, help, read]) => ({ place: gauge(name, help), read }))
  return async () => {
    ready.set(sources.isReady() ? 1 : 0)
    ahead.set(sources.clockAheadMs() / 1000)
    apps.set(await sources.apps())
    room.set(sources.roomBytes())
    const vitals = sources.vitals()
    for (const { place, read } of ofVitals) {
      const value = read(vitals)
      // What is not known has no value at all, rather than one that is none.
      if (value === undefined) place.remove()
      else place.set(value)
    }
  }
}
