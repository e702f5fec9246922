// A sheet's sizes, counted again from its leaves: what its header must say. Reads all of the sheet, so it
// is for checking, not for reports.

import { type Entries, readLeaf } from '../leaf/codec.ts'
import { ByteReader, Damage } from '../lmdb/bytes.ts'
import type { ReadBody } from '../lmdb/environment.ts'
import { leafKey } from '../lmdb/key.ts'
import type { SheetKind } from '../states/selections.ts'
import { dayOfCode, hourOfCode, StateTable, selectionsIn } from '../states/state-table.ts'
import { type Header, readHeader } from './header.ts'

export interface Recount {
  readonly header: Header
  /** By stored number, as the leaves have it. */
  readonly sizes: readonly number[]
  /** The latest day of any fact; −1 where there is none. */
  readonly latestFactDay: number
  /** The earliest hour of any fact; infinite where there is none. */
  readonly firstFactHour: number
  /** One more than the highest ordinal; 0 where there is none. */
  readonly ordinalsEnd: number
}

/** Throws Damage where anything of the sheet cannot be read or is out of order. */
export const recount = (
  key: Uint8Array,
  body: Uint8Array,
  read: ReadBody,
  kind: SheetKind,
): Recount => {
  // The body may live only until the next read.
  const header = readHeader(Uint8Array.from(body), kind)
  const sizes = new Array<number>(kind.sizeCount).fill(0)
  let latestFactDay = -1
  let firstFactHour = Number.POSITIVE_INFINITY
  let ordinalsEnd = 0
  const take = (reader: ByteReader, start: number, end: number): void => {
    const table = new StateTable(kind.selectionsOfCell)
    const entries = readLeaf(reader, table, start)
    checkOrder(entries, start, end)
    if (entries.length > 0) ordinalsEnd = (entries.ordinals[entries.length - 1] ?? 0) + 1
    for (const [state, devices] of countByState(entries)) {
      const facts = table.factsOf(state)
      for (const code of facts) {
        latestFactDay = Math.max(latestFactDay, dayOfCode(code))
        firstFactHour = Math.min(firstFactHour, hourOfCode(code))
      }
      for (const selection of selectionsIn(facts, kind.selectionsOfCell)) {
        sizes[selection] = (sizes[selection] ?? 0) + devices
      }
    }
  }
  const { leafStarts, rest } = header
  if (leafStarts.length === 0) take(rest, 0, Number.POSITIVE_INFINITY)
  for (const [i, start] of leafStarts.entries()) {
    const end = leafStarts[i + 1] ?? Number.POSITIVE_INFINITY
    if (end <= start || (i === 0 && start !== 0)) throw new Damage('its leaves are out of order')
    const leaf = read(leafKey(key, start))
    if (leaf === undefined) throw new Damage('a leaf that its header names is missing')
    take(new ByteReader(Uint8Array.from(leaf)), start, end)
  }
  return { header, sizes, latestFactDay, firstFactHour, ordinalsEnd }
}

const checkOrder = ({ ordinals, length }: Entries, start: number, end: number): void => {
  let before = start - 1
  for (let i = 0; i < length; i++) {
    const ordinal = ordinals[i] ?? 0
    if (ordinal <= before || ordinal >= end) throw new Damage('its devices are out of order')
    before = ordinal
  }
}

const countByState = ({ states, length }: Entries): ReadonlyMap<number, number> => {
  const counts = new Map<number, number>()
  for (let i = 0; i < length; i++) {
    const state = states[i] ?? 0
    counts.set(state, (counts.get(state) ?? 0) + 1)
  }
  return counts
}
