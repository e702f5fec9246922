// What a ledger holds of the bodies of the crash tests, against what was promised while they were told.
import { devicesOf } from './bodies.mjs'

/** What teller.mjs said. */
export interface Promised {
  readonly sent: ReadonlySet<number>
  readonly answered: ReadonlySet<number>
}

interface Counted {
  readonly own: readonly number[]
  readonly broadcasts: readonly number[]
}

/** What held.mjs says. */
export type Held =
  | (Counted & { readonly after: Counted; readonly findings: readonly object[] })
  | { readonly refused: string }

export const saidBy = (text: string): Promised => {
  const numbers = (word: string) =>
    new Set([...text.matchAll(RegExp(`${word} (\\d+)`, 'g'))].map(([, number]) => Number(number)))
  return { sent: numbers('sent'), answered: numbers('answered') }
}

/** Nothing where all is well. */
export const complaintsOf = (
  seed: number,
  { sent, answered }: Promised,
  held: Held | undefined,
): string[] => {
  if (held === undefined) return ['the process ended']
  if ('refused' in held) {
    // Where not even the first commit was on the disk, there is no ledger yet.
    return answered.size === 0 ? [] : [`refused: ${held.refused}`]
  }
  const complaints = held.findings.map((finding) => JSON.stringify(finding))
  const sums = [0, 0]
  for (const [number, count] of held.own.entries()) {
    const whole = devicesOf(seed, number)
    sums[number % 2] = (sums[number % 2] ?? 0) + count
    if (answered.has(number) && count !== whole) complaints.push(`lost: ${number}, ${count} held`)
    else if (count !== 0 && count !== whole)
      complaints.push(`torn: ${number}, ${count} of ${whole}`)
    else if (count !== 0 && !sent.has(number)) complaints.push(`phantom: ${number}`)
  }
  if (sums.join() !== held.broadcasts.join()) {
    complaints.push(`the broadcasts count ${held.broadcasts}, and the bodies are of ${sums}`)
  }
  const all = held.own.map((_, number) => devicesOf(seed, number))
  if (held.after.own.join() !== all.join()) complaints.push('not whole after all was told again')
  return complaints
}
