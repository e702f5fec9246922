// What an export writes: a table that is walked a page at a time. A row is written either as its values
// by column, or as a JSON object.
import { type Day, formatDay } from '../ledger/day.ts'

/**
 * `count` is empty where there is no data, `id` a message's number, `day` a day of the app's zone, `time`
 * the text of a day or month.
 */
export type ColumnType = 'text' | 'count' | 'id' | 'day' | 'time'

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

/** By its column's type: text, a number of devices, an id as text, a day. */
export type Value = string | number | null

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** How much of the whole is walked; undefined where that cannot be told. */
  readonly part: number | undefined
}

export interface Table<Row> {
  readonly columns: readonly Column[]
  valuesOf(row: Row): readonly Value[]
  /** On one line. */
  jsonOf(row: Row): string
  pages(): AsyncIterable<Page<Row>>
}

/** Takes the bytes of a file. */
export interface Sink {
  /** Resolves when more may come; the bytes may be used again then. */
  write(bytes: Uint8Array): Promise<void>
}

/** Writes rows in one format. */
export interface RowWriter<Row> {
  write(rows: readonly Row[]): Promise<void>
  end(): Promise<void>
}

export type OpenWriter = <Row>(table: Table<Row>, sink: Sink) => RowWriter<Row>

const texts = new Map<Day, string>()

/** `yyyy-mm-dd`; of the few days that most rows share worked out once. */
export const dayText = (day: Day): string => {
  const known = texts.get(day)
  if (known !== undefined) return known
  const text = formatDay(day)
  texts.set(day, text)
  return text
}
