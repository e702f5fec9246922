// What engines count of a message: the size of every distinct selection of the field table. Several
// fields share a selection (`/received` and `/received/detail` both tell `ios_apns_sent`), so engines
// number the selections, not the fields.
import { CELLS, type Cell, STAGES, TRACKS, trackName } from './channel.ts'
import { FIELDS, type Field, type MessageReport } from './field.ts'

/** A set of cells; its number in a report is the size of their union. */
export type Selection = readonly Cell[]

const numbers = new Map<string, number>()
const distinct: Selection[] = []
for (const { cells } of FIELDS) {
  const name = cells.join()
  if (numbers.has(name)) continue
  numbers.set(name, distinct.length)
  distinct.push(cells)
}

/** The distinct selections; a selection's place is its number. */
export const SELECTIONS: readonly Selection[] = distinct

/** For each cell, the numbers of the selections it belongs to, rising. */
export const SELECTIONS_OF_CELL: readonly (readonly number[])[] = CELLS.map((cell) =>
  distinct.flatMap((cells, number) => (cells.includes(cell) ? [number] : [])),
)

/** Sizes by selection number: distinct devices. A place that is missing counts as zero. */
export type Counts = ArrayLike<number>

/** The number of the selection that a field counts. */
export const selectionOf = (field: Field): number => numbers.get(field.cells.join()) ?? -1

export const fieldsOf = (report: MessageReport): readonly Field[] =>
  FIELDS.filter((field) => field.report === report)

/** What a program tells apart and counts, by names that stay the same from version to version. */
export interface FactTable {
  readonly tracks: readonly string[]
  readonly stages: readonly string[]
  /** Sets of cells; a cell is track × number of stages + stage. */
  readonly selections: readonly Selection[]
}

/** This program's own. */
export const factTable: FactTable = {
  tracks: TRACKS.map(trackName),
  stages: STAGES,
  selections: SELECTIONS,
}
