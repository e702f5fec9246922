// Stored leaves changed in their shape, lists and packed ones, against the plain map of what they should
// hold, and against the codec.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader, ByteWriter, Damage } from '../lmdb/bytes.ts'
import { StageMemory } from '../states/arena.ts'
import { Sizes } from '../states/sizes.ts'
import { emptyState, factCode, type StateNumber, StateTable } from '../states/state-table.ts'
import { addEntries, entriesOf } from './arrays.ts'
import { PackedLeaf } from './bit-packed.ts'
import {
  type Entries,
  leafDevicesMax,
  listShape,
  packedShape,
  readLeaf,
  writeLeaf,
} from './codec.ts'
import type { OpenLeaf } from './mutable-leaf.ts'
import { openLeaf } from './open.ts'
import { ListLeaf } from './run-length.ts'
import { Runs } from './runs.ts'

const start = 1000
const hour = 480_000
const tableOf = () => new StateTable((cell) => [cell])
const memory = new StageMemory()

type Held = Map<number, StateNumber>

const inOrder = (held: Held) => [...held].sort(([a], [b]) => a - b)

const heldBy = ({ ordinals, states, length }: Entries): Held =>
  new Map(Array.from({ length }, (_, i) => [ordinals[i] ?? 0, states[i] ?? 0]))

const entriesIn = (leaf: OpenLeaf): Entries => {
  const runs = new Runs()
  leaf.addTo(runs)
  return entriesOf(runs, memory)
}

const bodyOf = (table: StateTable, held: Held): Uint8Array => {
  const ordinals = Uint32Array.from(held.keys()).sort()
  const states = Uint32Array.from(ordinals, (ordinal) => held.get(ordinal) ?? 0)
  const out = new ByteWriter()
  const runs = new Runs()
  addEntries(runs, { ordinals, states, length: states.length })
  writeLeaf(out, table, runs, 0, runs.length, start)
  return Uint8Array.from(out.written())
}

const open = (table: StateTable, held: Held): OpenLeaf =>
  openLeaf(new ByteReader(bodyOf(table, held)), table, start, memory)

/** Facts told as [ordinal, cell]. */
type Told = readonly (readonly [number, number])[]

/** Adds facts of one owner. How far it came, and how many were new. */
const add = (leaf: OpenLeaf, told: Told) => {
  const sorted = [...told].sort(([a], [b]) => a - b)
  const fresh = new Uint32Array(2)
  const facts = {
    ordinals: Uint32Array.from(sorted, ([ordinal]) => ordinal),
    codes: Uint32Array.from(sorted, ([, cell]) => factCode(cell, hour)),
    owners: new Uint32Array(sorted.length).fill(1),
  }
  const came = leaf.add(facts, 0, sorted.length, fresh)
  return { came, added: sorted.slice(0, came), isAll: came === sorted.length, fresh: fresh[1] ?? 0 }
}

/** Adds the same to the map. How many were new. */
const addToModel = (table: StateTable, model: Held, told: Told): number => {
  let fresh = 0
  for (const [ordinal, cell] of told) {
    const before = model.get(ordinal) ?? emptyState
    const after = table.after(before, factCode(cell, hour))
    if (after === before) continue
    fresh++
    model.set(ordinal, after)
  }
  return fresh
}

const settled = (table: StateTable) => {
  const sizes = new Sizes()
  table.settle(sizes)
  return new Map(
    sizes.numbers
      .map((number, i) => [number, sizes.devices[i] ?? 0] as const)
      .filter(([, devices]) => devices !== 0),
  )
}

const sizesOf = (table: StateTable, held: Held): Map<number, number> => {
  const sizes = new Map<number, number>()
  for (const state of held.values()) {
    for (const code of table.factsOf(state)) {
      const cell = code - factCode(0, hour)
      sizes.set(cell, (sizes.get(cell) ?? 0) + 1)
    }
  }
  return sizes
}

const everybody = (table: StateTable, devices: number): Held => {
  const state = table.numberOf([factCode(0, hour)])
  return new Map(Array.from({ length: devices }, (_, i) => [start + i, state]))
}

const runs = fc.array(fc.record({ gap: fc.nat(60), run: fc.nat(40), cell: fc.nat(3) }), {
  maxLength: 30,
})
/** Neighbours in one of so many states, in no order, so that packing is shorter. */
const mixed = fc
  .record({
    gaps: fc.array(fc.nat(2), { minLength: 150, maxLength: 500 }),
    states: fc.integer({ min: 2, max: 9 }),
  })
  .map(({ gaps, states }) => gaps.map((gap, i) => ({ gap, run: 0, cell: (i * 7919) % states })))
const groups = fc.array(
  fc.array(fc.tuple(fc.nat(700), fc.nat(12)), { minLength: 1, maxLength: 80 }),
  { minLength: 1, maxLength: 4 },
)

it('hold what they were told, count what was new, and are read as any leaf is', () => {
  const seen = { list: 0, packed: 0, listWritten: 0, packedWritten: 0 }
  fc.assert(
    fc.property(fc.oneof(runs, mixed), groups, (world, told) => {
      const table = tableOf()
      const model: Held = new Map()
      let ordinal = start
      for (const { gap, run, cell } of world) {
        ordinal += gap
        for (let i = 0; i <= run; i++) model.set(ordinal++, table.numberOf([factCode(cell, hour)]))
      }
      memory.clear()
      const before = sizesOf(table, model)
      const leaf = open(table, model)
      const isList = leaf instanceof ListLeaf
      seen[isList ? 'list' : 'packed']++
      let isChanged = false
      for (const group of told) {
        const { added, isAll, fresh } = add(
          leaf,
          group.map(([place, cell]) => [start + place, cell]),
        )
        if (isList) expect(isAll).toBe(true)
        expect(fresh).toBe(addToModel(table, model, added))
        isChanged ||= fresh > 0
        expect(leaf.devices).toBe(model.size)
        expect(inOrder(heldBy(entriesIn(leaf)))).toEqual(inOrder(model))
      }
      expect(leaf.isChanged).toBe(isChanged)
      for (const [cell, devices] of settled(table)) {
        expect((before.get(cell) ?? 0) + devices).toBe(sizesOf(table, model).get(cell))
      }
      const out = new ByteWriter()
      if (!isChanged || !leaf.write(out)) return
      seen[isList ? 'listWritten' : 'packedWritten']++
      const back = readLeaf(new ByteReader(out.written()), table, start)
      expect(inOrder(heldBy(back))).toEqual(inOrder(model))
    }),
    { numRuns: 600 },
  )
  expect(seen.list).toBeGreaterThan(150)
  expect(seen.packed).toBeGreaterThan(150)
  expect(seen.listWritten).toBeGreaterThan(10)
  expect(seen.packedWritten).toBeGreaterThan(100)
})

describe('a list', () => {
  it('keeps all devices in one state as one run, which a fact cuts', () => {
    const table = tableOf()
    const leaf = open(table, everybody(table, 10_000))
    expect(add(leaf, [[start + 5000, 0]]).fresh).toBe(0)
    expect(leaf.isChanged).toBe(false)
    expect(add(leaf, [[start + 5000, 1]]).fresh).toBe(1)
    const out = new ByteWriter()
    expect(leaf.write(out)).toBe(true)
    expect(out.length).toBeLessThan(25)
  })

  it('takes devices beside each other in one state for one run, in whatever order they come', () => {
    const table = tableOf()
    const leaf = open(table, everybody(table, 30))
    for (const place of [36, 32, 31, 35, 30, 33, 34]) add(leaf, [[start + place, 0]])
    const out = new ByteWriter()
    expect(leaf.write(out)).toBe(true)
    expect([...out.written()]).toEqual([...bodyOf(table, everybody(table, 37))])
  })

  it('is not written where packed is shorter, nor with a state that nobody is in', () => {
    const table = tableOf()
    const scattered = open(table, everybody(table, 600))
    add(
      scattered,
      Array.from({ length: 300 }, (_, i) => [start + 2 * i, 1] as const),
    )
    expect(scattered.write(new ByteWriter())).toBe(false)
    const moved = open(table, everybody(table, 100))
    add(
      moved,
      Array.from({ length: 100 }, (_, i) => [start + i, 1] as const),
    )
    expect(moved.write(new ByteWriter())).toBe(false)
    expect(heldBy(entriesIn(moved)).size).toBe(100)
  })

  it('may grow past what a leaf may hold, until its devices are divided', () => {
    const table = tableOf()
    const leaf = open(table, everybody(table, leafDevicesMax))
    add(leaf, [[start + leafDevicesMax, 0]])
    expect(leaf.devices).toBe(leafDevicesMax + 1)
    expect(entriesIn(leaf).length).toBe(leafDevicesMax + 1)
  })
})

describe('a packed leaf', () => {
  const span = 300
  const ofStates = (table: StateTable, states: number): Held =>
    new Map(
      Array.from({ length: span }, (_, i) => [
        start + i,
        table.numberOf([factCode((i * 7919) % states, hour)]),
      ]),
    )

  it('takes a bit more for one state more than its bits can tell apart', () => {
    const table = tableOf()
    const model = ofStates(table, 3)
    const leaf = open(table, model)
    expect(leaf).toBeInstanceOf(PackedLeaf)
    const told: Told = [[start, 9]]
    expect(add(leaf, told)).toMatchObject({ isAll: true, fresh: 1 })
    addToModel(table, model, told)
    expect(inOrder(heldBy(entriesIn(leaf)))).toEqual(inOrder(model))
  })

  it('gives the number of a state that no device is in any more to a new one', () => {
    const table = tableOf()
    const model = ofStates(table, 3)
    const leaf = open(table, model)
    const out = new ByteWriter()
    leaf.write(out)
    const bytes = out.length
    for (const cell of [9, 10, 11, 12, 13, 14]) {
      const told = [...model.keys()].map((ordinal) => [ordinal, cell] as const)
      add(leaf, told)
      addToModel(table, model, told)
      expect(inOrder(heldBy(entriesIn(leaf)))).toEqual(inOrder(model))
    }
    out.reset()
    expect(leaf.write(out)).toBe(true)
    // The bits are as many as before; the states hold more facts, and some are named that nobody is in.
    expect(out.length - bytes).toBeLessThan(100)
  })

  it('is not written where its devices came to one state', () => {
    const table = tableOf()
    const leaf = open(table, ofStates(table, 2))
    const both = [0, 1].flatMap((cell) =>
      Array.from({ length: span }, (_, i) => [start + i, cell] as const),
    )
    expect(leaf.write(new ByteWriter())).toBe(true)
    add(leaf, both)
    expect(leaf.write(new ByteWriter())).toBe(false)
  })

  it('is not written where few have a device and many states came', () => {
    const table = tableOf()
    const every = 7
    const state = table.numberOf([factCode(0, hour)])
    const leaf = open(
      table,
      new Map(Array.from({ length: 4 * span }, (_, i) => [start + i * every, state])),
    )
    expect(leaf).toBeInstanceOf(PackedLeaf)
    expect(leaf.write(new ByteWriter())).toBe(true)
    const told = Array.from(
      { length: 4 * span },
      (_, i) => [start + i * every, 1 + (i % 20)] as const,
    )
    add(leaf, told)
    // Five bits for each of seven places, beside two bytes.
    expect(leaf.write(new ByteWriter())).toBe(false)
  })

  it('leaves what lies outside of its span to whoever opened it', () => {
    const table = tableOf()
    const leaf = open(table, ofStates(table, 3))
    expect(add(leaf, [[start - 1, 0]]).came).toBe(0)
    const told: Told = [
      [start, 9],
      [start + span, 9],
    ]
    expect(add(leaf, told)).toMatchObject({ came: 1, fresh: 1 })
  })
})

it('holds as many states as devices in a moment', () => {
  const table = tableOf()
  const devices = 20_000
  const leaf = open(table, everybody(table, devices))
  const ordinals = Uint32Array.from({ length: devices }, (_, i) => start + i)
  const codes = ordinals.map((_, i) => factCode(1 + (i % 100), hour + Math.floor(i / 100)))
  const facts = { ordinals, codes, owners: new Uint32Array(devices) }
  expect(leaf.add(facts, 0, devices, new Uint32Array(1))).toBe(devices)
  expect(new Set(heldBy(entriesIn(leaf)).values()).size).toBe(devices)
})

describe('a damaged leaf', () => {
  const bodies: Record<string, (out: ByteWriter) => void> = {
    'of too many devices': (out) => {
      for (const value of [1, hour, 1, 0, 2 ** 30]) out.varint(value)
      out.byte(listShape)
      for (const value of [1, 2 ** 30]) out.varint(value)
    },
    'of a state without facts': (out) => {
      for (const value of [1, hour, 0, 1]) out.varint(value)
      out.byte(listShape)
      out.varint(0)
    },
    'of packed devices without a state': (out) => {
      for (const value of [0, 0, 1]) out.varint(value)
      out.byte(packedShape)
      for (const value of [0, 2 ** 40]) out.varint(value)
    },
    'of no known shape': (out) => {
      for (const value of [1, hour, 1, 0, 1]) out.varint(value)
      out.byte(7)
      out.varint(0)
    },
    'with a run longer than it has devices': (out) => {
      for (const value of [1, hour, 1, 0, 5]) out.varint(value)
      out.byte(listShape)
      for (const value of [1, 6]) out.varint(value)
    },
  }

  it.each(Object.entries(bodies))('%s is found', (_, write) => {
    const out = new ByteWriter()
    write(out)
    const body = Uint8Array.from(out.written())
    const table = tableOf()
    expect(() => readLeaf(new ByteReader(body), table, start)).toThrow(Damage)
    expect(() => add(openLeaf(new ByteReader(body), table, start, memory), [[start, 1]])).toThrow(
      Damage,
    )
  })
})
