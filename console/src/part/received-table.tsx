// What every app may see of a message, with VIP or without: what was sent and received each way.
import { useMemo } from 'preact/hooks'
import type { Count as Counted, ReceivedDetailItem } from '../../../src/http/endpoint/wire.ts'
import { type ReceivedRow, receivedRowsOf } from '../field/received-counts.ts'
import { useTexts } from '../state/language.ts'
import { Count } from './count.tsx'
import { type Column, Table } from './table.tsx'

export const ReceivedTable = ({ item }: { readonly item: ReceivedDetailItem }) => {
  const texts = useTexts()
  const columns = useMemo((): readonly Column<ReceivedRow>[] => {
    const number = (value: Counted) => (value === null ? texts.none : <Count>{value}</Count>)
    return [
      {
        id: 'way',
        header: texts.message.way,
        isHeader: true,
        cell: ({ way }) => texts.message.ways[way],
      },
      {
        id: 'sent',
        header: texts.stages.sent,
        isNumber: true,
        cell: ({ sent }) => number(sent),
      },
      {
        id: 'received',
        header: texts.stages.received,
        isNumber: true,
        cell: ({ received }) => number(received),
      },
    ]
  }, [texts])
  const rows = useMemo(() => receivedRowsOf(item), [item])
  return (
    <Table caption={texts.message.split} columns={columns} rows={rows} rowKey={({ way }) => way} />
  )
}
