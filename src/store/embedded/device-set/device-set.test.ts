// A sheet against a plain map, over several commits: whatever it is told in whatever order, it counts what is
// new, keeps its sizes, and what it writes is read back by the next.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseMsgId } from '../../../ledger/ids.ts'
import { leafDevicesMax, readLeaf } from '../leaf/codec.ts'
import { ByteReader, pageBodyBytesMax, unseal } from '../lmdb/bytes.ts'
import { leafKey, messageKey } from '../lmdb/key.ts'
import { eachWrite, WriteSet } from '../lmdb/write-batch.ts'
import type { Facts } from '../states/apply-fact.ts'
import { StageMemory } from '../states/arena.ts'
import type { SheetKind } from '../states/selections.ts'
import { emptyState, type FactCode, factCode, StateTable } from '../states/state-table.ts'
import { Sheet } from './device-set.ts'
import { readHeader } from './header.ts'

const cells = 40
const hour = 480_000
const key = messageKey(1, parseMsgId('7')!)
const kind: SheetKind = {
  sizeCount: cells,
  selectionsOfCell: (cell) => [cell],
  revision: 0,
  revisionMax: 0,
  since: new Uint8Array(cells),
}
const tableOf = () => new StateTable(kind.selectionsOfCell)

/** What stands on disk, by key in hexadecimal. */
type Disk = Map<string, Uint8Array>

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const readFrom = (disk: Disk) => (at: Uint8Array) => {
  const value = disk.get(hex(at))
  return value && unseal(at, value)
}

const factsOf = (told: readonly (readonly [number, FactCode])[]): Facts => {
  const sorted = [...told].sort(([a], [b]) => a - b)
  return {
    ordinals: Uint32Array.from(sorted, ([ordinal]) => ordinal),
    codes: Uint32Array.from(sorted, ([, code]) => code),
    owners: new Uint32Array(sorted.length).fill(1),
  }
}

/** How many facts were new. */
const commit = (disk: Disk, table: StateTable, memory: StageMemory, facts: Facts): number => {
  const fresh = new Uint32Array(2)
  const to = facts.ordinals.length
  memory.clear()
  const sheet = new Sheet(key, table, readFrom(disk), memory, kind, 0)
  sheet.toldIn(hour)
  for (let from = 0; from < to; ) from = sheet.add(facts, from, to, fresh)
  const out = new WriteSet()
  for (const _ of sheet.write(out));
  eachWrite(out.cut(), (at, value) => {
    if (value === undefined) disk.delete(hex(at))
    else disk.set(hex(at), Uint8Array.from(value))
  })
  return fresh[1] ?? 0
}

/** Devices with the facts of their states, all leaves checked for their bounds. */
const heldOn = (disk: Disk): { held: Map<number, string>; sizes: number[]; leaves: number } => {
  const read = readFrom(disk)
  const { leafStarts, rest, sizes } = readHeader(read(key)!, kind)
  const table = tableOf()
  const held = new Map<number, string>()
  const take = (reader: ByteReader, start: number) => {
    const { ordinals, states, length } = readLeaf(reader, table, start)
    expect(length).toBeLessThanOrEqual(leafDevicesMax)
    for (let i = 0; i < length; i++) {
      held.set(ordinals[i] ?? 0, table.factsOf(states[i] ?? 0).join())
    }
  }
  if (leafStarts.length === 0) take(rest, 0)
  for (const start of leafStarts) {
    const body = read(leafKey(key, start))!
    expect(body.length).toBeLessThanOrEqual(pageBodyBytesMax)
    take(new ByteReader(body), start)
  }
  expect(disk.size).toBe(1 + leafStarts.length)
  return { held, sizes: sizes.dense(cells), leaves: leafStarts.length }
}

const told = fc.record({
  count: fc.integer({ min: 1, max: 4000 }),
  from: fc.nat(20_000),
  spread: fc.constantFrom(1, 2, 7, 1000),
  cells: fc.integer({ min: 1, max: cells }),
  hours: fc.constantFrom(1, 3, 50),
  seed: fc.nat(1000),
})

it('holds what it was told, whatever shapes its leaves take', () => {
  let leavesMost = 0
  fc.assert(
    fc.property(fc.array(told, { minLength: 1, maxLength: 5 }), (commits) => {
      const disk: Disk = new Map()
      const memory = new StageMemory()
      const table = tableOf()
      const model = new Map<number, number>()
      for (const { count, from, spread, cells: some, hours, seed } of commits) {
        const facts = factsOf(
          Array.from({ length: count }, (_, i) => [
            from + ((i * 7919 + seed) % count) * spread,
            factCode((i * 31 + seed) % some, hour + ((i * 17) % hours)),
          ]),
        )
        let fresh = 0
        facts.ordinals.forEach((ordinal, i) => {
          const before = model.get(ordinal) ?? emptyState
          const after = table.after(before, facts.codes[i] ?? 0)
          if (table.isMore(before, after)) fresh++
          model.set(ordinal, after)
        })
        expect(commit(disk, tableOf(), memory, facts)).toBe(fresh)
        const { held, sizes, leaves } = heldOn(disk)
        const expected = [...model].map(([at, state]) => [at, table.factsOf(state).join()] as const)
        expect(held).toEqual(new Map(expected))
        const counted = new Array<number>(cells).fill(0)
        for (const state of model.values()) {
          for (const code of table.factsOf(state))
            counted[code % 256] = (counted[code % 256] ?? 0) + 1
        }
        expect(sizes).toEqual(counted)
        leavesMost = Math.max(leavesMost, leaves)
      }
    }),
    { numRuns: 60 },
  )
  expect(leavesMost).toBeGreaterThan(5)
})

it('takes some thousand facts at once, also where all are of one leaf', () => {
  const told = Array.from({ length: 10_000 }, (_, i) => [i, factCode(1, hour)] as const)
  const sheet = new Sheet(key, tableOf(), () => undefined, new StageMemory(), kind, 0)
  expect(sheet.add(factsOf(told), 0, told.length, new Uint32Array(2))).toBe(4096)
})
