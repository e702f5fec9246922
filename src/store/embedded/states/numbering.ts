// How an open directory numbers what a program calls otherwise: the program's cells and selections beside the
// stored ones, as tables of numbers, so that translating a fact costs one look into memory.
import type { Cell } from '../../../ledger/channel.ts'
import type { Counts, FactTable } from '../../../ledger/selection.ts'
import type { SheetKind } from './selections.ts'
import { extendTable, type StoredTable, storedCellCount, storedCellsOf } from './stored-table.ts'

export interface Numbering {
  /** The directory's table, with what the program has beside it. */
  readonly table: StoredTable
  /** The revision that stands on disk: less than that of the table until its owner has written that. */
  readonly revisionOnDisk: number
  /** Whether the program has something beside the table on disk. */
  readonly isExtended: boolean
  /** By the program's cell. */
  readonly storedCells: Uint16Array
  /** Messages are sheets of this kind; their sizes go by stored number. */
  readonly messages: SheetKind
  /** The program's cell of a stored one. */
  cellOf(storedCell: number): Cell
  /** By the program's selection. */
  countsOf(sizes: ArrayLike<number>): Counts
  /** Whether the program needs sizes that headers of a revision lack. */
  needsMore(revision: number): boolean
}

/** Of a directory on whose disk `stored` stands. */
export const numberingOf = (stored: StoredTable, program: FactTable): Numbering => {
  const table = extendTable(stored, program)
  const storedCells = storedCellsOf(table, program)
  const programCells = new Uint16Array(storedCellCount)
  storedCells.forEach((storedCell, cell) => {
    programCells[storedCell] = cell
  })
  const { selections, revision } = table
  const selectionsOfCell: number[][] = Array.from({ length: storedCellCount }, () => [])
  const numbers = new Map<string, number>()
  for (const [number, { cells }] of selections.entries()) {
    for (const cell of cells) selectionsOfCell[cell]?.push(number)
    numbers.set(cells.join(), number)
  }
  const numberOf = Uint16Array.from(program.selections, (selection) => {
    const cells = Uint16Array.from(selection, (cell) => storedCells[cell] as number).sort()
    return numbers.get(cells.join()) as number
  })
  const since = Uint32Array.from(selections, (each) => each.since)
  const newestNeeded = numberOf.reduce((most, number) => Math.max(most, since[number] ?? 0), 0)
  return {
    table,
    revisionOnDisk: stored.revision,
    isExtended: JSON.stringify(table) !== JSON.stringify(stored),
    storedCells,
    messages: {
      sizeCount: selections.length,
      selectionsOfCell: (cell) => selectionsOfCell[cell] ?? [],
      revision,
      revisionMax: stored.revision,
      since,
    },
    cellOf: (storedCell) => programCells[storedCell] as Cell,
    countsOf: (sizes) => {
      const counts = new Array<number>(numberOf.length)
      for (let i = 0; i < counts.length; i++) counts[i] = sizes[numberOf[i] as number] as number
      return counts
    },
    needsMore: (before) => newestNeeded > before,
  }
}
