// What is measured, from what is told; and that the page of metrics and the dashboard name what there is.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openMetrics, type Sources } from './metrics.ts'

const vitals = {
  appendsWaiting: 2,
  bytesWaiting: 30,
  tables: 1,
  devices: 4,
  tableBytes: 50,
  messages: 6 as number | undefined,
  fileBytes: 70,
  freeBytes: 80,
}
const sources: Sources = {
  vitals: () => vitals,
  apps: async () => 3,
  roomBytes: () => 9,
  isReady: () => true,
  clockAheadMs: () => 86_401_000,
}

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The lines of one metric that say something other than 0. */
const linesOf = async (metrics: ReturnType<typeof openMetrics>, name: string) => {
  const { text } = await metrics.page()
  return text.split('\n').filter((line) => line.startsWith(name) && !line.endsWith(' 0'))
}

describe('metrics', () => {
  it('of requests, by route and status', async () => {
    const metrics = openMetrics(sources)
    metrics.onAnswered('/v3/received', 200, 4)
    metrics.onAnswered('/v3/received', 200, 40)
    metrics.onAnswered('/v1/events', 503, 1)
    expect(await linesOf(metrics, 'pushledger_request_duration_seconds_count')).toEqual([
      'pushledger_request_duration_seconds_count{route="/v3/received",status="200"} 2',
      'pushledger_request_duration_seconds_count{route="/v1/events",status="503"} 1',
    ])
    const fast = await linesOf(metrics, 'pushledger_request_duration_seconds_bucket{le="0.005"')
    expect(fast).toContain(
      'pushledger_request_duration_seconds_bucket{le="0.005",route="/v3/received",status="200"} 1',
    )
  })

  it('of bodies, refused lines by their code', async () => {
    const metrics = openMetrics(sources)
    metrics.onIngested({ accepted: 5, repeated: 2, refusedBy: new Map([['bad_time', 7]]) })
    metrics.onIngested({ accepted: 1, repeated: null, refusedBy: new Map() })
    expect(await linesOf(metrics, 'pushledger_facts')).toEqual([
      'pushledger_facts_accepted_total 6',
      'pushledger_facts_repeated_total 2',
    ])
    expect(await linesOf(metrics, 'pushledger_lines')).toEqual([
      'pushledger_lines_refused_total{code="bad_time"} 7',
    ])
  })

  it('of commits and sweeps', async () => {
    const metrics = openMetrics(sources)
    metrics.onCommit({ facts: 100, bytes: 2000, durationMs: 30, isWritten: true })
    metrics.onCommit({ facts: 1, bytes: 1, durationMs: 1, isWritten: false })
    metrics.onSwept(0)
    metrics.onSwept(12)
    expect((await linesOf(metrics, 'pushledger_')).filter((l) => /_(sum|total) /.test(l))).toEqual([
      'pushledger_commit_duration_seconds_sum 0.03',
      'pushledger_commit_facts_sum 100',
      'pushledger_commit_bytes_sum 2000',
      'pushledger_commits_failed_total 1',
      'pushledger_sweeps_total 2',
      'pushledger_swept_messages_total 12',
    ])
  })

  it('that stand somewhere are read when asked; what is not known is left out', async () => {
    const metrics = openMetrics(sources)
    const gauges = /^pushledger_(ready|apps|bodies|appends|device|messages|store|disk)/
    const read = async () =>
      (await linesOf(metrics, 'pushledger_')).filter((line) => gauges.test(line))
    const all = [
      'pushledger_ready 1',
      'pushledger_apps 3',
      'pushledger_bodies_bytes 9',
      'pushledger_appends_waiting 2',
      'pushledger_appends_waiting_bytes 30',
      'pushledger_device_tables 1',
      'pushledger_devices 4',
      'pushledger_device_table_bytes 50',
      'pushledger_messages 6',
      'pushledger_store_bytes 70',
      'pushledger_disk_free_bytes 80',
    ]
    expect(await read()).toEqual(all)
    vitals.messages = undefined
    expect(await read()).toEqual(all.filter((line) => !line.includes('messages')))
    expect((await metrics.page()).text).not.toMatch(/^pushledger_messages /m)
    vitals.messages = 6
    expect(await read()).toEqual(all)
  })
})

const typesIn = (text: string): Map<string, string> =>
  new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]))

const seen = async (): Promise<Map<string, string>> => {
  const metrics = openMetrics(sources)
  return typesIn((await metrics.page()).text)
}

/** Only some machines tell these. */
const onLinux = /^process_(open_fds|max_fds|virtual_memory_bytes|heap_bytes)$/

it('docs/operating/metrics.md tells every metric of its own, with its type and its words', async () => {
  const metrics = openMetrics(sources)
  const { text } = await metrics.page()
  const helps = [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, help]) => [name!, help!])
  const types = typesIn(text)
  const rows = helps.map(([name, help]) => `| \`${name}\` | ${types.get(name!)} | ${help} |`)
  const page = textOf('docs/operating/metrics.md').split('\n')
  const shown = page.filter((line) => line.startsWith('| `'))
  const isOwn = (row: string) => /^\| `pushledger_\w+` \|/.test(row)
  expect(shown.filter(isOwn).map((row) => row.replace(/ \|[^|]*\|$/, ' |'))).toEqual(
    rows.filter(isOwn),
  )
  const others = [...types].filter(
    ([name]) => !name.startsWith('pushledger_') && !onLinux.test(name),
  )
  const told = page.join('\n')
  expect(others.filter(([name]) => !told.includes(`\`${name}\``))).toEqual([])
})

describe('examples/grafana.json', () => {
  interface Panel {
    readonly title: string
    readonly targets?: readonly { readonly expr: string }[]
  }
  const { panels } = JSON.parse(textOf('examples/grafana.json')) as { panels: readonly Panel[] }
  const queries = panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => [title, expr] as const),
  )

  it.each(queries)('%s asks for what there is: %s', async (_, expr) => {
    const types = await seen()
    const named = [...expr.matchAll(/\b(?:pushledger|process|nodejs)_\w+/g)].map(([name]) => name)
    expect(named).not.toEqual([])
    const exists = (name: string) => {
      if (types.has(name)) return types.get(name) !== 'histogram'
      return types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram'
    }
    expect(named.filter((name) => !exists(name))).toEqual([])
    const counters = named.filter((name) => /_(total|bucket|sum|count)$/.test(name))
    if (counters.length > 0) expect(expr).toMatch(/\b(rate|increase)\(/)
  })
})
