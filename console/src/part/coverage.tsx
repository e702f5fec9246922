// A rate with its coverage, and the channels that it leaves out by name; and the table of what each
// channel can report at all.
import { useMemo } from 'preact/hooks'
import { CAPABILITIES, CHANNELS, type Channel } from '../field/channel.ts'
import type { ChannelCounts } from '../field/channel-counts.ts'
import { coverageOf, type LeftOut, type Reported } from '../field/coverage.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { Bar } from './bar.tsx'
import { Table } from './table.tsx'
import { stageTone } from './tone.ts'

interface CoverageProps {
  readonly rows: readonly ChannelCounts[]
}

export const Rates = ({ rows }: CoverageProps) => {
  const texts = useTexts()
  return (
    <div class="rates">
      <Rate title={texts.overview.deliveryRate} rows={rows} stage="received" />
      <Rate title={texts.overview.clickRate} rows={rows} stage="click" />
    </div>
  )
}

interface RateProps extends CoverageProps {
  readonly title: string
  readonly stage: Reported
}

const Rate = ({ title, rows, stage }: RateProps) => {
  const { coverage: words } = useTexts()
  const numbers = useNumbers()
  const { reach, covered, reached, rate, share, leftOut } = coverageOf(rows, stage)
  const brief = numbers.brief
  return (
    <section class="rate" data-testid={`rate-${stage}`}>
      <h3>{title}</h3>
      <p class="figure">{numbers.percent(rate)}</p>
      {rate !== undefined && <p class="lead">{words.of(brief(reached), brief(covered))}</p>}
      {share === undefined ? (
        <p class="lead">{words.nothing}</p>
      ) : (
        <div class="coverage">
          <Bar share={share} tone={stageTone[stage]} />
          <p>
            <strong>{words.coverage}</strong>{' '}
            {words.share(numbers.percent(share), brief(covered), brief(reach))}
          </p>
          {leftOut.length === 0 ? <p class="lead">{words.all}</p> : <LeftOutList all={leftOut} />}
        </div>
      )}
    </section>
  )
}

const LeftOutList = ({ all }: { readonly all: readonly LeftOut[] }) => {
  const { coverage: words, channels } = useTexts()
  const numbers = useNumbers()
  return (
    <>
      <p>{words.leftOut}</p>
      <ul class="left-out">
        {all.map(({ channel, ability, reach }) => {
          const { note } = CAPABILITIES[channel]
          return (
            <li key={channel}>
              <strong>{channels[channel]}</strong> {numbers.brief(reach)}
              <span class="muted">
                {' '}
                {ability === 'partly' && note !== undefined
                  ? words.notes[note]
                  : words.never[ability === 'no' ? 'no' : 'unknown']}
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}

export const Capabilities = () => {
  const texts = useTexts()
  const { coverage: words, stages, channels } = texts
  const columns = useMemo(() => {
    const ability = (stage: 'received' | 'display' | 'click') => ({
      id: stage,
      header: stages[stage],
      cell: (channel: Channel) => {
        const value = CAPABILITIES[channel][stage]
        return <span class={`ability ${value}`}>{words.abilities[value]}</span>
      },
    })
    return [
      {
        id: 'channel',
        header: texts.table.channel,
        cell: (channel: Channel) => channels[channel],
        isHeader: true,
      },
      ability('received'),
      ability('display'),
      ability('click'),
      {
        id: 'note',
        header: words.note,
        cell: (channel: Channel) => {
          const { note } = CAPABILITIES[channel]
          return note === undefined ? texts.none : words.notes[note]
        },
      },
    ]
  }, [texts, words, stages, channels])
  return (
    <details class="behind">
      <summary>{words.capabilities}</summary>
      <p class="lead">{words.capabilitiesLead}</p>
      <Table
        caption={words.capabilities}
        columns={columns}
        rows={CHANNELS}
        rowKey={(channel) => channel}
      />
    </details>
  )
}
