// The bound of what device tables take in memory: the one longest unused goes, and is read again from the
// disk when it is asked for; the last one stays, whatever it takes.
import { afterAll, expect, it } from 'vitest'
import { makeTempDir } from '../../../../test/support/temp-dir.ts'
import { device, devices } from '../../../../test/support/told.ts'
import { deviceListOf } from '../../../ledger/event-batch.ts'
import { ByteWriter, seal } from '../lmdb/bytes.ts'
import { openEnvironment } from '../lmdb/environment.ts'
import { devicesKey } from '../lmdb/key.ts'
import { openSharedMemory } from './chunk-memory.ts'
import { DeviceTable } from './dictionary.ts'
import { type DeviceTables, openDeviceTables } from './dictionary-cache.ts'
import { lookUpMax } from './hash-index.ts'
import { blockDevices } from './id-block.ts'
import { lookUpHere } from './lookup-worker.ts'

const { path: dir, remove } = makeTempDir()
const environment = openEnvironment(dir)
afterAll(async () => {
  await environment.close()
  remove()
})

/** With one device in it, which is not on the disk. */
const openWithOne = async (tables: DeviceTables, appId: number): Promise<DeviceTable> => {
  const table = await tables.open(appId)
  table.findOrAddAll(deviceListOf([device('a')]), 0, 1, new Uint32Array(1))
  return table
}

it('keep to their bound, and let go of the one longest unused', async () => {
  const { memoryBytes } = await openWithOne(openDeviceTables(environment), 1)
  expect(memoryBytes).toBeGreaterThan(0)
  const tables = openDeviceTables(environment, lookUpHere, 2 * memoryBytes)
  const first = await openWithOne(tables, 1)
  const second = await openWithOne(tables, 2)
  tables.trim()
  expect(await tables.open(2)).toBe(second)
  expect(await tables.open(1)).toBe(first)
  await openWithOne(tables, 3)
  tables.trim()
  expect(await tables.open(1)).toBe(first)
  expect(await tables.open(2)).not.toBe(second)
})

it('let the last one stay, whatever it takes', async () => {
  const tables = openDeviceTables(environment, lookUpHere, 1)
  const only = await openWithOne(tables, 1)
  tables.trim()
  expect(await tables.open(1)).toBe(only)
})

it('lend the memory of one that is dropped to the next, once nobody looks at it any more', async () => {
  const forgotten: DeviceTable[] = []
  const lookers: (() => void)[] = []
  const lookUp = {
    memory: openSharedMemory(),
    forget: (table: DeviceTable, onForgotten: () => void) => {
      forgotten.push(table)
      lookers.push(onForgotten)
    },
  }
  const tables = openDeviceTables(environment, lookUp)
  const fill = async (appId: number, prefix: string) => {
    const table = await tables.open(appId)
    const list = deviceListOf(devices(100_000, prefix))
    const ordinals = new Uint32Array(list.starts.length)
    for (let from = 0; from < ordinals.length; from += lookUpMax) {
      const to = Math.min(from + lookUpMax, ordinals.length)
      table.findOrAddAll(list, from, to, ordinals)
    }
    return table
  }
  const memoryOf = ({ index }: DeviceTable) => [...index.ids, ...index.slots].map((c) => c.buffer)
  const first = await fill(1, 'first')
  tables.drop(1)
  expect([first.isEnded, forgotten]).toEqual([false, []])
  tables.trim()
  expect([first.isEnded, forgotten]).toEqual([true, [first]])
  const ofFirst = memoryOf(first)
  const shared = (table: DeviceTable) => memoryOf(table).filter((each) => ofFirst.includes(each))
  // A thread may still be looking at it.
  expect(shared(await fill(3, 'third'))).toEqual([])
  for (const look of lookers) look()
  const second = await fill(2, 'second')
  expect(shared(second).length).toBeGreaterThan(3)
  expect(second.firstTwice()).toBeUndefined()
  expect(second.count).toBe(100_000)
})

const keyOf = (appId: number, block: number) => devicesKey(appId, block * blockDevices)

const keepBlock = async (appId: number, block: number, under = keyOf(appId, block)) => {
  const table = new DeviceTable(1)
  const ids = Array.from({ length: blockDevices }, (_, i) => device(`${block} ${i}`))
  table.findOrAddAll(deviceListOf(ids), 0, ids.length, new Uint32Array(ids.length))
  const body = new ByteWriter()
  table.writeBlock(body, 0)
  await environment.db.put(under, Buffer.from(seal(keyOf(appId, block), body.written())))
  environment.refresh()
}

it('a block that is missing is damage, and no device is numbered again', async () => {
  await keepBlock(9, 0)
  await keepBlock(9, 2)
  await expect(openDeviceTables(environment).open(9)).rejects.toThrow('damaged')
})

it('a last block whose key was damaged is found beside its place', async () => {
  for (const [appId, byte] of [5, 1, 0, 9].entries()) {
    const key = keyOf(20 + appId, 1)
    key[byte] = (key[byte] ?? 0) ^ 0x66
    await keepBlock(20 + appId, 0)
    await keepBlock(20 + appId, 1, key)
    await expect(openDeviceTables(environment).open(20 + appId)).rejects.toThrow('damaged')
    await environment.db.remove(key)
    environment.refresh()
    expect((await openDeviceTables(environment).open(20 + appId)).count).toBe(blockDevices)
  }
})
