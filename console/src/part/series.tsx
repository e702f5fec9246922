// A plot with the table behind it, and that table as a file.
import { useMemo, useState } from 'preact/hooks'
import { asValue, csvOf } from '../csv.ts'
import { secondsOf } from '../field/moment.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { download } from './download.ts'
import { Icon } from './icon.tsx'
import { Plot } from './plot.tsx'
import type { PlotSeries } from './plot-drawing.ts'
import { type Column, Table } from './table.tsx'

interface SeriesProps {
  readonly name: string
  /** Of the file, without its ending. */
  readonly file: string
  readonly unit: 'day' | 'hour'
  /** Days or hours, rising. */
  readonly moments: readonly string[]
  readonly series: readonly PlotSeries[]
  readonly isShare?: boolean
}

export const Series = (props: SeriesProps) => {
  const { moments } = props
  const texts = useTexts()
  const [isOpen, setOpen] = useState(false)
  const times = useMemo(() => moments.map(secondsOf), [moments])
  return (
    <>
      <Plot {...props} times={times} />
      <details class="behind" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{texts.table.show}</summary>
        {isOpen && <TableBehind {...props} />}
      </details>
    </>
  )
}

const latestFirst = { by: 'moment', isDescending: true }

const TableBehind = ({ name, file, unit, moments, series, isShare }: SeriesProps) => {
  const texts = useTexts()
  const numbers = useNumbers()
  const rows = useMemo(() => moments.map((_, i) => i), [moments])
  const columns = useMemo((): readonly Column<number>[] => {
    const write = isShare === true ? numbers.percent : numbers.full
    const moment = (row: number): string => moments[row] ?? ''
    return [
      { id: 'moment', header: texts.table[unit], cell: moment, order: moment, isHeader: true },
      ...series.map(({ id, label, values }) => ({
        id,
        header: label,
        isNumber: true,
        cell: (row: number) => {
          const value = values[row]
          return value == null ? texts.none : write(value)
        },
        order: (row: number) => values[row] ?? -1,
      })),
    ]
  }, [texts, numbers, moments, series, unit, isShare])
  const save = () => {
    const header = [texts.table[unit], ...series.map(({ label }) => label)]
    const lines = moments.map((moment, i) => [
      asValue(moment),
      ...series.map(({ values }) => values[i] ?? undefined),
    ])
    download(`${file}.csv`, 'text/csv', csvOf(header, lines))
  }
  return (
    <>
      <button type="button" class="quiet" onClick={save}>
        <Icon name="download" />
        {texts.table.export}
      </button>
      <Table
        caption={name}
        columns={columns}
        rows={rows}
        rowKey={(row) => moments[row] ?? ''}
        sorting={latestFirst}
      />
    </>
  )
}
