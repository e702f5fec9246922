// A packed leaf changed in place against the plain map of what it should hold, and against the codec.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader, ByteWriter } from './bytes.ts'
import { type Entries, readLeaf, writeLeaf } from './leaf.ts'
import { openLeaf } from './open-leaf.ts'
import { PackedLeaf } from './packed-leaf.ts'
import { StageMemory } from './stage-memory.ts'
import { emptyState, factCode, StateTable } from './state-table.ts'

const start = 1000
const day = 20_000
const tableOf = () => new StateTable((cell) => [cell])

/** Every device of a dense span in one of so many states, in no order, so that packing is shorter. */
const packedBody = (table: StateTable, ordinals: readonly number[], states: number) => {
  const numbers = Array.from({ length: states }, (_, cell) => table.numberOf([factCode(cell, day)]))
  const entries: Entries = {
    ordinals: Uint32Array.from(ordinals),
    states: Uint32Array.from(ordinals, (ordinal) => numbers[(ordinal * 7919) % states] ?? 0),
    length: ordinals.length,
  }
  const out = new ByteWriter()
  writeLeaf(out, table, entries, 0, entries.length, start)
  return { body: Uint8Array.from(out.written()), entries }
}

const openPacked = (body: Uint8Array, table: StateTable): PackedLeaf | undefined => {
  const leaf = openLeaf(body, table, start, new StageMemory())
  return leaf instanceof PackedLeaf ? leaf : undefined
}

const heldBy = ({ ordinals, states, length }: Entries): [number, number][] =>
  Array.from({ length }, (_, i) => [ordinals[i] ?? 0, states[i] ?? 0])

const span = 300
const devices = fc
  .uniqueArray(fc.nat(span - 1), { minLength: 150, maxLength: span })
  .map((places) => places.sort((a, b) => a - b).map((place) => start + 5 + place))

it('holds what was set, whatever was set before, and is read as any leaf is', () => {
  let opened = 0
  fc.assert(
    fc.property(
      devices,
      fc.integer({ min: 2, max: 9 }),
      fc.array(fc.tuple(fc.nat(span + 20), fc.nat(12)), { maxLength: 200 }),
      (ordinals, states, changes) => {
        const table = tableOf()
        const { body, entries } = packedBody(table, ordinals, states)
        const packed = openPacked(body, table)
        if (packed === undefined) return
        opened += 1
        const model = new Map(heldBy(entries))
        for (const [place, cell] of changes) {
          const ordinal = start + place
          const before = packed.stateOf(ordinal)
          if (before === undefined) {
            expect(model.has(ordinal)).toBe(false)
            continue
          }
          expect(before).toBe(model.get(ordinal) ?? emptyState)
          const after = table.after(before, factCode(cell, day))
          if (after !== before && packed.set(ordinal, before, after)) model.set(ordinal, after)
        }
        const expected = [...model].sort(([a], [b]) => a - b)
        expect(heldBy(packed.entries())).toEqual(expected)
        const out = new ByteWriter()
        packed.write(out)
        expect(heldBy(readLeaf(new ByteReader(out.written()), table, start))).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
  expect(opened).toBeGreaterThan(250)
})

it('is not open where the leaf is a list', () => {
  const table = tableOf()
  const { body } = packedBody(table, [1005, 5005, 90_005], 2)
  expect(openPacked(body, table)).toBeUndefined()
})

it('takes a bit more for one state more than its bits can tell apart', () => {
  const table = tableOf()
  const ordinals = Array.from({ length: span }, (_, i) => start + i)
  const packed = openPacked(packedBody(table, ordinals, 3).body, table)!
  const before = heldBy(packed.entries())
  const after = table.after(packed.stateOf(start) ?? emptyState, factCode(9, day))
  expect(packed.set(start, packed.stateOf(start) ?? emptyState, after)).toBe(true)
  expect(heldBy(packed.entries())).toEqual([[start, after], ...before.slice(1)])
})

it('gives the number of a state that no device is in any more to a new one', () => {
  const table = tableOf()
  const ordinals = Array.from({ length: span }, (_, i) => start + i)
  const packed = openPacked(packedBody(table, ordinals, 3).body, table)!
  const model = new Map(heldBy(packed.entries()))
  const [left = emptyState, other = emptyState] = new Set(model.values())
  const move = (ordinal: number, after: number): void => {
    expect(packed.set(ordinal, model.get(ordinal) ?? emptyState, after)).toBe(true)
    model.set(ordinal, after)
  }
  for (const [ordinal, state] of [...model]) if (state === left) move(ordinal, other)
  for (const cell of [9, 10, 11]) {
    move(start, table.after(other, factCode(cell, day)))
    expect(heldBy(packed.entries())).toEqual([...model])
    move(start, other)
  }
})

it('may be a list again when its devices came to one state', () => {
  const table = tableOf()
  const ordinals = Array.from({ length: span }, (_, i) => start + i)
  const packed = openPacked(packedBody(table, ordinals, 2).body, table)
  expect(packed?.mayBeList).toBe(false)
  const one = packed?.stateOf(start) ?? emptyState
  for (const ordinal of ordinals) packed?.set(ordinal, packed.stateOf(ordinal) ?? 0, one)
  expect(packed?.mayBeList).toBe(true)
})
