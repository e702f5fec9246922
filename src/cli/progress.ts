// How far an import or an export has come: a bar on a terminal, elsewhere a plain line every few seconds. Speed and
// remaining time are those of the last seconds, so that a pause of the server does not spoil them.
import type { Sofar } from '../import/import.ts'
import { count } from './columns.ts'

/** Where it is shown, like the standard error. */
export interface Screen {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface ProgressLine {
  update(sofar: Sofar): void
  /** A sentence of its own, which stays. */
  note(sentence: string): void
  close(): void
}

interface Sample extends Sofar {
  readonly atMs: number
}

const everyMs = { terminal: 100, plain: 5000 }
const windowMs = 10_000
const defaultColumns = 80
const barMax = 30
const clearLine = '\r\u001b[K'

export const openProgress = (screen: Screen, isQuiet: boolean, noun = 'lines'): ProgressLine => {
  const isTerminal = screen.isTTY === true
  let samples: Sample[] = []
  let last: Sofar | undefined
  let isDrawn = false

  const show = (): void => {
    if (last === undefined) return
    const atMs = performance.now()
    samples.push({ ...last, atMs })
    samples = samples.filter((sample) => atMs - sample.atMs <= windowMs)
    const text = progressText(last, speedOf(samples), noun)
    isDrawn = isTerminal
    if (!isTerminal) screen.write(`${text}\n`)
    else screen.write(`${clearLine}${withBar(text, last, screen.columns ?? defaultColumns)}`)
  }
  const clear = (): void => {
    if (isDrawn) screen.write(clearLine)
    isDrawn = false
  }
  const everySoOften = isTerminal ? everyMs.terminal : everyMs.plain
  const timer = isQuiet ? undefined : setInterval(show, everySoOften)
  return {
    update: (sofar) => {
      if (last === undefined) samples.push({ ...sofar, atMs: performance.now() })
      last = sofar
    },
    note: (sentence) => {
      clear()
      screen.write(`${sentence}\n`)
    },
    close: () => {
      clearInterval(timer)
      clear()
    },
  }
}

interface Speed {
  readonly linesPerSecond: number
  /** Undefined where nothing tells. */
  readonly bytesPerSecond: number
}

export const speedOf = (samples: readonly Sample[]): Speed => {
  const first = samples[0]
  const last = samples.at(-1)
  const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1000
  const rate = (from: number, to: number) => (seconds > 0 ? (to - from) / seconds : 0)
  return {
    linesPerSecond: rate(first?.lines ?? 0, last?.lines ?? 0),
    bytesPerSecond: rate(first?.bytes ?? 0, last?.bytes ?? 0),
  }
}

export const progressText = (
  { lines, bytes, ofBytes }: Sofar,
  speed: Speed,
  noun = 'lines',
): string => {
  const linesText = `${count(lines)} ${noun}`
  const rateText = `${count(Math.round(speed.linesPerSecond))} ${noun}/s`
  if (ofBytes === undefined) return `${linesText}, ${rateText}`
  const left = speed.bytesPerSecond > 0 ? (ofBytes - bytes) / speed.bytesPerSecond : undefined
  const leftText = left === undefined ? '' : `, ${durationOf(left)} left`
  return `${percentOf(bytes, ofBytes)}%, ${linesText}, ${rateText}${leftText}`
}

/** The text with as much of a bar before it as there is room for. */
export const withBar = (text: string, { bytes, ofBytes }: Sofar, columns: number): string => {
  const room = Math.min(barMax, columns - text.length - 4)
  if (ofBytes === undefined || room < 5) return text.slice(0, Math.max(columns - 1, 0))
  const full = Math.round((percentOf(bytes, ofBytes) / 100) * room)
  return `[${'#'.repeat(full)}${'.'.repeat(room - full)}] ${text}`
}

const percentOf = (bytes: number, ofBytes: number): number =>
  ofBytes === 0 ? 100 : Math.min(100, Math.floor((bytes / ofBytes) * 100))

/** `7 s`, `3 min 07 s`, `2 h 05 min` */
export const durationOf = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}
