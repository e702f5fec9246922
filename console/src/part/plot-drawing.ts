// How a plot is drawn: the options of uPlot, out of the colours of the theme and the forms of the
// language.
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export interface PlotSeries {
  readonly id: string
  readonly label: string
  /** Null where there is none. */
  readonly values: readonly (number | null)[]
  /** The number of a colour of the theme, from 1. */
  readonly tone: number
  readonly isDashed?: boolean
}

export interface Drawing {
  readonly unit: 'day' | 'hour'
  readonly locale: string
  readonly series: readonly PlotSeries[]
  /** Writes a value of the axis. */
  readonly axis: (value: number) => string
  readonly onCursor: (index: number | null) => void
}

export type Plotted = uPlot

const height = 232
const secondsPerHour = 3_600
const secondsPerDay = 86_400
const steps = {
  hour: [1, 2, 3, 6, 12, 24, 48, 96, 168].map((hours) => hours * secondsPerHour),
  day: [1, 2, 7, 14, 28].map((days) => days * secondsPerDay),
}

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const momentsOf = ({ unit, locale }: Drawing) => {
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  const write = (seconds: number): string => {
    const isMidnight = seconds % secondsPerDay === 0
    if (unit === 'day' || isMidnight) return day.format(seconds * 1_000)
    return `${String(Math.floor((seconds % secondsPerDay) / secondsPerHour)).padStart(2, '0')}:00`
  }
  return (_: uPlot, splits: number[]): string[] => splits.map(write)
}

const axesOf = (drawing: Drawing): uPlot.Axis[] => {
  const look: uPlot.Axis = {
    stroke: colour('--muted'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  }
  const { unit, axis } = drawing
  return [
    {
      ...look,
      size: 28,
      grid: { show: false },
      space: 64,
      incrs: steps[unit],
      values: momentsOf(drawing),
    },
    { ...look, size: 60, values: (_, splits) => splits.map(axis) },
  ]
}

/** From zero, and with air above. */
const rangeOfY = (_: uPlot, __: number | null, most: number | null): [number, number] => [
  0,
  most === null || most <= 0 ? 1 : most * 1.08,
]

/** So few that each is worth a dot, as one alone is no line. */
const isSparse = (_: uPlot, __: number, first: number, last: number): boolean => last - first < 16

export const draw = (place: HTMLElement, data: uPlot.AlignedData, drawing: Drawing): Plotted => {
  const options: uPlot.Options = {
    width: Math.max(240, place.clientWidth),
    height,
    // The numbers on the axis are wall clocks written as if they were UTC.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false } },
    scales: { x: { time: true }, y: { range: rangeOfY } },
    axes: axesOf(drawing),
    series: [
      {},
      ...drawing.series.map(
        ({ label, tone, isDashed }): uPlot.Series => ({
          label,
          stroke: colour(`--series-${tone}`),
          width: 2,
          ...(isDashed === true && { dash: [6, 4] }),
          points: { size: 5, fill: colour('--surface'), show: isSparse },
        }),
      ),
    ],
    hooks: { setCursor: [({ cursor }) => drawing.onCursor(cursor.idx ?? null)] },
  }
  return new uPlot(options, data, place)
}

/** Keeps a plot as wide as its place; returns how to stop. */
export const keepWide = (plot: Plotted, place: HTMLElement): (() => void) => {
  const observer = new ResizeObserver(() => {
    const width = Math.max(240, place.clientWidth)
    if (width !== plot.width) plot.setSize({ width, height })
  })
  observer.observe(place)
  return () => observer.disconnect()
}
