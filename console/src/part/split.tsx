// Where a message came: a table by channel, vendor or platform, with the shares of each and its total.
import { useMemo, useState } from 'preact/hooks'
import { CAPABILITIES } from '../field/channel.ts'
import {
  type ChannelCounts,
  type CountsGroup,
  GROUPINGS,
  type Grouping,
  groupsOf,
} from '../field/channel-counts.ts'
import type { Reported } from '../field/coverage.ts'
import { type Counts, rateOf, STAGES } from '../field/stage.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { Bar } from './bar.tsx'
import { Choice } from './choice.tsx'
import { Count } from './count.tsx'
import { Panel } from './panel.tsx'
import { type Column, Table } from './table.tsx'
import { stageTone } from './tone.ts'

interface SplitProps {
  readonly rows: readonly ChannelCounts[]
  readonly total: Counts
}

export const Split = ({ rows, total }: SplitProps) => {
  const texts = useTexts()
  const { message: words } = texts
  const [grouping, setGrouping] = useState<Grouping>('channel')
  const columns = useColumns(grouping, rows)
  const groups = useMemo(() => groupsOf(rows, grouping), [rows, grouping])
  const options = GROUPINGS.map((value) => ({ value, text: words.groupings[value] }))
  const numbers = useNumbers()
  const all = rows.map(({ counts }) => counts)
  return (
    <Panel
      title={words.split}
      lead={words.sumNote}
      actions={
        <Choice label={words.splitBy} options={options} value={grouping} onChoose={setGrouping} />
      }
    >
      <Table
        caption={words.split}
        columns={columns}
        rows={groups}
        rowKey={({ id }) => id}
        footer={
          <tr>
            <th scope="row">{words.total}</th>
            {STAGES.map((stage) => (
              <td key={stage} class="number">
                <Count>{total[stage]}</Count>
              </td>
            ))}
            <td class="number">{numbers.percent(rateOf(total, 'received', all))}</td>
            <td class="number">{numbers.percent(rateOf(total, 'click', all))}</td>
          </tr>
        }
      />
    </Panel>
  )
}

const useColumns = (
  grouping: Grouping,
  rows: readonly ChannelCounts[],
): readonly Column<CountsGroup>[] => {
  const texts = useTexts()
  return useMemo(() => {
    const most = Math.max(1, ...groupsOf(rows, grouping).map(({ counts }) => counts.target))
    const nameOf = ({ platform, channel }: CountsGroup): string =>
      [
        ...(platform === undefined ? [] : [texts.platforms[platform]]),
        ...(channel === undefined ? [] : [texts.channels[channel]]),
      ].join(' · ')
    const share = (id: Reported, header: string): Column<CountsGroup> => ({
      id: `${id}-rate`,
      header,
      isNumber: true,
      cell: (group) => <Share group={group} stage={id} />,
      order: (group) => rateOf(group.counts, id, group.rows) ?? -1,
    })
    return [
      {
        id: 'name',
        header: texts.message.groupings[grouping],
        isHeader: true,
        cell: nameOf,
        order: nameOf,
      },
      ...STAGES.map(
        (stage): Column<CountsGroup> => ({
          id: stage,
          header: texts.stages[stage],
          isNumber: true,
          cell: ({ counts }) => (
            <>
              <Count>{counts[stage]}</Count>
              <Bar share={counts[stage] / most} tone={stageTone[stage]} />
            </>
          ),
          order: ({ counts }) => counts[stage],
        }),
      ),
      share('received', texts.overview.deliveryRate),
      share('click', texts.overview.clickRate),
    ]
  }, [rows, grouping, texts])
}

interface ShareProps {
  readonly group: CountsGroup
  readonly stage: Reported
}

/** Nought where the channel reports nothing would be misread. */
const Share = ({ group: { channel, counts, rows }, stage }: ShareProps) => {
  const { coverage: words } = useTexts()
  const numbers = useNumbers()
  const percent = numbers.percent(rateOf(counts, stage, rows))
  const { [stage]: ability, note } = CAPABILITIES[channel ?? 'jpush']
  if (ability === 'partly' && note !== undefined) {
    return (
      <span class="muted" title={words.partRate(words.notes[note])}>
        {percent}
        <span class="unseen"> {words.partRate(words.notes[note])}</span>
      </span>
    )
  }
  if (ability === 'yes' || counts[stage] > 0) return percent
  return <span class="muted">{words.noRate}</span>
}
