// Parquet, packed by Snappy: rows are gathered into groups, each written once it is full. What is kept of
// a group is its line in the footer.
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { Column, ColumnType, RowWriter, Sink, Table, Value } from './table.ts'

const groupRowsMax = 32_768
const groupValuesMax = 500_000

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]

const elements: Readonly<Record<ColumnType, Omit<Element, 'name'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
  count: { type: 'INT64', repetition_type: 'OPTIONAL' },
  id: { type: 'INT64', repetition_type: 'REQUIRED' },
  day: { type: 'INT32', converted_type: 'DATE', repetition_type: 'REQUIRED' },
  time: { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
}

const isWide = ({ type }: Column): boolean => elements[type].type === 'INT64'

export const parquetWriter = <Row>(
  { columns, valuesOf }: Table<Row>,
  sink: Sink,
): RowWriter<Row> => {
  const bytes = new ByteWriter()
  const flush = async (): Promise<void> => {
    await sink.write(new Uint8Array(bytes.buffer, 0, bytes.index))
    bytes.index = 0
  }
  const schema: Element[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map((column) => ({ ...elements[column.type], name: column.name })),
  ]
  const writer = new ParquetWriter({ writer: bytes, schema, createdBy: 'pushledger' })
  const groupRows = Math.min(groupRowsMax, Math.ceil(groupValuesMax / columns.length))
  const emptyGroup = () => columns.map((): (Value | bigint)[] => [])
  let group = emptyGroup()

  const writeGroup = async (): Promise<void> => {
    const columnData = columns.map(({ name }, i) => {
      // Places of pages would be kept for all groups until the end.
      return { name, data: group[i] ?? [], offsetIndex: false }
    })
    group = emptyGroup()
    await writer.write({ columnData, rowGroupSize: groupRows })
    await flush()
  }
  return {
    write: async (rows) => {
      for (const row of rows) {
        for (const [i, value] of valuesOf(row).entries()) {
          const wide = value !== null && isWide(columns[i] as Column)
          group[i]?.push(wide ? BigInt(value) : value)
        }
        if (group[0]?.length === groupRows) await writeGroup()
      }
    },
    end: async () => {
      if (group[0]?.length !== 0) await writeGroup()
      await writer.finish()
      await flush()
    },
  }
}
