// The device tables of the apps in use: loaded from disk at an app's first use, dropped again when
// they take more memory than allowed, least recently used first.
import { randomInt } from 'node:crypto'
import { inSlices } from '../../../runtime/time-slice.ts'
import { Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import { deviceBlocks, devicesKey, ordinalOfKey } from '../lmdb/key.ts'
import type { Vitals } from '../lmdb/stats.ts'
import { DeviceTable } from './dictionary.ts'
import { type LookUp, lookUpHere } from './lookup-worker.ts'

/** Tables in memory take so much together, or one app's table alone what it needs. */
const tableBytesMax = 2 ** 31

export interface DeviceTables {
  open(appId: number): Promise<DeviceTable>
  /** Undefined where the table is not in memory. */
  loaded(appId: number): DeviceTable | undefined
  /** Forgets a table that holds ids which never reached the disk, or whose app is gone. */
  drop(appId: number): void
  /**
   * Keeps to the bound, and ends the tables that were dropped; called only while no table has ids under way
   * to the disk.
   */
  trim(): void
  /** The tables in memory. */
  held(): Pick<Vitals, 'tables' | 'devices' | 'tableBytes'>
}

export const openDeviceTables = (
  environment: Environment,
  lookUp: Pick<LookUp, 'memory' | 'forget'> = lookUpHere,
  bytesMax: number = tableBytesMax,
): DeviceTables => {
  // A Map keeps the order in which keys were set, so the least recently used comes first.
  const tables = new Map<number, Promise<DeviceTable>>()
  const loaded = new Map<number, DeviceTable>()
  const dropped: DeviceTable[] = []
  const seed = randomInt(2 ** 32)

  const load = async (appId: number): Promise<DeviceTable> => {
    const table = new DeviceTable(seed, lookUp.memory)
    await inSlices(readBlocks(environment, appId, table))
    return table
  }

  const drop = (appId: number): void => {
    const table = loaded.get(appId)
    if (table !== undefined) dropped.push(table)
    tables.delete(appId)
    loaded.delete(appId)
  }

  return {
    drop,
    loaded: (appId) => loaded.get(appId),
    async open(appId) {
      const known = tables.get(appId)
      const opening = known ?? load(appId)
      tables.delete(appId)
      tables.set(appId, opening)
      try {
        const table = await opening
        if (tables.get(appId) === opening) loaded.set(appId, table)
        return table
      } catch (cause) {
        if (tables.get(appId) === opening) drop(appId)
        throw cause
      }
    },
    trim() {
      let bytes = 0
      for (const table of loaded.values()) bytes += table.memoryBytes
      for (const appId of [...tables.keys()].filter((id) => loaded.has(id))) {
        if (bytes <= bytesMax || loaded.size <= 1) break
        bytes -= loaded.get(appId)?.memoryBytes ?? 0
        drop(appId)
      }
      for (const table of dropped.splice(0)) {
        table.isEnded = true
        lookUp.forget(table, () => table.end())
      }
    },
    held() {
      const held = { tables: loaded.size, devices: 0, tableBytes: 0 }
      for (const { count, memoryBytes } of loaded.values()) {
        held.devices += count
        held.tableBytes += memoryBytes
      }
      return held
    },
  }
}

function* readBlocks(environment: Environment, appId: number, table: DeviceTable): Generator<void> {
  const { start, end } = deviceBlocks(appId)
  for (let from = start; ; ) {
    const entry = environment.firstIn({ start: from, end })
    // What should be the next block may stand beside its place, under a key that was damaged.
    if (entry === undefined) return environment.checkBeside(devicesKey(appId, table.count))
    if (ordinalOfKey(entry.key) !== table.count) throw new Damage('a block of devices is missing')
    table.readBlock(entry.body)
    // The next key sorts just behind this one.
    from = Uint8Array.from([...entry.key, 0])
    yield
  }
}
