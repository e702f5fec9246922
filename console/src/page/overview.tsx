// How the app stands: today beside other days, its users, its pushes, and rates with their coverage.
import { useMemo, useState } from 'preact/hooks'
import type { DayItem, UsersBody } from '../../../src/http/endpoint/wire.ts'
import * as question from '../api/question.ts'
import { type Asked, useAnswer } from '../api/use-answer.ts'
import { channelCountsOf, totalOfKinds } from '../field/channel-counts.ts'
import { coverageOf } from '../field/coverage.ts'
import { STAGES } from '../field/stage.ts'
import { platformLines, USER_NUMBERS, type UserNumber } from '../field/user-days.ts'
import { Choice } from '../part/choice.tsx'
import { Comparison } from '../part/comparison.tsx'
import { Capabilities, Rates } from '../part/coverage.tsx'
import { NothingYet } from '../part/nothing-yet.tsx'
import { AskedNotice, isVipMissing, VipNotice } from '../part/notice.tsx'
import { Page } from '../part/page.tsx'
import { Panel } from '../part/panel.tsx'
import { Series } from '../part/series.tsx'
import { platformTone, stageTone } from '../part/tone.ts'
import { useTexts } from '../state/language.ts'
import { useApp } from '../state/session.ts'

const dayCount = 60
const everyMs = 30_000

export const Overview = () => {
  const texts = useTexts()
  const app = useApp()
  const asked = useAnswer(question.days(dayCount), { everyMs })
  const days = asked.body?.days
  const first = days?.[0]?.day
  const users = useAnswer(first === undefined ? undefined : question.usersOfDays(first, dayCount), {
    everyMs,
  })
  const today = days?.at(-1)?.day
  const lead = today === undefined ? '' : `${texts.overview.todaySoFar(today)} · ${app?.time_zone}`
  return (
    <Page title={texts.overview.title} lead={lead}>
      <AskedNotice asked={asked} />
      {days !== undefined && <Numbers days={days} users={users} />}
    </Page>
  )
}

interface NumbersProps {
  readonly days: readonly DayItem[]
  readonly users: Asked<UsersBody>
}

const Numbers = ({ days, users }: NumbersProps) => {
  const isWithoutUsers =
    isVipMissing(users) || users.body?.items.every((item) => Object.keys(item).length === 1)
  if (days.every(({ messages }) => messages === 0)) {
    if (isWithoutUsers === true) return <NothingYet />
    if (users.body === undefined) return <AskedNotice asked={users} />
  }
  return (
    <>
      <Comparison days={days} users={users.body} />
      <UsersPanel users={users} />
      <PushesPanel days={days} />
      <RatesPanel days={days} />
    </>
  )
}

const UsersPanel = ({ users }: { readonly users: Asked<UsersBody> }) => {
  const texts = useTexts()
  const [what, setWhat] = useState<UserNumber>('active')
  const items = users.body?.items
  const moments = useMemo(() => items?.map(({ time }) => time) ?? [], [items])
  const series = useMemo(
    () =>
      platformLines(items ?? [], what).map(({ platform, values }) => ({
        id: platform,
        label: texts.platforms[platform],
        tone: platformTone[platform],
        values,
      })),
    [items, what, texts],
  )
  const options = USER_NUMBERS.map((value) => ({ value, text: texts.users[value] }))
  const name = texts.overview.usersPlot(texts.users[what])
  return (
    <Panel
      title={name}
      lead={texts.overview.usersLead}
      actions={
        <Choice label={texts.overview.period} options={options} value={what} onChoose={setWhat} />
      }
    >
      {isVipMissing(users) ? (
        <VipNotice>{texts.vip.users}</VipNotice>
      ) : (
        <AskedNotice asked={users} />
      )}
      {items !== undefined && (
        <Series name={name} file={`users-${what}`} unit="day" moments={moments} series={series} />
      )}
    </Panel>
  )
}

interface DaysProps {
  readonly days: readonly DayItem[]
}

const PushesPanel = ({ days }: DaysProps) => {
  const texts = useTexts()
  const moments = useMemo(() => days.map(({ day }) => day), [days])
  const series = useMemo(() => {
    const totals = days.map(({ counts }) => totalOfKinds(counts))
    return STAGES.map((stage) => ({
      id: stage,
      label: texts.stages[stage],
      tone: stageTone[stage],
      values: totals.map((total) => total[stage]),
    }))
  }, [days, texts])
  const { pushes, pushesLead } = texts.overview
  return (
    <Panel title={pushes} lead={pushesLead}>
      <Series name={pushes} file="pushes" unit="day" moments={moments} series={series} />
    </Panel>
  )
}

const periods = [1, 7, 30, 60] as const

const RatesPanel = ({ days }: DaysProps) => {
  const texts = useTexts()
  const { overview: words } = texts
  const [period, setPeriod] = useState<(typeof periods)[number]>(7)
  const rows = useMemo(() => days.map(({ counts }) => channelCountsOf(counts)), [days])
  const moments = useMemo(() => days.map(({ day }) => day), [days])
  const series = useMemo(() => {
    const received = rows.map((ofDay) => coverageOf(ofDay, 'received'))
    const click = rows.map((ofDay) => coverageOf(ofDay, 'click'))
    const line = (id: string, label: string, tone: number, isDashed: boolean) => ({
      id,
      label,
      tone,
      isDashed,
    })
    const orNone = (share: number | undefined): number | null => share ?? null
    return [
      {
        ...line('received', words.deliveryRate, stageTone.received, false),
        values: received.map(({ rate }) => orNone(rate)),
      },
      {
        ...line('receivedShare', words.deliveryCoverage, stageTone.received, true),
        values: received.map(({ share }) => orNone(share)),
      },
      {
        ...line('click', words.clickRate, stageTone.click, false),
        values: click.map(({ rate }) => orNone(rate)),
      },
      {
        ...line('clickShare', words.clickCoverage, stageTone.click, true),
        values: click.map(({ share }) => orNone(share)),
      },
    ]
  }, [rows, words])
  const options = periods.map((value) => ({ value, text: words.lastDays(value) }))
  return (
    <Panel
      title={words.rates}
      lead={words.ratesLead}
      actions={
        <Choice label={words.period} options={options} value={period} onChoose={setPeriod} />
      }
    >
      <Rates rows={rows.slice(-period).flat()} />
      <Series
        name={words.ratesPlot}
        file="rates"
        unit="day"
        moments={moments}
        series={series}
        isShare
      />
      <Capabilities />
    </Panel>
  )
}
