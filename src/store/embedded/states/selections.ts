// What each kind of sheet keeps sizes of: a message the selections of the directory's table, a day of users its
// hours and the day itself, a month one number.
import { hoursPerDay } from '../../../ledger/day.ts'

export type SelectionsOfCell = (cell: number) => readonly number[]

/** What has to be known of a sheet to read and count it. */
export interface SheetKind {
  /** How many sizes it has. */
  readonly sizeCount: number
  /** Which of them count a cell, rising. */
  readonly selectionsOfCell: SelectionsOfCell
  /** Headers written now have the sizes of all revisions up to this one. */
  readonly revision: number
  /** No header on disk is of a later one, unless another program wrote it meanwhile. */
  readonly revisionMax: number
  /** By size, the revision that it came with. */
  readonly since: ArrayLike<number>
}

export const wholeDay: number = hoursPerDay

const hourSelections: readonly (readonly number[])[] = Array.from(
  { length: hoursPerDay },
  (_, hour) => [hour, wholeDay],
)
const monthSelections = [0]

const ofUsers = { revision: 0, revisionMax: 0 }

export const daySheets: SheetKind = {
  ...ofUsers,
  sizeCount: hoursPerDay + 1,
  selectionsOfCell: (hour) => hourSelections[hour] ?? [],
  since: new Uint32Array(hoursPerDay + 1),
}

export const monthSheets: SheetKind = {
  ...ofUsers,
  sizeCount: 1,
  selectionsOfCell: () => monthSelections,
  since: new Uint32Array(1),
}
