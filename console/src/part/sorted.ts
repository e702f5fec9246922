// Rows in the order of one of a table's columns.

export interface Sorting {
  readonly by: string
  readonly isDescending: boolean
}

interface Sortable<Row> {
  readonly id: string
  readonly order?: (row: Row) => string | number
}

/** Rows that are equal stay as they stood; a column without an order changes nothing. */
export const sorted = <Row>(
  rows: readonly Row[],
  columns: readonly Sortable<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] => {
  const order = columns.find(({ id }) => id === sorting?.by)?.order
  if (sorting === undefined || order === undefined) return rows
  const sign = sorting.isDescending ? -1 : 1
  const compare = (a: string | number, b: string | number): number => {
    if (a === b) return 0
    return a < b ? -sign : sign
  }
  return [...rows].sort((a, b) => compare(order(a), order(b)))
}
