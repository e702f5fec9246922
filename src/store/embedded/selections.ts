// Which sizes each kind of sheet keeps, and which of them count a cell: of messages the selections of the
// field table, of a day of users its hours and the day itself, of a month one.
import type { Cell } from '../../ledger/channel.ts'
import { SELECTIONS, SELECTIONS_OF_CELL } from '../../ledger/counts.ts'
import { hoursPerDay } from '../../ledger/day.ts'

export const messageSizes: number = SELECTIONS.length

export const wholeDay: number = hoursPerDay
export const daySizes: number = hoursPerDay + 1
export const monthSizes = 1
const hourSelections: readonly (readonly number[])[] = Array.from(
  { length: hoursPerDay },
  (_, hour) => [hour, wholeDay],
)
const monthSelections = [0]

/** Which sizes of a day's sheet count a cell, which is an hour. */
export const selectionsOfHour = (hour: number): readonly number[] => hourSelections[hour] ?? []
export const selectionsOfMonth = (): readonly number[] => monthSelections
export const selectionsOfCell = (cell: number): readonly number[] =>
  SELECTIONS_OF_CELL[cell as Cell] ?? []
