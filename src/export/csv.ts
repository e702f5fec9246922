// CSV as RFC 4180 has it: a line of names, then one a row. A count without data is empty. For programs the
// text is exact, and lines end as those of Unix do; for spreadsheets it is guarded, with their line ends and
// the mark of UTF-8.
import { asText, byteOrderMark, cellOf, lineEnd } from './spreadsheet.ts'
import {
  type Column,
  dayText,
  type OpenWriter,
  type RowWriter,
  type Sink,
  type Table,
  type Value,
} from './table.ts'

interface Dialect {
  readonly before: string
  readonly lineEnd: string
  readonly cell: (text: string) => string
  /** Texts and ids go through it; days, times and counts are written as they are. */
  readonly text: (text: string) => string
}

const needsQuotes = /[",\r\n]|^\s|\s$/

const exact: Dialect = {
  before: '',
  lineEnd: '\n',
  cell: (text) => (needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text),
  text: (text) => text,
}
const guarded: Dialect = { before: byteOrderMark, lineEnd, cell: cellOf, text: asText }

const fieldOf = (value: Value, { type }: Column, { cell, text }: Dialect): string => {
  if (value === null) return ''
  if (typeof value === 'string') return cell(type === 'time' ? value : text(value))
  return type === 'day' ? dayText(value) : String(value)
}

const writerOf =
  (dialect: Dialect) =>
  <Row>({ columns, valuesOf }: Table<Row>, sink: Sink): RowWriter<Row> => {
    const lineOf = (fields: readonly string[]): string => `${fields.join(',')}${dialect.lineEnd}`
    let head = dialect.before + lineOf(columns.map(({ name }) => dialect.cell(name)))
    const write = async (rows: readonly Row[]): Promise<void> => {
      const lines = rows.map((row) =>
        lineOf(valuesOf(row).map((value, i) => fieldOf(value, columns[i] as Column, dialect))),
      )
      const text = head + lines.join('')
      head = ''
      if (text !== '') await sink.write(Buffer.from(text))
    }
    return { write, end: () => write([]) }
  }

export const csvWriter: OpenWriter = writerOf(exact)
export const spreadsheetWriter: OpenWriter = writerOf(guarded)
