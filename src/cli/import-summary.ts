// What an import came to, for people and for scripts.
import { type Form, placeText } from '../import/elements.ts'
import type { Outcome } from '../import/import.ts'
import { type Refusals, sumOf } from '../import/tally.ts'
import { count } from './columns.ts'

/** With the names of the files, and what became of each. */
export const summaryJson = (outcome: Outcome, seconds: number): string => {
  const { files, isComplete, lines } = outcome
  return JSON.stringify({
    complete: isComplete,
    ...totalsOf(outcome),
    files: files.map(({ name, isDone, tally }) => {
      const { lines: fileLines, accepted, repeated, refused } = tally
      return { file: name, complete: isDone, lines: fileLines, accepted, repeated, refused }
    }),
    refusals: refusalsOf(outcome).map(({ first, ...refusal }) => ({
      ...refusal,
      first: first.map(({ file, line, message }) => ({ file, line, message })),
    })),
    lines_now: lines,
    seconds: Number(seconds.toFixed(3)),
  })
}

/** The refused lines and the totals, a fact a line. */
export const summaryText = (outcome: Outcome, seconds: number): string => {
  const { lines, accepted, repeated, refused } = totalsOf(outcome)
  const held = repeated === null ? '' : `, ${count(repeated)} of them held before`
  const rate = seconds > 0 ? Math.round(outcome.lines / seconds) : 0
  const refusals = refusalsOf(outcome).flatMap(({ code, count: times, first }) => [
    `  ${code}: ${count(times)}`,
    ...first.map(({ file, form, line, message }) => {
      return `    ${placeText(file, form, line)}: ${message}`
    }),
  ])
  return [
    `lines     ${count(lines)}`,
    `accepted  ${count(accepted)} facts${held}`,
    `refused   ${count(refused)} lines`,
    ...refusals,
    `took      ${seconds.toFixed(1)} s for ${count(outcome.lines)} lines, ${count(rate)} lines/s`,
  ].join('\n')
}

const totalsOf = ({ files }: Outcome) => ({
  lines: files.reduce((sum, { tally }) => sum + tally.lines, 0),
  accepted: files.reduce((sum, { tally }) => sum + tally.accepted, 0),
  repeated: files.reduce<number | null>((sum, { tally }) => sumOf(sum, tally.repeated), 0),
  refused: files.reduce((sum, { tally }) => sum + tally.refused, 0),
})

interface CodeOfAll {
  readonly code: string
  readonly count: number
  readonly first: readonly { file: string; form: Form; line: number; message: string }[]
}

const firstMax = 3

const refusalsOf = ({ files }: Outcome): CodeOfAll[] => {
  const byCode = new Map<string, CodeOfAll>()
  for (const { name, form, tally } of files) {
    for (const refusals of tally.refusals) {
      const before = byCode.get(refusals.code)
      const first = [...(before?.first ?? []), ...linesOf(name, form, refusals)].slice(0, firstMax)
      const times = (before?.count ?? 0) + refusals.count
      byCode.set(refusals.code, { code: refusals.code, count: times, first })
    }
  }
  return [...byCode.values()].sort((a, b) => b.count - a.count)
}

const linesOf = (file: string, form: Form, { first }: Refusals) =>
  first.map(({ line, message }) => ({ file, form, line, message }))
