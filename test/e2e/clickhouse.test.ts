// The built program on a ClickHouse: prepared by one verb, then servers that keep nothing themselves, beside
// verbs that read and change what they share; and a directory that moves up into it.
import { readdirSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { callerOf } from '../support/caller.ts'
import { clickHouseOfFile, noClickHouse } from '../support/clickhouse.ts'
import { type Credentials, type Ended, type Variables, workplace } from '../support/program.ts'

const found = clickHouseOfFile()

/** An empty database, as the setting names it. */
const emptyStore = async (): Promise<Variables> => {
  const { url, database } = found()
  const { address, drop } = await database()
  onTestFinished(drop)
  const { username, password, host } = url
  return { PUSHLEDGER_STORE: `clickhouse://${username}:${password}@${host}/${address.database}` }
}

const received = (devices: readonly string[]) => ({
  type: 'received',
  msg_id: 7,
  platform: 'android',
  registration_ids: devices,
  time: Date.now(),
})

/** Of the one line of the audit log, which goes to stderr here. */
const actionIn = ({ stderr }: Ended): string => {
  const { action, outcome } = JSON.parse(stderr) as { action: string; outcome: string }
  return `${action} ${outcome}`
}

describe.skipIf(noClickHouse !== undefined)('a ledger in ClickHouse', () => {
  it('is prepared by a verb, and served by any number of servers', async () => {
    const place = workplace()
    const store = await emptyStore()
    const early = await place.run(['serve', '--port', '0'], store)
    expect(early.code).toBe(1)
    expect(early.stderr).toMatch(/^The database \S+ at \S+ is not prepared .*pushledger migrate/)
    expect(early.stderr).not.toContain('secret')

    const migrated = await place.run(['migrate'], store)
    expect([migrated.code, actionIn(migrated)]).toEqual([0, 'migrate done'])
    expect(migrated.stdout).toContain('0001-ledger')
    expect((await place.run(['migrate'], store)).stdout).not.toContain('0001-ledger')

    const created = await place.run(['app', 'create', 'shop', '--json'], store)
    const app = JSON.parse(created.stdout) as Credentials
    expect(actionIn(created)).toBe('app create done')
    const servers = [await place.serve([], store), await place.serve([], store)]
    const [one, other] = servers.map(({ url }) => callerOf(url, app)) as [
      ReturnType<typeof callerOf>,
      ReturnType<typeof callerOf>,
    ]
    const body = [received(['a', 'b', 'c'])]
    for (const caller of [one, other, one]) {
      const { status, body: summary } = await caller.tell(body)
      expect([status, summary]).toEqual([200, expect.objectContaining({ accepted: 3 })])
    }
    for (const caller of [one, other]) expect(await caller.received(['7', '8'])).toEqual([3, null])
    expect((await other.ask('/readyz')).status).toBe(200)

    const exported = await place.run(['export', 'facts', '7', '--format', 'ndjson'], store)
    expect([exported.code, actionIn(exported)]).toEqual([0, 'export facts done'])
    expect(exported.stdout.trim().split('\n')).toHaveLength(3)
    const refused = callerOf(servers[0]!.url, { key: app.key, secret: 'wrong' })
    expect((await refused.ask('/v3/received?msg_ids=7')).status).toBe(401)
    const ends = []
    for (const server of servers) ends.push(await server.stop())
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    const logged = (end: Ended, msg: string) =>
      end.stderr.split('\n').filter((line) => line.includes(`"msg":"${msg}"`))
    expect(logged(ends[0]!, 'login rejected')).toHaveLength(1)
    expect(logged(ends[0]!, 'started')[0]).toMatch(/"ledger":\{"store":"\w+ at http:/)
    for (const { stderr } of [migrated, created, exported, ...ends]) {
      expect(stderr).not.toContain(app.secret)
      expect(stderr).not.toContain('clickhouse://')
    }
    // There is no directory for an audit log, and none is made.
    expect(readdirSync(place.dir)).toEqual([])
  })

  it('takes in a directory, whose clients go on as before', async () => {
    const place = workplace()
    const app = await place.createApp('shop')
    const before = await place.serve()
    await callerOf(before.url, app).told([received(['a', 'b'])])
    await before.stop()

    const store = await emptyStore()
    const to = ['--from', place.dir, '--to', store['PUSHLEDGER_STORE'] ?? '']
    expect((await place.run(['move', ...to])).code).toBe(1)
    await place.run(['migrate'], store)
    const moved = await place.run(['move', ...to])
    expect([moved.code, moved.stdout]).toEqual([
      0,
      'apps 1, messages 1, facts copied 2: both answer alike\n',
    ])
    const after = await place.serve([], store)
    const caller = callerOf(after.url, app)
    expect(await caller.received(['7'])).toEqual([2])
    await caller.tell([received(['b', 'c'])])
    expect(await caller.received(['7'])).toEqual([3])
  })
})
