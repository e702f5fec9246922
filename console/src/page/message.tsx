// One message, live: how far it came, where, and when, and the raw answers behind the numbers.
import type { ComponentChildren } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { MessageHoursBody, MessagesDetailItem } from '../../../src/http/endpoint/wire.ts'
import * as question from '../api/question.ts'
import { type Asked, useAnswer } from '../api/use-answer.ts'
import { channelCountsOf, KINDS, type Kind, totalOf } from '../field/channel-counts.ts'
import { parseMsgId } from '../field/id.ts'
import { dayBefore, hourIn, hoursFrom } from '../field/moment.ts'
import { ALL_STAGES, type Counts, countsOf, isEmpty, sum } from '../field/stage.ts'
import { Choice } from '../part/choice.tsx'
import { Copy } from '../part/copy.tsx'
import { Rates } from '../part/coverage.tsx'
import { Funnel } from '../part/funnel.tsx'
import { Icon } from '../part/icon.tsx'
import { AskedNotice, isVipMissing, Notice, VipNotice } from '../part/notice.tsx'
import { Page } from '../part/page.tsx'
import { Panel } from '../part/panel.tsx'
import { RawAnswer } from '../part/raw-answer.tsx'
import { ReceivedTable } from '../part/received-table.tsx'
import { Series } from '../part/series.tsx'
import { Split } from '../part/split.tsx'
import { Spoken } from '../part/spoken.tsx'
import { StateBadge } from '../part/state-badge.tsx'
import { stageTone } from '../part/tone.ts'
import { hashOf } from '../route.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { useApp } from '../state/session.ts'

const detailEveryMs = 2_000
const hoursEveryMs = 15_000

export const MessagePage = ({ msgId: given }: { readonly msgId: string }) => {
  const texts = useTexts()
  const msgId = parseMsgId(given)
  if (msgId !== undefined) return <Message msgId={msgId} />
  return (
    <Page title={texts.message.title(given)}>
      <Notice tone="warn">{texts.message.badId}</Notice>
    </Page>
  )
}

const Message = ({ msgId }: { readonly msgId: string }) => {
  const texts = useTexts()
  const [isPaused, setPaused] = useState(false)
  const detail = useAnswer(question.messageDetail(msgId), { everyMs: detailEveryMs, isPaused })
  const hours = useAnswer(question.messageHours(msgId), { everyMs: hoursEveryMs, isPaused })
  const item = detail.body?.[0]
  const isWithoutVip = isVipMissing(detail)
  const known = hours.body?.hours
  const isUnknown = known?.length === 0 && (item === undefined || isNothing(item))
  return (
    <Page
      title={texts.message.title(msgId)}
      lead={<About msgId={msgId} hours={known} />}
      actions={
        <Live
          atMs={isWithoutVip ? hours.atMs : detail.atMs}
          isPaused={isPaused}
          onPause={setPaused}
        />
      }
    >
      {isWithoutVip ? <AskedNotice asked={hours} /> : <AskedNotice asked={detail} />}
      {isUnknown && <Notice tone="plain">{texts.message.unknown}</Notice>}
      {item !== undefined && !isUnknown && <Detail item={item} />}
      {isWithoutVip && !isUnknown && (
        <WithoutVip msgId={msgId} hours={hours.body} isPaused={isPaused} />
      )}
      {!isUnknown && <Hours asked={hours} />}
      <Panel title={texts.message.raw} lead={texts.message.rawLead}>
        <RawAnswer question={question.messageDetail(msgId)} everyMs={hoursEveryMs} />
        <RawAnswer question={question.receivedDetail(msgId)} everyMs={hoursEveryMs} />
        <RawAnswer question={question.received(msgId)} everyMs={hoursEveryMs} />
        <RawAnswer question={question.messageHours(msgId)} everyMs={hoursEveryMs} />
      </Panel>
    </Page>
  )
}

const isNothing = (item: MessagesDetailItem): boolean => channelCountsOf(item).length === 0

interface AboutProps {
  readonly msgId: string
  readonly hours: MessageHoursBody['hours'] | undefined
}

const About = ({ msgId, hours }: AboutProps) => {
  const texts = useTexts()
  const app = useApp()
  const [first, last] = [hours?.[0]?.hour, hours?.at(-1)?.hour]
  const today = hourIn(app?.time_zone ?? 'UTC', Date.now()).slice(0, 10)
  return (
    <span class="about">
      {last !== undefined && <StateBadge isSettled={last.slice(0, 10) < dayBefore(today, 1)} />}
      {first !== undefined && (
        <span>
          {texts.messages.began} {first}:00
        </span>
      )}
      <Copy text={msgId} />
      <a href={hashOf({ page: 'devices', msgId })}>
        <Icon name="devices" /> {texts.message.checkDevices}
      </a>
    </span>
  )
}

interface LiveProps {
  readonly atMs: number | undefined
  readonly isPaused: boolean
  readonly onPause: (isPaused: boolean) => void
}

const Live = ({ atMs, isPaused, onPause }: LiveProps) => {
  const { message: words, locale } = useTexts()
  const time = useMemo(() => new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }), [locale])
  return (
    <div class="live">
      <span class={isPaused ? 'pulse still' : 'pulse'} aria-hidden="true" />
      <span>{isPaused ? words.paused : words.live}</span>
      {atMs !== undefined && <span class="muted">{words.updated(time.format(atMs))}</span>}
      <button type="button" class="quiet" onClick={() => onPause(!isPaused)}>
        {isPaused ? words.resume : words.pause}
      </button>
    </div>
  )
}

interface FunnelPanelProps {
  readonly counts: Counts
  readonly rows?: readonly Counts[]
  readonly kind?: ComponentChildren
}

const FunnelPanel = ({ counts, rows = [], kind }: FunnelPanelProps) => {
  const texts = useTexts()
  const numbers = useNumbers()
  return (
    <Panel title={texts.message.funnel} lead={texts.message.funnelLead} actions={kind}>
      <Funnel counts={counts} rows={rows} />
      <Spoken>
        {texts.message.announce(numbers.full(counts.received), numbers.full(counts.click))}
      </Spoken>
    </Panel>
  )
}

const Detail = ({ item }: { readonly item: MessagesDetailItem }) => {
  const texts = useTexts()
  const [chosen, setChosen] = useState<Kind | 'all'>('all')
  const present = KINDS.filter((kind) => !isEmpty(totalOf(item, kind)))
  const all = useMemo(() => channelCountsOf(item), [item])
  const rows = useMemo(
    () => all.filter(({ kind }) => chosen === 'all' || kind === chosen),
    [all, chosen],
  )
  const total = sum(
    present
      .filter((kind) => chosen === 'all' || kind === chosen)
      .map((kind) => totalOf(item, kind)),
  )
  const options = (['all', ...KINDS] as const).map((value) => ({ value, text: texts.kinds[value] }))
  return (
    <>
      <FunnelPanel
        counts={total}
        rows={rows.map(({ counts }) => counts)}
        kind={
          present.length > 1 ? (
            <Choice
              label={texts.message.splitBy}
              options={options}
              value={chosen}
              onChoose={setChosen}
            />
          ) : (
            <span class="badge">{texts.kinds[present[0] ?? 'all']}</span>
          )
        }
      />
      <Split rows={rows} total={total} />
      <Panel title={texts.message.rates} lead={texts.overview.ratesLead}>
        <Rates rows={rows} />
      </Panel>
    </>
  )
}

interface WithoutVipProps {
  readonly msgId: string
  readonly hours: MessageHoursBody | undefined
  readonly isPaused: boolean
}

const WithoutVip = ({ msgId, hours, isPaused }: WithoutVipProps) => {
  const texts = useTexts()
  const asked = useAnswer(question.receivedDetail(msgId), { everyMs: detailEveryMs, isPaused })
  const item = asked.body?.[0]
  return (
    <>
      {hours !== undefined && <FunnelPanel counts={sum(hours.hours.map(countsOf))} />}
      <Panel title={texts.message.split}>
        <VipNotice>{texts.vip.message}</VipNotice>
        <AskedNotice asked={asked} />
        {item !== undefined && <ReceivedTable item={item} />}
      </Panel>
    </>
  )
}

const hoursMost = 24 * 31

const Hours = ({ asked }: { readonly asked: Asked<MessageHoursBody> }) => {
  const texts = useTexts()
  const known = asked.body?.hours
  const moments = useMemo(() => {
    const [first, last] = [known?.[0]?.hour, known?.at(-1)?.hour]
    return first === undefined || last === undefined ? [] : hoursFrom(first, last, hoursMost)
  }, [known])
  const series = useMemo(() => {
    const byHour = new Map(known?.map((each) => [each.hour, each]))
    return ALL_STAGES.map((stage) => ({
      id: stage,
      label: texts.stages[stage],
      tone: stageTone[stage],
      values: moments.map((hour) => byHour.get(hour)?.[stage] ?? 0),
    })).filter(({ values }) => values.some((value) => value > 0))
  }, [known, moments, texts])
  if (moments.length === 0) return null
  return (
    <Panel title={texts.message.hours} lead={texts.message.hoursLead}>
      <Series
        name={texts.message.hours}
        file={`message-${asked.body?.msg_id}-hours`}
        unit="hour"
        moments={moments}
        series={series}
      />
    </Panel>
  )
}
