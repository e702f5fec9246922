// What verify says of a ledger whose values are whole, and whose sense is not: the list of messages beside
// the messages themselves.
import { expect, it, onTestFinished } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { devices, msgId, told } from '../../../../test/support/told.ts'
import { dayOfHour, openZone } from '../../../ledger/day.ts'
import type { App } from '../../../ledger/store.ts'
import { ByteWriter, seal } from '../lmdb/bytes.ts'
import { type Environment, openEnvironment } from '../lmdb/environment.ts'
import { dayTotalsKey, devicesKey, listedKey } from '../lmdb/key.ts'
import { openEmbedded } from '../store.ts'
import type { Finding } from './finding.ts'
import { verify } from './verify.ts'

const zone = openZone('Asia/Shanghai')!
const nowMs = Date.parse('2024-05-20T12:00:00+08:00')
const hour = zone.hourOf(nowMs)

/** What is found after a change of a ledger with one message. */
const findingsAfter = async (change: (environment: Environment, app: App) => void) => {
  const { path: dir, remove } = makeTempDir()
  onTestFinished(remove)
  const store = await openEmbedded({ dir, thread: false })
  const record = await store.apps.create({
    key: '7d431e42dfa6a6d693ac2d04' as never,
    name: 'shop',
    vip: true,
    timeZone: zone.name,
    salt: '',
    secretHash: '',
    createdAtMs: nowMs,
  })
  const app: App = { id: record?.id ?? 0, zone }
  const sent = { msgId: msgId(7), platform: 'android', stage: 'sent', atMs: nowMs } as const
  await store.append(app, told({ ...sent, devices: devices(3) }), nowMs)
  await store.close()
  const environment = openEnvironment(dir)
  environment.change(() => change(environment, app))
  await environment.close()
  const found: Finding[] = []
  await verify(dir, nowMs, { onFinding: (finding) => found.push(finding), onPlace: () => {} })
  return found.map(({ what }) => what)
}

it('finds nothing where all is well', async () => {
  expect(await findingsAfter(() => {})).toEqual([])
})

it('finds a message that is not listed', async () => {
  const found = await findingsAfter(({ db }, { id }) => {
    db.removeSync(listedKey(id, hour, 7n))
  })
  expect(found).toEqual([expect.stringContaining('it is not in the list of messages')])
})

it('finds what is listed and not there, or listed in another hour', async () => {
  const found = await findingsAfter(({ db }, { id }) => {
    for (const key of [listedKey(id, hour, 8n), listedKey(id, hour - 1, 7n)]) {
      db.putSync(key, Buffer.from(seal(key, Uint8Array.of(0))))
    }
  })
  expect(found).toEqual([
    expect.stringContaining(`it is listed in hour ${hour - 1}, and is not there`),
    expect.stringContaining(`it is listed in hour ${hour}, and is not there`),
  ])
})

it('finds a message that is listed twice', async () => {
  const found = await findingsAfter(({ db }, { id }) => {
    const key = listedKey(id, hour, 6n)
    db.putSync(key, Buffer.from(seal(key, Uint8Array.of(1))))
  })
  expect(found).toEqual(['a message stands in it twice'])
})

/** A block of devices with these ids, which says that it has `count`. */
const putBlock = (
  { db }: Environment,
  { id }: App,
  firstOrdinal: number,
  ids: readonly string[],
  count = ids.length,
): void => {
  const key = devicesKey(id, firstOrdinal)
  const out = new ByteWriter()
  out.varint(count)
  for (const text of ids) out.byte(Buffer.byteLength(text))
  out.append(Buffer.from(ids.join('')))
  const body = out.bytes.subarray(0, out.length)
  db.putSync(key, Buffer.from(seal(key, body)))
}

const idsOf = (count: number) => Array.from({ length: count }, (_, i) => `device-${i}`)

it.each([
  ['an id under two ordinals', 0, ['a', 'b', 'a'], 3, 'the device a has two numbers'],
  ['more ids than a block has', 0, idsOf(1025), 1025, 'no such number of devices'],
  ['ids that stand in the block before', 2, ['d'], 1, 'devices from 3 on is missing'],
  ['ids after a block that is missing', 4, ['d'], 1, 'devices from 3 on is missing'],
  ['fewer ids than it says', 0, ['a', 'b', 'c'], 4, 'ends too early'],
  ['more ids than it says', 0, ['a', 'b', 'c', 'd'], 3, 'bytes of no device'],
  ['an empty id', 0, ['a', 'b', ''], 3, 'an empty id'],
])('finds a block of devices with %s', async (_, firstOrdinal, ids, count, what) => {
  const found = await findingsAfter((environment, app) =>
    putBlock(environment, app, firstOrdinal, ids, count),
  )
  expect(found).toContainEqual(expect.stringContaining(what))
})

it('finds facts of more devices than there are', async () => {
  const found = await findingsAfter((environment, app) => putBlock(environment, app, 0, ['a']))
  expect(found).toContainEqual(expect.stringContaining('device number 2 is none of the app'))
})

const totalsOf = (environment: Environment, { id }: App): Uint8Array =>
  Uint8Array.from(environment.read(dayTotalsKey(id, dayOfHour(hour)))!)

const putTotals = ({ db }: Environment, { id }: App, body: Uint8Array): void => {
  const key = dayTotalsKey(id, dayOfHour(hour))
  db.putSync(key, Buffer.from(seal(key, body)))
}

it.each([
  ['no message', [0, 0]],
  ['one message, nothing counted', [1, 0]],
  ['two messages, nothing counted', [2, 0]],
])('finds totals of a day that are too few: %s', async (_, body) => {
  const found = await findingsAfter((environment, app) => {
    putTotals(environment, app, Uint8Array.from(body))
  })
  expect(found).toEqual(['they are not those of its messages'])
})

it('takes totals of a day that count a forgotten message as well', async () => {
  const found = await findingsAfter((environment, app) => {
    const body = totalsOf(environment, app)
    body[0] = 2
    putTotals(environment, app, body)
  })
  expect(found).toEqual([])
})
