// Which part of a plot's time is seen: pure steps from one window to the next.

export interface Span {
  readonly from: number
  readonly to: number
}

export type ZoomStep = 'in' | 'out' | 'earlier' | 'later' | 'reset'

const quarter = 0.25

/** A window inside `whole`, never narrower than `least`. */
export const zoomed = (seen: Span, whole: Span, step: ZoomStep, least: number): Span => {
  const width = seen.to - seen.from
  if (step === 'reset') return whole
  if (step === 'in') {
    if (width <= least) return seen
    const cut = Math.min(width * quarter, (width - least) / 2)
    return { from: seen.from + cut, to: seen.to - cut }
  }
  if (step === 'out') return within({ from: seen.from - width / 2, to: seen.to + width / 2 }, whole)
  const by = width * quarter * (step === 'earlier' ? -1 : 1)
  const shift = Math.min(Math.max(by, whole.from - seen.from), whole.to - seen.to)
  return { from: seen.from + shift, to: seen.to + shift }
}

const within = (span: Span, whole: Span): Span => ({
  from: Math.max(span.from, whole.from),
  to: Math.min(span.to, whole.to),
})
