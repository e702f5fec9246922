// NDJSON: an object a line, as the reports have it.
import type { RowWriter, Sink, Table } from './table.ts'

export const ndjsonWriter = <Row>({ jsonOf }: Table<Row>, sink: Sink): RowWriter<Row> => ({
  write: async (rows) => {
    if (rows.length === 0) return
    await sink.write(Buffer.from(rows.map((row) => `${jsonOf(row)}\n`).join('')))
  },
  end: async () => {},
})
