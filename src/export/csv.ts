// CSV as RFC 4180 has it, but for its line ends, which are those of Unix: a line of names, then one a
// row. A count without data is empty.
import { type Column, dayText, type RowWriter, type Sink, type Table, type Value } from './table.ts'

const needsQuotes = /[",\r\n]|^\s|\s$/

const quoted = (text: string): string =>
  needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text

const fieldOf = (value: Value, { type }: Column): string => {
  if (value === null) return ''
  if (typeof value === 'string') return quoted(value)
  return type === 'day' ? dayText(value) : String(value)
}

export const csvWriter = <Row>({ columns, valuesOf }: Table<Row>, sink: Sink): RowWriter<Row> => {
  const lineOf = (row: Row): string =>
    `${valuesOf(row)
      .map((value, i) => fieldOf(value, columns[i] as Column))
      .join(',')}\n`
  let head = `${columns.map(({ name }) => quoted(name)).join(',')}\n`
  const write = async (rows: readonly Row[]): Promise<void> => {
    const text = head + rows.map(lineOf).join('')
    head = ''
    if (text !== '') await sink.write(Buffer.from(text))
  }
  return { write, end: () => write([]) }
}
