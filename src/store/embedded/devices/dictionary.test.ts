// The device table: every id has one ordinal, whatever the ids look like and however it grew.

import { expect, test } from 'vitest'
import { randomOf } from '../../../../test/support/random.ts'
import { ByteWriter } from '../lmdb/bytes.ts'
import { DeviceTable } from './dictionary.ts'
import { lookUpMax } from './hash-index.ts'
import { blockBytesMax, blockDevices } from './id-block.ts'

const text = new TextEncoder()

const idOf = (n: number): Uint8Array =>
  text.encode(n % 3 === 0 ? `${n}` : n % 3 === 1 ? `1507bfd3a7c568d${n}` : `${'é'.repeat(20)}${n}`)

const findOrAdd = (table: DeviceTable, bytes: Uint8Array, start: number, length: number) => {
  const devices = { bytes, starts: Uint32Array.of(start), lengths: Uint16Array.of(length) }
  const ordinals = new Uint32Array(1)
  table.findOrAddAll(devices, 0, 1, ordinals)
  return ordinals[0]
}

const filled = (devices: number, seed = 7): DeviceTable => {
  const table = new DeviceTable(seed)
  for (let n = 0; n < devices; n++) {
    const id = idOf(n)
    expect(findOrAdd(table, id, 0, id.length)).toBe(n)
  }
  return table
}

test('ordinals are dense, in order of first sight, and found again', () => {
  const table = filled(10_000)
  expect(table.count).toBe(10_000)
  for (let n = 9_999; n >= 0; n -= 7) {
    const id = idOf(n)
    expect(table.find(id, 0, id.length)).toBe(n)
    expect(findOrAdd(table, id, 0, id.length)).toBe(n)
  }
  const stranger = text.encode('nobody')
  expect(table.find(stranger, 0, stranger.length)).toBe(-1)
  expect(table.count).toBe(10_000)
})

test('an id is read from its place among other bytes', () => {
  const table = new DeviceTable(1)
  const bytes = text.encode('"abc","ab","abcd"')
  expect(findOrAdd(table, bytes, 1, 3)).toBe(0)
  expect(findOrAdd(table, bytes, 7, 2)).toBe(1)
  expect(findOrAdd(table, bytes, 12, 4)).toBe(2)
  expect(table.find(bytes, 12, 3)).toBe(0)
})

test('ids are looked up together as they are one by one, the same ones twice in a batch too', () => {
  const random = randomOf(3)
  const one = new DeviceTable(5)
  const other = new DeviceTable(6)
  for (let batch = 0; batch < 40; batch++) {
    const count = random.int(1, lookUpMax)
    const ids = Array.from({ length: count }, () => idOf(random.int(0, 5000)))
    const bytes = Uint8Array.from(ids.flatMap((id) => [...id]))
    const lengths = Uint16Array.from(ids, (id) => id.length)
    const starts = new Uint32Array(count)
    for (let i = 1; i < count; i++) starts[i] = (starts[i - 1] ?? 0) + (lengths[i - 1] ?? 0)
    const ordinals = new Uint32Array(count)
    one.findOrAddAll({ bytes, starts, lengths }, 0, count, ordinals)
    expect([...ordinals]).toEqual(ids.map((id) => findOrAdd(other, id, 0, id.length)))
  }
  expect(one.count).toBe(other.count)
})

test('equal hashes do not make equal devices: every length and byte counts', () => {
  const table = new DeviceTable(0)
  const ids = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte))
  ids.forEach((id, n) => {
    expect(findOrAdd(table, id, 0, 1)).toBe(n)
  })
})

test('blocks written are blocks read, into a table that goes on from there', () => {
  const devices = blockDevices * 2 + 5
  const table = filled(devices)
  const again = new DeviceTable(99)
  for (let block = 0; block < 3; block++) {
    const out = new ByteWriter()
    table.writeBlock(out, block)
    again.readBlock(Uint8Array.from(out.written()))
  }
  expect(again.count).toBe(devices)
  expect(again.durable).toBe(devices)
  for (let n = 0; n < devices; n++) {
    const id = idOf(n)
    expect(again.find(id, 0, id.length)).toBe(n)
  }
  const next = text.encode('next')
  expect(findOrAdd(again, next, 0, next.length)).toBe(devices)
})

test('ids of many chunks are written and read as those of one', () => {
  const table = new DeviceTable(1)
  const ids = Array.from({ length: 30_000 }, (_, n) => text.encode(`${n}-`.repeat(1 + (n % 17))))
  for (const id of ids) findOrAdd(table, id, 0, id.length)
  const again = new DeviceTable(2)
  const out = new ByteWriter()
  for (const block of table.blocks.from(0)) {
    out.reset()
    table.writeBlock(out, block)
    again.readBlock(out.written().slice())
  }
  expect(again.memoryBytes).toBeGreaterThan(2 * 2 ** 20)
  ids.forEach((id, n) => {
    expect(again.find(id, 0, id.length)).toBe(n)
  })
  expect(again.firstTwice()).toBeUndefined()
})

test('ids of every length are found, written and read, in blocks of bounded bytes', () => {
  const table = new DeviceTable(3)
  const lengths = Array.from({ length: 512 }, (_, i) => i + 1)
  const ids = [...lengths, ...new Array<number>(200).fill(512)].map((length, n) =>
    text.encode(`${n}`.padStart(length, 'x').slice(-length)),
  )
  const distinct = new Set(ids.map(String)).size
  for (const id of ids) findOrAdd(table, id, 0, id.length)
  expect(table.count).toBe(distinct)
  const again = new DeviceTable(4)
  const out = new ByteWriter()
  for (const block of table.blocks.from(0)) {
    out.reset()
    expect(table.writeBlock(out, block)).toBe(again.count)
    expect(out.length).toBeLessThan(blockBytesMax + 2 * blockDevices)
    again.readBlock(out.written().slice())
  }
  expect(table.blocks.count).toBe(Math.ceil(ids.reduce((sum, id) => sum + id.length, 0) / 32_500))
  expect(again.count).toBe(distinct)
  for (const id of ids) expect(again.find(id, 0, id.length)).toBe(table.find(id, 0, id.length))
  expect(again.find(text.encode('x'.repeat(512)), 0, 512)).toBe(-1)
  expect(again.firstTwice()).toBeUndefined()
})

test('an id is none that begins as it does, however the lengths are written', () => {
  const table = new DeviceTable(5)
  const long = text.encode('a'.repeat(512))
  for (let length = 1; length <= 512; length++) {
    expect(findOrAdd(table, long, 0, length)).toBe(length - 1)
  }
  for (let length = 1; length <= 512; length++) expect(table.find(long, 0, length)).toBe(length - 1)
})

test('only the blocks that new devices stand in are written again', () => {
  const table = filled(blockDevices * 2 + 5)
  expect([...table.blocks.from(blockDevices * 2 + 5)]).toEqual([2])
  expect([...table.blocks.from(blockDevices * 2)]).toEqual([2])
  expect([...table.blocks.from(blockDevices * 2 - 1)]).toEqual([1, 2])
})
