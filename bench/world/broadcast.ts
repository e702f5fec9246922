// Pushes to every device of one app, by jpush or one of six vendors, by both for some: `target` for
// all, then `received` for all, each in random order.
import { type Random, seeded, shuffled } from './random.ts'
import { cellOf, channels, openTable, type StageName, type Table } from './table.ts'
import type { World } from './world.ts'

const jpushShare = 0.4
const overlap = 0.05
const lineDevices = 1_000
export const broadcastId = (n: number): bigint => 18_101_211_308_815_829n + BigInt(n) * 1_009n

interface Way {
  readonly device: Uint32Array
  readonly channel: Uint8Array
}

/** Who is reached by what, each pair once. */
const waysOf = (devices: number, random: Random): Way => {
  const device: number[] = []
  const channel: number[] = []
  for (let n = 0; n < devices; n++) {
    const first = random() < jpushShare ? 0 : 1 + Math.floor(random() * (channels.length - 1))
    device.push(n)
    channel.push(first)
    if (random() >= overlap) continue
    device.push(n)
    channel.push((first + 1) % channels.length)
  }
  return { device: Uint32Array.from(device), channel: Uint8Array.from(channel) }
}

/** The order in which receipts come in; for grouped lines a thousand of a channel at a time. */
const orderOf = (ways: Way, isGrouped: boolean, random: Random): Uint32Array => {
  const order = shuffled(ways.device.length, random)
  if (!isGrouped) return order
  const grouped = new Uint32Array(order.length)
  const waiting = channels.map((): number[] => [])
  let next = 0
  const empty = (some: number[]): void => {
    grouped.set(some, next)
    next += some.length
    some.length = 0
  }
  for (const i of order) {
    const some = waiting[ways.channel[i] as number] as number[]
    some.push(i)
    if (some.length === lineDevices) empty(some)
  }
  for (const some of waiting) empty(some)
  return grouped
}

const push = (ways: Way, msg: bigint, isGrouped: boolean, random: Random, atMs: number): Table => {
  const table = openTable(ways.device.length * 2)
  for (const stage of ['target', 'received'] satisfies StageName[]) {
    for (const i of orderOf(ways, isGrouped, random)) {
      const cell = cellOf(stage, ways.channel[i] as number)
      table.add(0, msg, cell, ways.device[i] as number, atMs)
    }
  }
  return table.close()
}

/** A first push, whose devices are all new, and next ones to the same devices. */
export const broadcast = (devices: number, isGrouped: boolean, atMs: number, pushes = 2): World => {
  const random = seeded(1)
  const ways = waysOf(devices, random)
  const parts = Array.from({ length: pushes }, (_, n) => ({
    name: n === 0 ? 'first push, all devices new' : 'next push, devices known',
    table: push(ways, broadcastId(n), isGrouped, random, atMs),
    isShown: true,
  }))
  const facts = ways.device.length * 2 * pushes
  return {
    title: `broadcast to ${devices.toLocaleString('en')} devices, ${isGrouped ? 'up to 1,000 devices' : 'one event'} a line`,
    apps: 1,
    devicesALine: isGrouped ? lineDevices : 1,
    parts,
    distinct: facts,
    weighed: { what: 'fact', count: facts },
  }
}
