// What became of what was told: accepted, repeated and refused by hour, and the last refused lines.
import { useMemo } from 'preact/hooks'
import type { FeedBody, RefusedLine } from '../../../src/http/endpoint/wire.ts'
import { shareOf } from '../../../src/ledger/share.ts'
import * as question from '../api/question.ts'
import { useAnswer } from '../api/use-answer.ts'
import { type FeedSums, refusedCodes, refusedOf, sumsOf } from '../field/feed.ts'
import { hourIn, hoursFrom } from '../field/moment.ts'
import { Choice } from '../part/choice.tsx'
import { Count } from '../part/count.tsx'
import { Id } from '../part/id.tsx'
import { NothingYet } from '../part/nothing-yet.tsx'
import { AskedNotice } from '../part/notice.tsx'
import { Page } from '../part/page.tsx'
import { Panel } from '../part/panel.tsx'
import { Series } from '../part/series.tsx'
import { type Column, Table } from '../part/table.tsx'
import { toneOf } from '../part/tone.ts'
import { FEED_HOURS, type FeedHours } from '../route.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { replaceRoute } from '../state/navigation.ts'
import { useApp } from '../state/session.ts'

const everyMs = 10_000
const longest = Math.max(...FEED_HOURS)

export const FeedPage = ({ hours }: { readonly hours: FeedHours }) => {
  const texts = useTexts()
  const asked = useAnswer(question.feed(hours), { everyMs })
  const { body } = asked
  const options = FEED_HOURS.map((value) => ({ value, text: texts.feed.ranges[value] }))
  const isNothing = body?.hours.length === 0 && body.refused_lines.length === 0
  return (
    <Page
      title={texts.feed.title}
      lead={texts.feed.lead}
      actions={
        <Choice
          label={texts.feed.range}
          options={options}
          value={hours}
          onChoose={(next) => replaceRoute({ page: 'feed', hours: next })}
        />
      }
    >
      <AskedNotice asked={asked} />
      {isNothing && hours === longest && <NothingYet />}
      {isNothing && hours !== longest && <p class="panel">{texts.feed.none}</p>}
      {body !== undefined && !isNothing && (
        <>
          <Sums sums={sumsOf(body.hours)} />
          <Plots body={body} hours={hours} />
          <RefusedLines lines={body.refused_lines} />
        </>
      )}
    </Page>
  )
}

/** None where the server cannot tell. */
const repeatedTile = (label: string, { repeated, accepted }: FeedSums) =>
  repeated === null ? [] : ([['repeated', label, repeated, shareOf(repeated, accepted)]] as const)

const Sums = ({ sums }: { readonly sums: FeedSums }) => {
  const { feed: words } = useTexts()
  const numbers = useNumbers()
  const tiles = [
    ['bodies', words.bodies, sums.bodies, undefined],
    ['accepted', words.accepted, sums.accepted, undefined],
    ...repeatedTile(words.repeated, sums),
    ['refused', words.refused, sums.refused, undefined],
  ] as const
  return (
    <section class="tiles" aria-label={words.title}>
      {tiles.map(([id, label, value, share]) => (
        <div key={id} class="tile" data-testid={`tile-${id}`}>
          <h2>{label}</h2>
          <p class={id === 'refused' && value > 0 ? 'figure bad' : 'figure'}>
            <Count>{value}</Count>
          </p>
          <p class="lead">{share !== undefined && words.refusedShare(numbers.percent(share))}</p>
        </div>
      ))}
    </section>
  )
}

interface PlotsProps {
  readonly body: FeedBody
  readonly hours: FeedHours
}

const Plots = ({ body, hours }: PlotsProps) => {
  const { feed: words } = useTexts()
  const zone = useApp()?.time_zone ?? 'UTC'
  const moments = useMemo(() => {
    const now = hourIn(zone, Date.now())
    // The clock of the browser may be behind that of the server.
    const last = [now, body.hours.at(-1)?.hour ?? now].sort()[1] ?? now
    return hoursFrom('1970-01-01 00', last, hours)
  }, [body, hours, zone])
  const byHour = useMemo(() => new Map(body.hours.map((hour) => [hour.hour, hour])), [body])
  const told = useMemo(
    () =>
      (['accepted', 'repeated'] as const).map((id, i) => ({
        id,
        label: words[id],
        tone: toneOf(i * 2),
        values: moments.map((moment) => byHour.get(moment)?.[id] ?? 0),
      })),
    [moments, byHour, words],
  )
  const refused = useMemo(
    () =>
      refusedCodes(body.hours).map((code, i) => ({
        id: code,
        label: code,
        tone: toneOf(i + 2),
        values: moments.map((moment) => refusedOf(byHour.get(moment), code)),
      })),
    [body, moments, byHour],
  )
  const shared = { unit: 'hour', moments } as const
  return (
    <>
      <Panel title={words.acceptedPlot} lead={words.acceptedLead}>
        <Series {...shared} name={words.acceptedPlot} file="accepted" series={told} />
      </Panel>
      <Panel title={words.refusedPlot}>
        {refused.length === 0 ? (
          <p class="lead">{words.refusedNone}</p>
        ) : (
          <Series {...shared} name={words.refusedPlot} file="refused" series={refused} />
        )}
      </Panel>
    </>
  )
}

const RefusedLines = ({ lines }: { readonly lines: readonly RefusedLine[] }) => {
  const { feed: words, locale } = useTexts()
  const zone = useApp()?.time_zone ?? 'UTC'
  const columns = useMemo((): readonly Column<Numbered>[] => {
    const time = new Intl.DateTimeFormat(locale, {
      dateStyle: 'short',
      timeStyle: 'medium',
      timeZone: zone,
    })
    const codes: Readonly<Record<string, string>> = words.codes
    return [
      {
        id: 'at',
        header: words.at,
        cell: ({ at }) => <time dateTime={at}>{time.format(Date.parse(at))}</time>,
        order: ({ at }) => at,
      },
      { id: 'line', header: words.line, isNumber: true, cell: ({ line }) => line },
      {
        id: 'code',
        header: words.code,
        cell: ({ code }) => <code title={codes[code]}>{code}</code>,
        order: ({ code }) => code,
      },
      {
        id: 'why',
        header: words.why,
        cell: ({ code, message }) => (
          <span class="why">
            {codes[code] !== undefined && `${codes[code]} `}
            <span class="muted">
              <Id>{message}</Id>
            </span>
          </span>
        ),
      },
      {
        id: 'text',
        header: words.text,
        cell: ({ text }) => (
          <code class="begun">
            <Id>{text}</Id>
          </code>
        ),
      },
    ]
  }, [words, locale, zone])
  const rows = useMemo(() => lines.map((line, i) => ({ ...line, key: `${i} ${line.at}` })), [lines])
  if (rows.length === 0) return null
  return (
    <Panel title={words.lines} lead={words.linesLead}>
      <Table caption={words.lines} columns={columns} rows={rows} rowKey={({ key }) => key} />
    </Panel>
  )
}

type Numbered = RefusedLine & { readonly key: string }
