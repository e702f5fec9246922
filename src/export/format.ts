// The forms a table can be written in. Each takes rows as they come and keeps none but those that it
// has not written yet.
import { csvWriter, spreadsheetWriter } from './csv.ts'
import { ndjsonWriter } from './ndjson.ts'
import { parquetWriter } from './parquet.ts'
import type { OpenWriter, Sink, Table } from './table.ts'

export const FORMATS = {
  csv: csvWriter,
  ndjson: ndjsonWriter,
  parquet: parquetWriter,
} as const satisfies Record<string, OpenWriter>
export type Format = keyof typeof FORMATS
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[]

/** Besides those CSV for a spreadsheet. */
export type Form = Format | 'spreadsheet'
const writers: Readonly<Record<Form, OpenWriter>> = { ...FORMATS, spreadsheet: spreadsheetWriter }

export interface Exported {
  readonly rows: number
}

export interface Watch {
  onRows(rows: number, part: number | undefined): void
  /** Once aborted, no further page is begun. */
  readonly stop: AbortSignal
}

/** Undefined where it was stopped before its end. */
export const runExport = async <Row>(
  table: Table<Row>,
  form: Form,
  sink: Sink,
  { onRows, stop }: Watch,
): Promise<Exported | undefined> => {
  const writer = writers[form](table, sink)
  let rows = 0
  for await (const page of table.pages()) {
    if (stop.aborted) return undefined
    await writer.write(page.rows)
    rows += page.rows.length
    onRows(rows, page.part)
  }
  await writer.end()
  return { rows }
}
