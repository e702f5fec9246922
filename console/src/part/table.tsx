// A table of any length: sorted by its headers, scrolled sideways where it is too wide, and drawn a
// slice at a time, so that a thousand rows never hold up the page.
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { useTexts } from '../state/language.ts'
import { memo } from './memo.ts'
import { useSlices } from './slices.ts'
import { type Sorting, sorted } from './sorted.ts'

export interface Column<Row> {
  readonly id: string
  readonly header: string
  readonly cell: (row: Row) => ComponentChildren
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
  /** What the column is sorted by; without it, it is not. */
  readonly order?: (row: Row) => string | number
  /** Names the row for who hears the table. */
  readonly isHeader?: boolean
}

interface TableProps<Row> {
  readonly caption: string
  /** Held by the caller: a new one draws every row again. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly sorting?: Sorting
  /** What the rows are filtered by. */
  readonly filter?: string | number
  readonly footer?: ComponentChildren
}

/** From here on columns are equally wide, so that more rows move none of those above. */
const longFrom = 50
const rowsAtOnce = 25
const columnRem = 7

export const Table = <Row,>(props: TableProps<Row>) => {
  const { caption, columns, rows, rowKey, footer } = props
  const [sorting, setSorting] = useState(props.sorting)
  const inOrder = useMemo(() => sorted(rows, columns, sorting), [rows, columns, sorting])
  // Rows in another order, or others, are another body: to drop one whole is quick, to move its rows
  // is not.
  const view = `${sorting?.by} ${sorting?.isDescending} ${props.filter ?? ''}`
  const count = useSlices(view, rows.length, rowsAtOnce)
  const isLong = rows.length > longFrom
  const sortBy = (by: string) =>
    setSorting({ by, isDescending: sorting?.by === by && !sorting.isDescending })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so a keyboard must reach it
    <figure class="table" aria-label={caption} tabIndex={0}>
      <table
        class={isLong ? 'long' : undefined}
        style={isLong ? { minWidth: `${columns.length * columnRem}rem` } : undefined}
      >
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Header key={column.id} column={column} sorting={sorting} sortBy={sortBy} />
            ))}
          </tr>
        </thead>
        <tbody key={view}>
          {inOrder.slice(0, count).map((row) => (
            <TableRow key={rowKey(row)} row={row} columns={columns as readonly Column<unknown>[]} />
          ))}
        </tbody>
        {footer !== undefined && <tfoot>{footer}</tfoot>}
      </table>
    </figure>
  )
}

interface HeaderProps<Row> {
  readonly column: Column<Row>
  readonly sorting: Sorting | undefined
  readonly sortBy: (id: string) => void
}

const Header = <Row,>({ column, sorting, sortBy }: HeaderProps<Row>) => {
  const texts = useTexts()
  const kind = column.isNumber === true ? 'number' : undefined
  if (column.order === undefined) {
    return (
      <th scope="col" class={kind}>
        {column.header}
      </th>
    )
  }
  const isSorted = sorting?.by === column.id
  const direction = sorting?.isDescending === true ? 'descending' : 'ascending'
  return (
    <th scope="col" class={kind} aria-sort={isSorted ? direction : 'none'}>
      <button type="button" onClick={() => sortBy(column.id)}>
        {column.header}
        <span class="sort" aria-hidden="true" title={isSorted ? texts.table[direction] : undefined}>
          {isSorted ? (sorting.isDescending ? '↓' : '↑') : '↕'}
        </span>
      </button>
    </th>
  )
}

interface RowProps {
  readonly row: unknown
  readonly columns: readonly Column<unknown>[]
}

const TableRow = memo(({ row, columns }: RowProps) => (
  <tr>
    {columns.map(({ id, cell, isNumber, isHeader }) =>
      isHeader === true ? (
        <th key={id} scope="row">
          {cell(row)}
        </th>
      ) : (
        <td key={id} class={isNumber === true ? 'number' : undefined}>
          {cell(row)}
        </td>
      ),
    )}
  </tr>
))
