// The bound of what device tables take in memory: the one longest unused goes, and is read again from the
// disk when it is asked for; the last one stays, whatever it takes.
import { afterAll, expect, it } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir.ts'
import { device } from '../../../test/support/told.ts'
import { deviceListOf } from '../../ledger/fact.ts'
import { ByteWriter, seal } from './bytes.ts'
import { blockDevices, DeviceTable } from './device-table.ts'
import { type DeviceTables, openDeviceTables } from './device-tables.ts'
import { openEnvironment } from './environment.ts'
import { devicesKey } from './key.ts'

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
  const tables = openDeviceTables(environment, 2 * memoryBytes)
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
  const tables = openDeviceTables(environment, 1)
  const only = await openWithOne(tables, 1)
  tables.trim()
  expect(await tables.open(1)).toBe(only)
})

const keepBlock = async (appId: number, block: number, under = devicesKey(appId, block)) => {
  const table = new DeviceTable(1)
  const ids = Array.from({ length: blockDevices }, (_, i) => device(`${block} ${i}`))
  table.findOrAddAll(deviceListOf(ids), 0, ids.length, new Uint32Array(ids.length))
  const body = new ByteWriter()
  table.writeBlock(body, 0)
  await environment.db.put(under, Buffer.from(seal(devicesKey(appId, block), body.written())))
  environment.refresh()
}

it('a block that is missing is damage, and no device is numbered again', async () => {
  await keepBlock(9, 0)
  await keepBlock(9, 2)
  await expect(openDeviceTables(environment).open(9)).rejects.toThrow('damaged')
})

it('a last block whose key was damaged is found beside its place', async () => {
  for (const [appId, byte] of [5, 1, 0, 9].entries()) {
    const key = devicesKey(20 + appId, 1)
    key[byte] = (key[byte] ?? 0) ^ 0x66
    await keepBlock(20 + appId, 0)
    await keepBlock(20 + appId, 1, key)
    await expect(openDeviceTables(environment).open(20 + appId)).rejects.toThrow('damaged')
    await environment.db.remove(key)
    environment.refresh()
    expect((await openDeviceTables(environment).open(20 + appId)).count).toBe(blockDevices)
  }
})
