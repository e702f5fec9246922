// Today beside yesterday and the same day last week, a tile for each number. Today is not over, so no
// tile says "more" or "less": the bars are there to be compared.
import type { DayItem, UsersBody } from '../../../src/http/endpoint/wire.ts'
import { totalOfKinds } from '../field/channel-counts.ts'
import { dayBefore } from '../field/moment.ts'
import type { Stage } from '../field/stage.ts'
import { USER_NUMBERS, usersOn } from '../field/user-days.ts'
import { useTexts } from '../state/language.ts'
import { Bar } from './bar.tsx'
import { Count } from './count.tsx'
import { stageTone } from './tone.ts'

interface Tile {
  readonly id: string
  readonly label: string
  readonly tone: number
  readonly on: (day: string) => number
}

const tileStages: readonly Stage[] = ['target', 'sent', 'received', 'click']

interface ComparisonProps {
  readonly days: readonly DayItem[]
  readonly users: UsersBody | undefined
}

export const Comparison = ({ days, users }: ComparisonProps) => {
  const texts = useTexts()
  const byDay = new Map(days.map((item) => [item.day, item]))
  const today = days.at(-1)?.day
  if (today === undefined) return null
  const userTiles = USER_NUMBERS.map(
    (what): Tile => ({
      id: what,
      label: texts.users[what],
      tone: 1,
      on: (day) => usersOn(users?.items ?? [], day, what),
    }),
  )
  const tiles: readonly Tile[] = [
    ...(users === undefined ? [] : userTiles),
    {
      id: 'messages',
      label: texts.overview.messages,
      tone: 8,
      on: (day) => byDay.get(day)?.messages ?? 0,
    },
    ...tileStages.map(
      (stage): Tile => ({
        id: stage,
        label: texts.stages[stage],
        tone: stageTone[stage],
        on: (day) => {
          const item = byDay.get(day)
          return item === undefined ? 0 : totalOfKinds(item.counts)[stage]
        },
      }),
    ),
  ]
  return (
    <section aria-label={texts.overview.compared} class="tiles">
      {tiles.map((tile) => (
        <TileView key={tile.id} tile={tile} today={today} />
      ))}
    </section>
  )
}

interface TileProps {
  readonly tile: Tile
  readonly today: string
}

const TileView = ({ tile, today }: TileProps) => {
  const { overview } = useTexts()
  const now = tile.on(today)
  const others = [
    { label: overview.yesterday, value: tile.on(dayBefore(today, 1)) },
    { label: overview.lastWeek, value: tile.on(dayBefore(today, 7)) },
  ]
  const most = Math.max(1, now, ...others.map(({ value }) => value))
  return (
    <div class="tile" data-testid={`tile-${tile.id}`}>
      <h2>{tile.label}</h2>
      <p class="figure">
        <span class="unseen">{overview.today} </span>
        <Count>{now}</Count>
      </p>
      <Bar share={now / most} tone={tile.tone} />
      <dl>
        {others.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <Count>{value}</Count>
              <Bar share={value / most} tone={0} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
