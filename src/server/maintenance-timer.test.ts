// Rounds of housekeeping over the memory engine: what they free, and that failures stop nothing.
import { createHash } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { devices, msgId, told } from '../../test/support/told.ts'
import { openApps, parseAppName, parseTimeZone } from '../apps/apps.ts'
import { openGroupPushes } from '../apps/group-pushes.ts'
import type { Store } from '../ledger/store.ts'
import { openLog } from '../runtime/log.ts'
import { openMemoryApps } from '../store/memory/apps.ts'
import { openMemoryGroups } from '../store/memory/groups.ts'
import { openMemory } from '../store/memory/store.ts'
import { type House, type Housekeeping, keepHouse } from './maintenance-timer.ts'

const noon = Date.parse('2014-06-12T12:00:00+08:00')
const dayMs = 86_400_000
let keeping: Housekeeping | undefined
afterEach(() => keeping?.stop())

const start = (
  change: (store: Store) => Partial<Store> = () => ({}),
  clockWatch: House['clockWatch'] = { isBelieved: () => true, keep: async () => {} },
) => {
  const clock = { nowMs: noon }
  const memory = openMemory()
  const lines: string[] = []
  const log = openLog('info', { write: (line) => lines.push(line) })
  const table = openMemoryApps()
  let calls = 0
  const random = (bytes: number) =>
    createHash('sha512').update(String(calls++)).digest().subarray(0, bytes)
  const apps = openApps(table, random, () => clock.nowMs)
  const store: Store = { ...memory, ...change(memory) }
  const pushes = openGroupPushes(openMemoryGroups(), 31)
  const swept: number[] = []
  const onSwept = (messages: number) => swept.push(messages)
  const now = () => clock.nowMs
  const house = keepHouse({ store, table, apps, pushes, clock: now, clockWatch, log, onSwept })
  keeping = house
  const create = async () => {
    const issued = await apps.create({
      name: parseAppName('a')!,
      vip: true,
      timeZone: parseTimeZone('Asia/Shanghai')!,
    })
    const { record } = issued!
    const line = {
      msgId: msgId(1),
      platform: 'android',
      stage: 'sent',
      devices: devices(2),
    } as const
    await store.append(apps.open(record), told({ ...line, atMs: clock.nowMs }), clock.nowMs)
    return record
  }
  return { clock, memory, lines, table, apps, house, swept, create }
}

it('forgets removed apps in every round, and expired messages in every sixtieth', async () => {
  const { clock, lines, table, apps, house, swept, create } = start()
  await create()
  await house.round()
  expect(lines).toEqual([])
  const gone = await create()
  await apps.remove(gone.key)
  expect(await table.removed()).toEqual([gone.id])
  clock.nowMs += 40 * dayMs
  await house.round()
  expect(await table.removed()).toEqual([])
  expect(lines).toEqual([])
  for (let i = 0; i < 59; i++) await house.round()
  expect(lines.map((line) => (JSON.parse(line) as { messages: number }).messages)).toEqual([1])
  expect(swept).toEqual([0, 1])
})

it('sweeps nothing while the clock is not believed, and in the first round after it is', async () => {
  let isBelieved = false
  let kept = 0
  const { clock, swept, house, create } = start(() => ({}), {
    isBelieved: () => isBelieved,
    keep: async () => {
      kept += 1
    },
  })
  await create()
  clock.nowMs += 40 * dayMs
  for (let i = 0; i < 130; i++) await house.round()
  expect([swept, kept]).toEqual([[], 130])
  isBelieved = true
  await house.round()
  expect(swept).toEqual([1])
  for (let i = 0; i < 59; i++) await house.round()
  expect(swept).toEqual([1])
  await house.round()
  expect(swept).toEqual([1, 0])
})

it('logs a failure, goes on with the rest and tries again', async () => {
  let isBroken = true
  const { lines, apps, table, house, create } = start((memory) => ({
    removeApp: async (id) => {
      if (isBroken && id === 1) throw new Error('the disk is full')
      await memory.removeApp(id)
    },
  }))
  for (const record of [await create(), await create()]) await apps.remove(record.key)
  await house.round()
  expect(await table.removed()).toEqual([1])
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('could not forget a removed app; will try again')
  isBroken = false
  await house.round()
  expect(await table.removed()).toEqual([])
})

it('does not overtake itself, and stops', async () => {
  let removals = 0
  const { apps, house, create } = start((memory) => ({
    removeApp: async (id) => {
      removals += 1
      await memory.removeApp(id)
    },
  }))
  await apps.remove((await create()).key)
  await Promise.all([house.round(), house.round()])
  expect(removals).toBe(1)
  await apps.remove((await create()).key)
  await house.stop()
  await house.round()
  expect(removals).toBe(1)
})
