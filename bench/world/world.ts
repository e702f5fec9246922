// What a world of facts is: parts told one after the other, and what must be counted afterwards.
import { part, receivedCells, type Table } from './table.ts'

export interface Part {
  readonly name: string
  readonly table: Table
  /** False for what only warms up. */
  readonly isShown: boolean
}

export interface World {
  readonly title: string
  readonly apps: number
  readonly devicesALine: number
  readonly parts: readonly Part[]
  /** Facts that differ, in all parts. */
  readonly distinct: number
  /** What the bytes on disk are divided by. */
  readonly weighed: { readonly what: string; readonly count: number }
}

const warmUp = 0.05

/** The first facts warm up, the others are measured. */
export const warmed = (table: Table, name: string): Part[] => {
  const from = Math.floor(table.length * warmUp)
  return [
    { name: 'warm-up', table: part(table, 0, from), isShown: false },
    { name, table: part(table, from, table.length), isShown: true },
  ]
}

export interface Received {
  readonly app: number
  readonly msg: bigint
  /** Devices that received it, by whatever channel. */
  readonly devices: number
}

const sampled = 20

/** Some messages, and how many devices received each: counted here, apart from every store. */
export const receivedSample = (world: World): readonly Received[] => {
  const sets = new Map<string, { app: number; msg: bigint; devices: Set<number> }>()
  for (const { table } of world.parts) {
    for (let turn = 0; turn < sampled; turn++) {
      const i = Math.floor(((turn + 0.5) / sampled) * table.length)
      const [app, msg] = [table.app[i] as number, table.msg[i] as bigint]
      sets.set(`${app}:${msg}`, { app, msg, devices: new Set() })
    }
  }
  const apps = [...sets.values()]
  const byMsg = new Map(apps.map((message) => [message.msg, message]))
  if (byMsg.size !== apps.length) throw new Error('sampled messages must have ids of their own')
  const isReceived = Array.from({ length: 256 }, (_, cell) => receivedCells.includes(cell))
  for (const { table } of world.parts) {
    for (let i = 0; i < table.length; i++) {
      if (!isReceived[table.cell[i] as number]) continue
      byMsg.get(table.msg[i] as bigint)?.devices.add(table.device[i] as number)
    }
  }
  return apps.map(({ app, msg, devices }) => ({ app, msg, devices: devices.size }))
}
