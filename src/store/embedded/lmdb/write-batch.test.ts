// A set of writes: what was cut off stays as it is while more is written, dropped writes are forgotten.
import { expect, it } from 'vitest'
import { Damage, unseal } from './bytes.ts'
import { eachWrite, sharedWriteSet, WriteSet } from './write-batch.ts'

const key = (name: string) => new TextEncoder().encode(name)

/** As `key: length of the body`, or `key: gone`. */
const read = (packed: Uint8Array): string[] => {
  const told: string[] = []
  eachWrite(packed, (at, value) => {
    const name = Buffer.from(at).toString()
    told.push(`${name}: ${value === undefined ? 'gone' : unseal(at, value).length}`)
  })
  return told
}

it.each([
  ['of its own memory', () => new WriteSet()],
  ['of shared memory', sharedWriteSet],
])('%s keeps what was cut off, however much is written behind it', (_, open) => {
  const writes = open()
  writes.put(key('a'), new Uint8Array(10))
  writes.remove(key('b'))
  expect(writes.count).toBe(2)
  const first = writes.cut()
  expect(writes.count).toBe(0)
  writes.put(key('dropped'), new Uint8Array(50_000))
  writes.drop()
  for (let i = 0; i < 40; i++) writes.put(key(`c${i}`), new Uint8Array(100_000 + i))
  const second = writes.cut()
  expect(read(first)).toEqual(['a: 10', 'b: gone'])
  expect(read(second)).toEqual(Array.from({ length: 40 }, (_, i) => `c${i}: ${100_000 + i}`))
})

it('begins anew in the same memory, unless that is too much to keep', () => {
  const writes = sharedWriteSet()
  const memoryOf = (bytes: number) => {
    writes.clear()
    writes.put(key('k'), new Uint8Array(bytes))
    return writes.cut().buffer
  }
  const first = memoryOf(1_000_000)
  expect(memoryOf(1_000_000)).toBe(first)
  const large = memoryOf(10_000_000)
  expect(memoryOf(10)).not.toBe(large)
  expect(writes.cut()).toHaveLength(0)
})

it('seals every value under its key', () => {
  const writes = new WriteSet()
  writes.put(key('a'), new Uint8Array([1, 2, 3]))
  eachWrite(writes.cut(), (at, value = new Uint8Array()) => {
    expect([...unseal(at, value)]).toEqual([1, 2, 3])
    expect(() => unseal(key('b'), value)).toThrow(Damage)
  })
})
