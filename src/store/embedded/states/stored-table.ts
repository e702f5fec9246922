// The directory's own table: the names of its tracks and stages, and the selections whose sizes its headers
// keep. Numbers on disk are places in it, so it only ever grows: a program of other channels or report
// fields matches its own table to it by name and by set, and adds what is missing.
import type { FactTable } from '../../../ledger/selection.ts'
import { StoreError } from '../../../ledger/store-error.ts'

/** A stored cell is track × 32 + stage, and a fact's code has room for 2,048 of them. */
export const stageStride = 32
const stagesMax: number = stageStride
const tracksMax = 64
export const storedCellCount: number = tracksMax * stageStride

export interface StoredSelection {
  /** Stored cells, rising. */
  readonly cells: readonly number[]
  /** The revision that it came with: headers of earlier ones lack its size. */
  readonly since: number
}

export interface StoredTable {
  readonly tracks: readonly string[]
  readonly stages: readonly string[]
  readonly selections: readonly StoredSelection[]
  /** How often selections were added whose sizes earlier headers lack. */
  readonly revision: number
}

export const noTable: StoredTable = { tracks: [], stages: [], selections: [], revision: 0 }

/** The stored cell of each of the program's cells. Throws where the table lacks a name. */
export const storedCellsOf = (stored: StoredTable, program: FactTable): Uint16Array => {
  const { stages, tracks } = program
  return Uint16Array.from({ length: tracks.length * stages.length }, (_, cell) => {
    const track = stored.tracks.indexOf(tracks[Math.floor(cell / stages.length)] ?? '')
    const stage = stored.stages.indexOf(stages[cell % stages.length] ?? '')
    if (track < 0 || stage < 0) throw new Error(`the table of the directory lacks cell ${cell}`)
    return track * stageStride + stage
  })
}

/** A selection of the program in stored cells, as text that is the same for the same set. */
const named = (cells: readonly number[]): string => [...cells].sort((a, b) => a - b).join()

/**
 * The table with all that a program has beside it. A stored selection that is the program's but for cells that
 * the directory did not know takes these cells in: no device has them yet, so all its sizes stay true. One
 * of such cells alone is zero in every header that there is. Any other that is new gets the next revision.
 */
export const extendTable = (stored: StoredTable, program: FactTable): StoredTable => {
  const tracks = withNew(stored.tracks, program.tracks)
  const stages = withNew(stored.stages, program.stages)
  if (tracks.length > tracksMax || stages.length > stagesMax) {
    throw new StoreError(
      `The data directory would have ${tracks.length} tracks and ${stages.length} stages: ` +
        `there is room for ${tracksMax} and ${stagesMax}.`,
    )
  }
  const cells = storedCellsOf({ ...stored, tracks, stages }, program)
  const wasKnown = (cell: number): boolean =>
    Math.floor(cell / stageStride) < stored.tracks.length &&
    cell % stageStride < stored.stages.length
  const selections = [...stored.selections]
  const numbers = new Map(stored.selections.map((each, number) => [named(each.cells), number]))
  const wanted = program.selections.map((selection) =>
    selection.map((cell) => cells[cell] as number).sort((a, b) => a - b),
  )
  const missing = wanted.filter((each) => !numbers.has(named(each)))
  for (const each of wanted) if (!missing.includes(each)) numbers.delete(named(each))
  let { revision } = stored
  for (const each of missing) {
    const before = each.filter(wasKnown)
    const number = numbers.get(named(before))
    if (before.length > 0 && number !== undefined) {
      numbers.delete(named(before))
      selections[number] = { cells: each, since: stored.selections[number]?.since ?? 0 }
    } else {
      if (before.length > 0) revision = stored.revision + 1
      selections.push({ cells: each, since: before.length > 0 ? stored.revision + 1 : 0 })
    }
  }
  return { tracks, stages, selections, revision }
}

const withNew = (stored: readonly string[], program: readonly string[]): readonly string[] => [
  ...stored,
  ...program.filter((name) => !stored.includes(name)),
]

/** Whether a table has names that a program does not know, which only a newer one can have put there. */
export const isNewer = (stored: StoredTable, { tracks, stages }: FactTable): boolean =>
  stored.tracks.some((name) => !tracks.includes(name)) ||
  stored.stages.some((name) => !stages.includes(name))

export const isStoredTable = (value: unknown): value is StoredTable => {
  if (typeof value !== 'object' || value === null) return false
  const { tracks, stages, selections, revision } = value as Record<string, unknown>
  return [tracks, stages, selections].every(Array.isArray) && Number.isInteger(revision)
}
