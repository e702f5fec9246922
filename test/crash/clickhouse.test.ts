// ClickHouse in trouble, below the very server that `pushledger serve` starts: nothing is answered as kept
// that is not, a body that is told again counts once, and all goes on without a restart.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Issued, openApps, parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { openLog } from '../../src/runtime/log.ts'
import { type Serving, serve } from '../../src/server/server.ts'
import { type Address, parseAddress } from '../../src/store/clickhouse/address.ts'
import { openTablesAt } from '../../src/store/open.ts'
import { callerOf } from '../support/caller.ts'
import { clickHouseOfFile, migratedDatabase, noClickHouse } from '../support/clickhouse.ts'
import { type FaultyWay, openFaultyWay, type Trouble } from '../support/faulty-way.ts'
import { until } from '../support/until.ts'

const found = clickHouseOfFile()
const nowMs = Date.parse('2026-05-20T12:00:00+08:00')

let way: FaultyWay
let servings: readonly Serving[] = []
let app: Issued
let drop: () => Promise<void> = async () => {}

const startOn = (store: Address): Promise<Serving> =>
  serve(
    {
      ...{ data: 'not-made', store, host: '127.0.0.1', port: 0, rateLimit: 0, keepDays: 31 },
      ...{ bodyBytesMax: 16_777_216, lineDevicesMax: 10_000, console: false },
    },
    () => nowMs,
    openLog('silent'),
  )

const createApp = async (address: Address): Promise<Issued> => {
  const tables = await openTablesAt(address)
  const name = parseAppName('Shop')!
  const zone = parseTimeZone('Asia/Shanghai')!
  const apps = openApps(tables.apps, randomBytes, () => nowMs)
  const issued = await apps.create({ name, vip: true, timeZone: zone })
  await tables.close()
  return issued!
}

beforeAll(async () => {
  if (noClickHouse !== undefined) return
  const made = await migratedDatabase(found())
  drop = made.drop
  app = await createApp(made.address)
  way = await openFaultyWay(found().url)
  const behind = parseAddress(
    `${way.url.href.replace('http', 'clickhouse')}${made.address.database}`,
  )
  servings = [await startOn(behind!), await startOn(made.address)]
})
afterAll(async () => {
  for (const serving of servings) await serving.close()
  await way?.close()
  await drop()
})

const callerAt = (server: number) =>
  callerOf(servings[server]?.url ?? '', { key: app.record.key, secret: app.secret })

const bodyOf = (msgId: number, devices: readonly string[]) => ({
  method: 'POST',
  body: JSON.stringify({
    type: 'received',
    msg_id: msgId,
    platform: 'android',
    time: nowMs,
    registration_ids: devices,
  }),
})

const receivedAt = async (server: number, msgId: number): Promise<unknown> => {
  const { body } = await callerAt(server).ask(`/v3/received?msg_ids=${msgId}`)
  return (body as unknown as { android_received: number | null }[])[0]?.android_received
}

const bodiesTold = async (): Promise<number> => {
  const { body } = await callerAt(1).ask('/v1/feed')
  const { hours } = body as unknown as { hours: readonly { bodies: number }[] }
  return hours.reduce((sum, { bodies }) => sum + bodies, 0)
}

const refusals: readonly (readonly [string, Trouble, RegExp])[] = [
  ['is down', 'down', /INSERT/],
  ['answers half', 'half', /SELECT/],
  ['keeps it and its answer is lost', 'lost', /INSERT INTO facts/],
  ['keeps members and then is down', 'down', /INSERT INTO facts/],
  ['keeps facts and then is down', 'down', /INSERT INTO feed/],
  [
    'refuses the quorum',
    {
      status: 500,
      code: 285,
      text: 'Number of alive replicas (1) is less than requested quorum (2/3). (TOO_FEW_LIVE_REPLICAS)',
    },
    /INSERT INTO facts/,
  ],
  [
    'has a full disk',
    {
      status: 500,
      code: 243,
      text: 'Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)',
    },
    /INSERT INTO facts/,
  ],
  [
    'has too many parts',
    {
      status: 500,
      code: 252,
      text: 'Too many parts (3000 with average size of 1.00 MiB). (TOO_MANY_PARTS)',
    },
    /INSERT INTO messages/,
  ],
]

describe.skipIf(noClickHouse !== undefined)('a server whose ClickHouse', () => {
  it.each(refusals.map((each, i) => [...each, i + 1] as const))(
    '%s answers 503, and counts once what is told again',
    async (_, trouble, where, msgId) => {
      const before = await bodiesTold()
      way.trouble(trouble, where)
      const refused = await callerAt(0).ask('/v1/events', bodyOf(msgId, ['a', 'b', 'c']))
      expect(refused.status).toBe(503)
      expect(refused.headers.get('retry-after')).toBe('1')
      way.trouble(undefined)
      const again = await callerAt(0).ask('/v1/events', bodyOf(msgId, ['a', 'b', 'c']))
      expect([again.status, again.body]).toMatchObject([200, { accepted: 3, repeated: null }])
      expect([await receivedAt(0, msgId), await receivedAt(1, msgId)]).toEqual([3, 3])
      expect(await bodiesTold()).toBe(before + 1)
    },
  )

  it('does not answer is not ready, and is again by itself', async () => {
    const ready = async () => (await callerAt(0).ask('/readyz')).text
    way.trouble('silent', /ping/)
    await until('it is not ready', async () => (await ready()).includes('"clickhouse"'))
    way.trouble('down')
    const { status } = await callerAt(0).ask('/v3/received?msg_ids=1')
    expect(status).toBe(503)
    way.trouble(undefined)
    await until('it is ready', async () => (await ready()).includes('"ready"'))
    expect(await receivedAt(0, 1)).toBe(3)
  })

  it('serves another server too agrees with it while both tell and ask at once', async () => {
    const msgId = 77
    const devices = Array.from({ length: 400 }, (_, i) => `device-${i}`)
    const telling = Array.from({ length: 8 }, async (_, i) => {
      const some = devices.slice(i * 40, i * 40 + 120)
      const { status } = await callerAt(i % 2).ask('/v1/events', bodyOf(msgId, some))
      expect(status).toBe(200)
      // Whoever asks after an answer, wherever, finds it.
      expect(await receivedAt((i + 1) % 2, msgId)).toBeGreaterThanOrEqual(120)
    })
    await Promise.all(telling)
    expect([await receivedAt(0, msgId), await receivedAt(1, msgId)]).toEqual([400, 400])
  })
})
