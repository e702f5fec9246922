// What each question to a ledger in ClickHouse reads, and how long it takes, over 100 million facts:
// 25 broadcasts to a million devices with three stages each, 2,500 segments of 10,000. By
// `node --import tsx bench/clickhouse/questions.ts`; FACTS says how many millions. On chdb, or where
// PUSHLEDGER_STORE names a database that is migrated, and empty or filled by this before.

import { openZone } from '../../src/ledger/day.ts'
import type { MsgId, RegistrationId } from '../../src/ledger/ids.ts'
import type { App, Store } from '../../src/ledger/store.ts'
import { parseAddress } from '../../src/store/clickhouse/address.ts'
import { type Connection, connect, type Parameters } from '../../src/store/clickhouse/connection.ts'
import { openCounts } from '../../src/store/clickhouse/counts.ts'
import { openDevices } from '../../src/store/clickhouse/devices.ts'
import { keepingOf, openMessages } from '../../src/store/clickhouse/messages.ts'
import { openClickHousePlace } from './place.ts'

const given = process.env['PUSHLEDGER_STORE']
const place = given === undefined ? await openClickHousePlace() : undefined
const address = parseAddress(given ?? place?.store ?? '')
if (address === undefined) throw new Error('PUSHLEDGER_STORE names no ClickHouse')
const zone = openZone('Asia/Shanghai')
if (zone === undefined) throw new Error('there is no such zone')
const app: App = { id: 1, zone }
const nowMs = Date.parse('2026-05-20T12:00:00+08:00')
const today = zone.dayOf(nowMs)
const share = Number(process.env['FACTS'] ?? 100) / 100

const broadcasts = Math.round(25 * share)
const segments = Math.round(2500 * share)
const cells = [0, 2, 3]

const connection = await connect(address)
const say = (text: string): boolean => process.stdout.write(`${text}\n`)

const fill = async (): Promise<void> => {
  const hour = today * 24
  await connection.run(
    `INSERT INTO messages SELECT 1, number + 1, 0, ${today}, ${hour} - number % 400, 0
    FROM numbers(${broadcasts + segments})`,
  )
  const device = `lower(hex(cityHash64(number)))`
  for (let message = 1; message <= broadcasts; message++) {
    await connection.run(
      `INSERT INTO facts (app, msg_id, generation, device, cell, hour)
      SELECT 1, ${message}, 0, ${device}, arrayJoin([${cells.join()}]), ${hour}
      FROM numbers(1000000)`,
    )
  }
  for (let from = 0; from < segments; from += 50) {
    await connection.run(
      `INSERT INTO facts (app, msg_id, generation, device, cell, hour)
      SELECT 1, ${broadcasts + 1 + from} + intDiv(i, 10000), 0, ${device}, 3, ${hour}
      FROM (SELECT number AS i, (number * 7919) % 1000000 AS number FROM numbers(${50 * 10_000}))`,
    )
  }
  await connection.run(`INSERT INTO members SELECT 1, ${device} FROM numbers(1000000)`)
}

/** The connection, and what it was asked last. */
const watched: Connection & { last?: readonly [string, Parameters] } = {
  ...connection,
  ask: (question, parameters = {}) => {
    watched.last = [question, parameters]
    return connection.ask(question, parameters)
  },
}

const keeping = keepingOf(31)
const store: Pick<Store, 'counts' | 'statuses' | 'facts' | 'stageHours' | 'recent' | 'messages'> = {
  ...openCounts(watched, keeping),
  ...openDevices(watched, keeping),
  ...openMessages(watched, keeping),
}

const measure = async (name: string, ask: () => Promise<unknown>): Promise<void> => {
  const durations: number[] = []
  for (let time = 0; time < 5; time++) {
    const began = performance.now()
    await ask()
    durations.push(performance.now() - began)
  }
  const [question, parameters] = watched.last ?? ['', {}]
  const estimates = await connection.ask<{ table: string; rows: string; parts: string }>(
    `EXPLAIN ESTIMATE ${question}`,
    parameters,
  )
  const reads = estimates.map(({ table, rows, parts }) => `${table} ${rows} rows of ${parts} parts`)
  const plan = await connection.ask<{ explain: string }>(
    `EXPLAIN indexes = 1 ${question}`,
    parameters,
  )
  const granules = plan.flatMap(({ explain }) => /Granules: (\S+)/.exec(explain)?.[1] ?? [])
  const median = durations.sort((a, b) => a - b)[2] ?? 0
  say(`${name}: ${median.toFixed(0)} ms, reads ${reads.join(', ')}`)
  say(`  granules by index: ${granules.join(' ')}`)
}

const [{ held } = { held: '0' }] = await connection.ask<{ held: string }>(
  'SELECT count() AS held FROM facts',
)
if (held === '0') await fill()
const sizes = await connection.ask(
  `SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts FROM system.parts
  WHERE database = currentDatabase() AND active GROUP BY table ORDER BY table`,
)
for (const size of sizes) say(JSON.stringify(size))

const ids = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => String(from + i) as MsgId)
const known = await connection.ask<{ device: RegistrationId }>(
  'SELECT device FROM members WHERE app = 1 ORDER BY rand() LIMIT 1000',
)
const devices = known.map(({ device }) => device)
const broadcast = '1' as MsgId
const segment = String(broadcasts + 7) as MsgId

await measure('counts of a segment', () => store.counts(app, [segment], nowMs))
await measure('counts of 100 segments', () => store.counts(app, ids(broadcasts + 1, 100), nowMs))
await measure('counts of a broadcast', () => store.counts(app, [broadcast], nowMs))
await measure('counts of one unknown', () => store.counts(app, ['999999999' as MsgId], nowMs))
const asked = { msgId: broadcast, devices, asOf: today, nowMs }
await measure('statuses of 1,000 in a broadcast', () => store.statuses(app, asked))
await measure('statuses of 1,000 in a segment', () =>
  store.statuses(app, { ...asked, msgId: segment }),
)
await measure('facts, a page of 1,000 of a broadcast', () =>
  store.facts(app, { msgId: broadcast, from: 2 ** 52, limit: 1000 }, nowMs),
)
await measure('hours of a broadcast', () => store.stageHours(app, broadcast, nowMs))
await measure('the newest 50 messages', () =>
  store.recent(app, { from: 0, to: 2 ** 31 - 1, behind: undefined, limit: 50 }, nowMs),
)
await connection.close()
await place?.stop()
