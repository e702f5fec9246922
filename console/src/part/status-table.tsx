// The status of each device, filtered and sorted, and the same as a file.
import { useMemo, useState } from 'preact/hooks'
import type { StatusBody } from '../../../src/http/endpoint/wire.ts'
import { asValue, csvOf } from '../csv.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { Choice } from './choice.tsx'
import { download } from './download.ts'
import { Icon } from './icon.tsx'
import { Id } from './id.tsx'
import { type Column, Table } from './table.tsx'

const STATUSES = [0, 1, 2, 3, 4] as const
type Status = (typeof STATUSES)[number]

interface StatusRow {
  readonly id: string
  readonly status: Status
}

interface StatusTableProps {
  readonly body: StatusBody
  readonly msgId: string
  readonly date: string
}

export const StatusTable = ({ body, msgId, date }: StatusTableProps) => {
  const texts = useTexts()
  const numbers = useNumbers()
  const words = texts.devices
  const [filter, setFilter] = useState<Status | 'all'>('all')
  const all = useMemo(
    () => Object.entries(body).map(([id, { status }]): StatusRow => ({ id, status })),
    [body],
  )
  const rows = useMemo(
    () => (filter === 'all' ? all : all.filter(({ status }) => status === filter)),
    [all, filter],
  )
  const columns = useStatusColumns()
  const countOf = (status: Status) => all.filter((row) => row.status === status).length
  const options = [
    { value: 'all' as const, text: `${words.all} ${numbers.full(all.length)}` },
    ...STATUSES.filter((status) => countOf(status) > 0).map((value) => ({
      value,
      text: `${words.statuses[value]} ${numbers.full(countOf(value))}`,
    })),
  ]
  const save = () => {
    const header = ['registration_id', 'msg_id', 'as_of', 'status', texts.devices.status]
    const asOf = asValue(date)
    const lines = rows.map(({ id, status }) => [id, msgId, asOf, status, words.statuses[status]])
    download(`devices-${msgId}.csv`, 'text/csv', csvOf(header, lines))
  }
  return (
    <>
      <div class="list-bar">
        <Choice label={words.filter} options={options} value={filter} onChoose={setFilter} />
        <button type="button" class="primary" onClick={save}>
          <Icon name="download" />
          {words.export}
        </button>
      </div>
      <Table
        caption={words.result(numbers.full(rows.length))}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        filter={filter}
      />
    </>
  )
}

const useStatusColumns = (): readonly Column<StatusRow>[] => {
  const texts = useTexts()
  return useMemo(
    () => [
      {
        id: 'id',
        header: texts.devices.device,
        isHeader: true,
        cell: ({ id }) => <Id>{id}</Id>,
        order: ({ id }) => id,
      },
      {
        id: 'status',
        header: texts.devices.status,
        cell: ({ status }) => (
          <>
            <span class={`badge status-${status}`}>{texts.devices.statuses[status]}</span>{' '}
            <span class="muted">{texts.devices.statusHints[status]}</span>
          </>
        ),
        order: ({ status }) => status,
      },
    ],
    [texts],
  )
}
