// A list changed as a stream against the plain map of what it should hold, and against the codec.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader, ByteWriter } from './bytes.ts'
import { type Entries, readLeaf, writeLeaf } from './leaf.ts'
import { ListLeaf } from './list-leaf.ts'
import { openLeaf } from './open-leaf.ts'
import { Sizes } from './sizes.ts'
import { StageMemory } from './stage-memory.ts'
import { emptyState, factCode, type StateNumber, StateTable } from './state-table.ts'

const start = 1000
const hour = 480_000
const tableOf = () => new StateTable((cell) => [cell])
const memory = new StageMemory()

type Held = Map<number, StateNumber>

const heldBy = ({ ordinals, states, length }: Entries): Held =>
  new Map(Array.from({ length }, (_, i) => [ordinals[i] ?? 0, states[i] ?? 0]))

const bodyOf = (table: StateTable, held: Held): Uint8Array => {
  const ordinals = Uint32Array.from(held.keys()).sort()
  const states = Uint32Array.from(ordinals, (ordinal) => held.get(ordinal) ?? 0)
  const out = new ByteWriter()
  writeLeaf(out, table, { ordinals, states, length: states.length }, 0, states.length, start)
  return Uint8Array.from(out.written())
}

const openList = (table: StateTable, held: Held): ListLeaf | undefined => {
  const leaf = openLeaf(bodyOf(table, held), table, start, memory)
  return leaf instanceof ListLeaf ? leaf : undefined
}

/** Adds facts of one owner, told as [ordinal, cell], and gives how many were new. */
const add = (leaf: ListLeaf, told: readonly (readonly [number, number])[]): number => {
  const sorted = [...told].sort(([a], [b]) => a - b)
  const fresh = new Uint32Array(2)
  const facts = {
    ordinals: Uint32Array.from(sorted, ([ordinal]) => ordinal),
    codes: Uint32Array.from(sorted, ([, cell]) => factCode(cell, hour)),
    owners: new Uint32Array(sorted.length).fill(1),
  }
  expect(leaf.add(facts, 0, sorted.length, fresh)).toBe(sorted.length)
  return fresh[1] ?? 0
}

const inOrder = (held: Held) => [...held].sort(([a], [b]) => a - b)

const runs = fc.array(fc.record({ gap: fc.nat(60), run: fc.nat(40), cell: fc.nat(3) }), {
  maxLength: 30,
})
const groups = fc.array(
  fc.array(fc.tuple(fc.nat(1500), fc.nat(5)), { minLength: 1, maxLength: 60 }),
  { minLength: 1, maxLength: 3 },
)

it('holds what it was told, counts what was new, and is read as any leaf is', () => {
  let opened = 0
  let written = 0
  fc.assert(
    fc.property(runs, groups, (world, told) => {
      const table = tableOf()
      const model: Held = new Map()
      let ordinal = start
      for (const { gap, run, cell } of world) {
        ordinal += gap
        for (let i = 0; i <= run; i++) model.set(ordinal++, table.numberOf([factCode(cell, hour)]))
      }
      memory.clear()
      const leaf = openList(table, model)
      if (leaf === undefined) return
      opened++
      const moved = new Map<number, number>()
      for (const group of told) {
        let expected = 0
        for (const [place, cell] of group) {
          const before = model.get(start + place) ?? emptyState
          const after = table.after(before, factCode(cell, hour))
          if (after === before) continue
          expected++
          moved.set(cell, (moved.get(cell) ?? 0) + 1)
          model.set(start + place, after)
        }
        const asTold = group.map(([place, cell]) => [start + place, cell] as const)
        expect(add(leaf, asTold)).toBe(expected)
        expect(leaf.devices).toBe(model.size)
        expect(inOrder(heldBy(leaf.entries()))).toEqual(inOrder(model))
      }
      const sizes = new Sizes()
      table.settle(sizes)
      const settled = sizes.numbers.map((number, i) => [number, sizes.devices[i] ?? 0] as const)
      expect(new Map(settled.filter(([, devices]) => devices !== 0))).toEqual(moved)
      expect(leaf.isChanged).toBe(moved.size > 0)
      const out = new ByteWriter()
      if (!leaf.isChanged || !leaf.write(out)) return
      written++
      const back = readLeaf(new ByteReader(out.written()), table, start)
      expect(inOrder(heldBy(back))).toEqual(inOrder(model))
      expect(out.written()).toHaveLength(bodyOf(table, model).length)
    }),
    { numRuns: 500 },
  )
  expect(opened).toBeGreaterThan(300)
  expect(written).toBeGreaterThan(20)
})

const everybody = (table: StateTable, devices: number): Held => {
  const state = table.numberOf([factCode(0, hour)])
  return new Map(Array.from({ length: devices }, (_, i) => [start + i, state]))
}

it('keeps all devices in one state as one run, which a fact cuts', () => {
  const table = tableOf()
  const leaf = openList(table, everybody(table, 10_000))!
  expect(add(leaf, [[start + 5000, 0]])).toBe(0)
  expect(leaf.isChanged).toBe(false)
  expect(add(leaf, [[start + 5000, 1]])).toBe(1)
  const out = new ByteWriter()
  expect(leaf.write(out)).toBe(true)
  expect(out.length).toBeLessThan(25)
})

it('takes devices beside each other in one state for one run, in whatever order they come', () => {
  const table = tableOf()
  const leaf = openList(table, everybody(table, 30))!
  for (const place of [36, 32, 31, 35, 30, 33, 34]) add(leaf, [[start + place, 0]])
  const out = new ByteWriter()
  expect(leaf.write(out)).toBe(true)
  expect([...out.written()]).toEqual([...bodyOf(table, everybody(table, 37))])
})

it('is not written as a list where packed is shorter, nor with a state that nobody is in', () => {
  const table = tableOf()
  const scattered = openList(table, everybody(table, 600))!
  add(
    scattered,
    Array.from({ length: 300 }, (_, i) => [start + 2 * i, 1] as const),
  )
  expect(scattered.write(new ByteWriter())).toBe(false)
  const moved = openList(table, everybody(table, 100))!
  add(
    moved,
    Array.from({ length: 100 }, (_, i) => [start + i, 1] as const),
  )
  expect(moved.write(new ByteWriter())).toBe(false)
  expect(heldBy(moved.entries()).size).toBe(100)
})
