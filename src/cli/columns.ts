// Rows of cells in columns that a person reads: numbers to the right, text to the left, each as wide
// as it stands in a terminal, where an ideograph takes two places and a combining mark none.
import { type Ratio, shareOf } from '../ledger/share.ts'

export interface Column {
  readonly name: string
  readonly isNumber: boolean
}

export const columnsOf = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string => {
  const all = [columns.map(({ name }) => name), ...rows]
  const widths = columns.map((_, i) => Math.max(...all.map((row) => widthOf(row[i] ?? ''))))
  const line = (row: readonly string[]): string =>
    columns
      .map(({ isNumber }, i) => {
        const cell = row[i] ?? ''
        const blanks = ' '.repeat((widths[i] ?? 0) - widthOf(cell))
        return isNumber ? blanks + cell : cell + blanks
      })
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

export const count = (value: number): string => value.toLocaleString('en-US')

/** A count of a report: there, or `-`. */
export const countOrDash = (value: number | null | undefined): string =>
  value === null || value === undefined ? '-' : count(value)

/** A share of one count in another: `-` where either is missing, `–` where they are no part and whole. */
export const share = (
  part: number | null | undefined,
  whole: number | null | undefined,
  rows: readonly Ratio[] = [],
): string => {
  if (!part || !whole) return '-'
  const value = shareOf(part, whole, rows)
  return value === undefined ? '–' : `${(value * 100).toFixed(1)}%`
}

const segmenter = new Intl.Segmenter()
const ignorable = /^[\p{Mark}\p{Cf}]+$/u
const wide =
  /^(?:\p{Emoji_Presentation}|.\u{fe0f}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{17000}-\u{18fff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}])/u

/** In places of a terminal. */
export const widthOf = (text: string): number => {
  let width = 0
  for (const { segment } of segmenter.segment(text)) {
    if (wide.test(segment)) width += 2
    else if (!ignorable.test(segment)) width += 1
  }
  return width
}
