// A plot over time with a legend that tells the values under the cursor and hides lines. Zoomed by
// dragging, by its buttons and by the keyboard; the numbers themselves stand in the table behind it.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useHeld } from '../state/held.ts'
import { useNumbers, useTexts } from '../state/language.ts'
import { shownTheme } from '../state/theme.ts'
import { Icon, type IconName } from './icon.tsx'
import { inTurn } from './in-turn.ts'
import { draw, keepWide, type PlotSeries, type Plotted } from './plot-drawing.ts'
import { type ZoomStep, zoomed } from './plot-zoom.ts'

export interface PlotProps {
  readonly name: string
  readonly unit: 'day' | 'hour'
  /** Seconds, rising. */
  readonly times: readonly number[]
  /** As the table writes them. */
  readonly moments: readonly string[]
  readonly series: readonly PlotSeries[]
  readonly isShare?: boolean
}

const secondsOfUnit = { hour: 3_600, day: 86_400 }
const stepOfKey: Readonly<Record<string, ZoomStep>> = {
  '+': 'in',
  '=': 'in',
  '-': 'out',
  Escape: 'reset',
  ArrowLeft: 'earlier',
  ArrowRight: 'later',
}
const buttons: readonly (readonly [
  ZoomStep,
  IconName,
  'earlier' | 'later' | 'zoomIn' | 'zoomOut' | 'reset',
])[] = [
  ['earlier', 'left', 'earlier'],
  ['later', 'right', 'later'],
  ['in', 'plus', 'zoomIn'],
  ['out', 'minus', 'zoomOut'],
  ['reset', 'whole', 'reset'],
]

const dataOf = ({ times, series }: Pick<PlotProps, 'times' | 'series'>) =>
  [[...times], ...series.map(({ values }) => [...values])] as [number[], ...(number | null)[][]]

export const Plot = (props: PlotProps) => {
  const { name, unit, times, series } = props
  const texts = useTexts()
  const { place, plot, cursor } = useDrawn(props)
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())

  useEffect(() => {
    for (const [i, { id }] of series.entries()) plot?.setSeries(i + 1, { show: !hidden.has(id) })
  }, [plot, hidden])

  const zoom = (step: ZoomStep) => {
    const { min, max } = plot?.scales['x'] ?? {}
    const [from, to] = [times[0], times.at(-1)]
    if (min == null || max == null || from === undefined || to === undefined) return
    const next = zoomed({ from: min, to: max }, { from, to }, step, 2 * secondsOfUnit[unit])
    plot?.setScale('x', { min: next.from, max: next.to })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOfKey[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    zoom(step)
  }
  const toggle = (id: string) => {
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    setHidden(next)
  }
  return (
    <figure class="plot">
      <div class="plot-bar">
        <Legend {...props} cursor={cursor} hidden={hidden} toggle={toggle} />
        <div class="plot-zoom">
          {buttons.map(([step, icon, text]) => (
            <button
              key={step}
              type="button"
              class="quiet square"
              aria-label={texts.plot[text]}
              title={texts.plot[text]}
              onClick={() => zoom(step)}
            >
              <Icon name={icon} />
            </button>
          ))}
        </div>
      </div>
      <div
        class="plot-place"
        ref={place}
        role="img"
        aria-label={`${name}. ${texts.plot.hint}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: zoomed by the keyboard
        tabIndex={0}
        onKeyDown={onKeyDown}
      />
    </figure>
  )
}

/** The plot as it stands in the page: drawn anew with theme and lines, filled anew with values. */
const useDrawn = ({ unit, times, series, isShare = false }: PlotProps) => {
  const texts = useTexts()
  const numbers = useNumbers()
  const theme = useHeld(shownTheme)
  const place = useRef<HTMLDivElement>(null)
  const [plot, setPlot] = useState<Plotted>()
  const [cursor, setCursor] = useState<number | null>(null)
  const latest = useRef({ times, series })
  latest.current = { times, series }
  const lines = series.map(({ id, label }) => `${id} ${label}`).join('\n')

  // New values alone do not draw it anew.
  useEffect(() => {
    let end = () => {}
    let isShown = true
    inTurn(() => {
      if (!isShown || place.current === null) return
      const drawn = draw(place.current, dataOf(latest.current), {
        unit,
        locale: texts.locale,
        series: latest.current.series,
        axis: isShare ? numbers.percent : numbers.axis,
        onCursor: setCursor,
      })
      const stopKeeping = keepWide(drawn, place.current)
      setPlot(drawn)
      end = () => {
        stopKeeping()
        drawn.destroy()
      }
    })
    return () => {
      isShown = false
      end()
      setPlot(undefined)
    }
  }, [theme, lines, unit, texts, isShare])

  const data = useMemo(() => dataOf({ times, series }), [times, series])
  useEffect(() => {
    if (plot === undefined || plot.data[0].length === 0) return plot?.setData(data)
    const { min, max } = plot.scales['x'] ?? {}
    const isWhole = min === plot.data[0][0] && max === plot.data[0].at(-1)
    plot.setData(data, isWhole)
    if (!isWhole) plot.redraw()
    return undefined
  }, [plot, data])
  return { place, plot, cursor }
}

interface LegendProps extends PlotProps {
  readonly cursor: number | null
  readonly hidden: ReadonlySet<string>
  readonly toggle: (id: string) => void
}

const Legend = ({ series, moments, isShare, cursor, hidden, toggle }: LegendProps) => {
  const texts = useTexts()
  const numbers = useNumbers()
  const write = isShare === true ? numbers.percent : numbers.brief
  return (
    <fieldset class="legend">
      <legend class="unseen">{texts.plot.series}</legend>
      {series.map(({ id, label, tone, isDashed, values }) => {
        const value = cursor === null ? undefined : values[cursor]
        return (
          <button key={id} type="button" aria-pressed={!hidden.has(id)} onClick={() => toggle(id)}>
            <i class={`swatch tone-${tone}${isDashed === true ? ' dashed' : ''}`} />
            {label}
            {value != null && <b>{write(value)}</b>}
          </button>
        )
      })}
      <span class="legend-moment">{cursor === null ? '' : moments[cursor]}</span>
    </fieldset>
  )
}
