// The leaf codec: whatever is written is read back, whole or device by device, in either shape.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from '../lmdb/bytes.ts'
import { type FactCode, factCode, StateTable } from '../states/state-table.ts'
import { addEntries } from './arrays.ts'
import { type Entries, findInLeaf, readLeaf, writeLeaf } from './codec.ts'
import { Runs } from './runs.ts'

const table = () => new StateTable(() => [])

const entriesOf = (states: StateTable, devices: ReadonlyMap<number, readonly FactCode[]>) => {
  const ordinals = [...devices.keys()].sort((a, b) => a - b)
  return {
    ordinals: Uint32Array.from(ordinals),
    states: Uint32Array.from(ordinals, (ordinal) => states.numberOf(devices.get(ordinal) ?? [])),
    length: ordinals.length,
  }
}

const bodyOf = (states: StateTable, entries: Entries, start = 0): Uint8Array => {
  const out = new ByteWriter()
  const runs = new Runs()
  addEntries(runs, entries)
  writeLeaf(out, states, runs, 0, runs.length, start)
  return Uint8Array.from(out.written())
}

const told = (states: StateTable, entries: Entries) =>
  Array.from({ length: entries.length }, (_, i) => [
    entries.ordinals[i],
    states.factsOf(entries.states[i] ?? 0),
  ])

const facts = fc
  .uniqueArray(fc.integer({ min: 0, max: 233 }), { minLength: 1, maxLength: 5 })
  .chain((cells) =>
    fc.tuple(
      ...cells.map((cell) =>
        fc.integer({ min: 19_000, max: 19_070 }).map((day) => factCode(cell, day)),
      ),
    ),
  )
  .map((codes) => [...codes].sort((a, b) => a - b))

const sheet = fc.record({
  start: fc.constantFrom(0, 3, 70_000, 9_000_000),
  spread: fc.constantFrom(1, 2, 40, 5_000),
  states: fc.array(facts, { minLength: 1, maxLength: 6 }),
  devices: fc.array(fc.record({ gap: fc.nat(9), state: fc.nat(5), run: fc.nat(30) }), {
    maxLength: 60,
  }),
})

const devicesOf = ({
  start,
  spread,
  states,
  devices,
}: typeof sheet extends fc.Arbitrary<infer T> ? T : never) => {
  const held = new Map<number, readonly FactCode[]>()
  let ordinal = start
  for (const { gap, state, run } of devices) {
    ordinal += gap * spread
    for (let i = 0; i <= run; i++) held.set(ordinal++, states[state % states.length] ?? [])
  }
  return held
}

describe('a leaf', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(sheet, (world) => {
        const states = table()
        const entries = entriesOf(states, devicesOf(world))
        const body = bodyOf(states, entries, world.start)
        const other = table()
        const reader = new ByteReader(body)
        const back = readLeaf(reader, other, world.start)
        expect(told(other, back)).toEqual(told(states, entries))
        expect(reader.isAtEnd() || entries.length > 0).toBe(true)
      }),
    )
  })

  test('tells of some devices what it tells of all', () => {
    fc.assert(
      fc.property(sheet, fc.array(fc.nat(400), { maxLength: 40 }), (world, offsets) => {
        const states = table()
        const held = devicesOf(world)
        const body = bodyOf(states, entriesOf(states, held), world.start)
        const asked = [...new Set(offsets.map((offset) => world.start + offset))].sort(
          (a, b) => a - b,
        )
        const found = findInLeaf(new ByteReader(body), world.start, asked, (facts) => facts)
        expect(found).toEqual(asked.map((ordinal) => held.get(ordinal)))
      }),
    )
  })

  test('keeps a million neighbours in one state in a few bytes', () => {
    const states = table()
    const everybody = new Map(
      Array.from({ length: 1_000_000 }, (_, ordinal) => [ordinal, [factCode(0, 19_000)]] as const),
    )
    expect(bodyOf(states, entriesOf(states, everybody)).length).toBeLessThan(20)
  })

  test('keeps mixed devices in a few bits each', () => {
    const states = table()
    const mixed = new Map(
      Array.from({ length: 8_000 }, (_, ordinal) => {
        const stages = 1 + ((ordinal * 7_919) % 6)
        return [
          ordinal,
          Array.from({ length: stages }, (_, stage) => factCode(stage, 19_000)),
        ] as const
      }),
    )
    expect(bodyOf(states, entriesOf(states, mixed)).length).toBeLessThan(8_000 * (3 / 8) + 100)
  })
})
