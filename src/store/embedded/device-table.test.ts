// The device table: every id has one ordinal, whatever the ids look like and however it grew.

import { expect, test } from 'vitest'
import { ByteWriter } from './bytes.ts'
import { blockDevices, DeviceTable } from './device-table.ts'

const text = new TextEncoder()

const idOf = (n: number): Uint8Array =>
  text.encode(n % 3 === 0 ? `${n}` : n % 3 === 1 ? `1507bfd3a7c568d${n}` : `${'é'.repeat(20)}${n}`)

const filled = (devices: number, seed = 7): DeviceTable => {
  const table = new DeviceTable(seed)
  for (let n = 0; n < devices; n++) {
    const id = idOf(n)
    expect(table.findOrAdd(id, 0, id.length)).toBe(n)
  }
  return table
}

test('ordinals are dense, in order of first sight, and found again', () => {
  const table = filled(10_000)
  expect(table.count).toBe(10_000)
  for (let n = 9_999; n >= 0; n -= 7) {
    const id = idOf(n)
    expect(table.find(id, 0, id.length)).toBe(n)
    expect(table.findOrAdd(id, 0, id.length)).toBe(n)
  }
  const stranger = text.encode('nobody')
  expect(table.find(stranger, 0, stranger.length)).toBe(-1)
  expect(table.count).toBe(10_000)
})

test('an id is read from its place among other bytes', () => {
  const table = new DeviceTable(1)
  const bytes = text.encode('"abc","ab","abcd"')
  expect(table.findOrAdd(bytes, 1, 3)).toBe(0)
  expect(table.findOrAdd(bytes, 7, 2)).toBe(1)
  expect(table.findOrAdd(bytes, 12, 4)).toBe(2)
  expect(table.find(bytes, 12, 3)).toBe(0)
})

test('equal hashes do not make equal devices: every length and byte counts', () => {
  const table = new DeviceTable(0)
  const ids = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte))
  ids.forEach((id, n) => {
    expect(table.findOrAdd(id, 0, 1)).toBe(n)
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
  expect(again.findOrAdd(next, 0, next.length)).toBe(devices)
})

test('a block behind one that is not whole is damage', () => {
  const table = filled(5)
  const out = new ByteWriter()
  table.writeBlock(out, 0)
  expect(() => table.readBlock(out.written())).toThrow('damaged')
})
