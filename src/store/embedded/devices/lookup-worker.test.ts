// Ids looked up on a thread: the table's own ordinals, as far as it has them, while it grows; and what is
// better looked up by whoever asks.
import { afterAll, expect, it } from 'vitest'
import { devices as named, shared, told } from '../../../../test/support/told.ts'
import type { DeviceList } from '../../../ledger/event-batch.ts'
import { DeviceTable } from './dictionary.ts'
import { DeviceIndex, lookUpMax, noOrdinal } from './hash-index.ts'
import { openLookUp } from './lookup-worker.ts'

const troubles: Error[] = []
const lookUp = openLookUp((cause) => troubles.push(cause))
afterAll(async () => {
  await lookUp.close()
  expect(troubles).toEqual([])
})

const count = 20_000
const listOf = (prefix: string): DeviceList =>
  shared(told({ about: 'online', platform: 'ios', atMs: 0, devices: named(count, prefix) })).devices

const addAll = (table: DeviceTable, list: DeviceList): Uint32Array => {
  const ordinals = new Uint32Array(list.starts.length)
  for (let from = 0; from < ordinals.length; from += lookUpMax) {
    table.findOrAddAll(list, from, Math.min(from + lookUpMax, ordinals.length), ordinals)
  }
  return ordinals
}

/** Asked so often for the same that they count as known. */
const known = async (list: DeviceList, seed = 7): Promise<DeviceTable> => {
  const table = new DeviceTable(seed, lookUp.memory)
  addAll(table, list)
  for (let asks = 0; asks < 4; asks++) (await lookUp.find(table, list))?.release()
  return table
}

it('finds what the table holds, and goes on to when the table has grown', async () => {
  const list = listOf('a')
  const table = await known(list)
  for (const prefix of ['b', 'c', 'd', 'e', 'f']) {
    const more = listOf(prefix)
    const missing = await lookUp.find(table, more)
    expect(new Set(missing?.ordinals)).toEqual(new Set([noOrdinal]))
    missing?.release()
    const added = addAll(table, more)
    const found = await lookUp.find(table, more)
    expect(found?.table).toBe(table)
    expect(found?.ordinals).toEqual(added)
    found?.release()
    // The growth of the table is not to count for what it makes of the next ones.
    for (let asks = 0; asks < 8; asks++) (await lookUp.find(table, list))?.release()
  }
})

it('keeps tables apart, and forgets them', async () => {
  const [a, b] = [listOf('a'), listOf('b')]
  const [one, other] = [await known(a), await known(b, 8)]
  const [inOne, inOther] = await Promise.all([lookUp.find(one, b), lookUp.find(other, b)])
  expect(inOne?.ordinals).toEqual(new Uint32Array(count).fill(noOrdinal))
  expect(inOther?.ordinals).toEqual(addAll(other, b))
  await new Promise<void>((resolve) => lookUp.forget(one, resolve))
  expect(lookUp.find(one, a)).toBeUndefined()
  for (let asks = 0; asks < 3; asks++) lookUp.find(one, a)
  expect((await lookUp.find(one, a))?.ordinals).toEqual(addAll(one, a))
})

it('never finds a wrong one while the table grows', async () => {
  const list = listOf('a')
  const table = await known(list)
  const ordinals = new Map<string, Uint32Array>()
  const asked: [string, Promise<Uint32Array>][] = []
  for (let n = 0; n < 30; n++) {
    const more = listOf(`growing ${n}`)
    for (let asks = 0; asks < 4; asks++) {
      const found = lookUp.find(table, list)
      if (found !== undefined) asked.push(['a', found.then(taken)])
    }
    const found = lookUp.find(table, more)
    if (found !== undefined) asked.push([`growing ${n}`, found.then(taken)])
    ordinals.set(`growing ${n}`, addAll(table, more))
  }
  ordinals.set('a', addAll(table, list))
  let hits = 0
  for (const [prefix, finding] of asked) {
    const right = ordinals.get(prefix)
    const found = await finding
    found.forEach((ordinal, i) => {
      if (ordinal === noOrdinal) return
      hits++
      if (ordinal !== right?.[i]) throw new Error(`${prefix}-${i} is ${right?.[i]}, not ${ordinal}`)
    })
  }
  expect(hits).toBeGreaterThan(10 * count)
})

const taken = (found: { ordinals: Uint32Array; release(): void } | undefined): Uint32Array => {
  const ordinals = Uint32Array.from(found?.ordinals ?? [])
  found?.release()
  return ordinals
}

it('leaves to who asks what is mostly new, what is short, and what no thread can see', async () => {
  const list = listOf('a')
  const table = new DeviceTable(7, lookUp.memory)
  for (const prefix of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    expect(lookUp.find(table, listOf(prefix))).toBeUndefined()
    addAll(table, listOf(prefix))
  }
  for (let asks = 0; asks < 4; asks++) (await lookUp.find(table, list))?.release()
  expect((await lookUp.find(table, list))?.ordinals).toHaveLength(list.starts.length)
  const few = { ...list, starts: list.starts.subarray(0, 1_000) }
  expect(lookUp.find(table, few)).toBeUndefined()
  expect(lookUp.find(table, { ...list, bytes: Uint8Array.from(list.bytes) })).toBeUndefined()
})

it('leaves all to who asks once the thread has ended', async () => {
  const ended: string[] = []
  const script = `import { parentPort } from 'node:worker_threads'
    parentPort.on('message', () => process.exit(7))`
  const file = new URL(`data:text/javascript,${encodeURIComponent(script)}`)
  const own = openLookUp(({ message }) => ended.push(message), file)
  const list = listOf('a')
  const table = new DeviceTable(7, own.memory)
  addAll(table, list)
  for (let asks = 0; asks < 3; asks++) own.find(table, list)
  expect(await own.find(table, list)).toBeUndefined()
  expect(ended).toEqual(['the thread that looks ids up has ended'])
  expect(own.find(table, list)).toBeUndefined()
  let isForgotten = false
  own.forget(table, () => {
    isForgotten = true
  })
  expect(isForgotten).toBe(true)
  await own.close()
})

it('ends, and gives the reason, where looking up throws', async () => {
  const ended: Error[] = []
  const own = openLookUp((cause) => ended.push(cause))
  const list = listOf('a')
  const table = new DeviceTable(7, own.memory)
  addAll(table, list)
  for (let asks = 0; asks < 4; asks++) (await own.find(table, list))?.release()
  const starts = new Uint32Array(new SharedArrayBuffer(list.starts.byteLength)).fill(2 ** 31)
  expect(await own.find(table, { ...list, starts })).toBeUndefined()
  expect(ended).toEqual([expect.any(RangeError)])
  await own.close()
})

it('calls back that a table is forgotten after what was asked of it before', async () => {
  const list = listOf('a')
  const table = await known(list)
  const order: string[] = []
  const finding = lookUp.find(table, list)?.then((found) => {
    order.push('found')
    found?.release()
  })
  await new Promise<void>((resolve) => {
    lookUp.forget(table, () => {
      order.push('forgotten')
      resolve()
    })
  })
  await finding
  expect(order).toEqual(['found', 'forgotten'])
})

it('looks at no id that came after it was told where ids end', () => {
  const [before, after] = [listOf('before'), listOf('after')]
  const table = new DeviceTable(7, lookUp.memory)
  const ordinals = addAll(table, before)
  // The state of another thread: the same memory, and the end that the request named.
  const index = new DeviceIndex(table.index.seed, table.index.directory)
  index.placesEnd = table.placesEnd
  addAll(table, after)
  index.ids.push(...table.index.ids)
  index.slots.push(...table.index.slots)
  index.directory = table.index.directory
  const findAll = (list: DeviceList): Uint32Array => {
    const found = new Uint32Array(count)
    for (let from = 0; from < count; from += lookUpMax) {
      index.findAll(list, from, Math.min(from + lookUpMax, count), found)
    }
    return found
  }
  expect(findAll(before)).toEqual(ordinals)
  expect(findAll(after).every((ordinal) => ordinal === noOrdinal)).toBe(true)
})
