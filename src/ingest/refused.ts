// The refused lines of one body: how many by code, the first of them for the answer, and the last of
// them, with how they begin, for whoever mends the feed later.
import type { Buffer } from 'node:buffer'
import { type Refusals, type RefusedLine, refusedLinesKept } from '../ledger/feed.ts'
import type { Refusal, RefusalCode } from '../ledger/refusal.ts'
import type { Reason } from './way.ts'

const errorsMax = 100
const textBytesMax = 200
const newline = 0x0a

interface Last extends Refusal {
  readonly text: string
}

export class Refused {
  /** Lines. */
  count = 0
  /** The first of them. */
  readonly errors: Refusal[] = []
  readonly byCode = new Map<RefusalCode, number>()
  /** In turn: the next takes the place of the oldest. */
  readonly #last: Last[] = []

  /** `text` is how the line begins. */
  add(line: number, { code, message }: Reason, text: string): void {
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1)
    if (this.errors.length < errorsMax) this.errors.push({ line, code, message })
    this.#last[this.count % refusedLinesKept] = { line, code, message, text }
    this.count++
  }

  /** Undefined where none were. */
  told(atMs: number): Refusals | undefined {
    if (this.count === 0) return undefined
    const oldest = this.count % refusedLinesKept
    const inOrder = [...this.#last.slice(oldest), ...this.#last.slice(0, oldest)]
    return { byCode: this.byCode, lines: inOrder.map((last): RefusedLine => ({ atMs, ...last })) }
  }
}

/** How the text at `from … to − 1` begins: of one line, and never cut inside a character. */
export const beginningOf = (bytes: Buffer, from: number, to: number): string => {
  let end = Math.min(to, from + textBytesMax)
  if (end < to) while (end > from && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  const next = bytes.subarray(from, end).indexOf(newline)
  return bytes.toString('utf8', from, next < 0 ? end : from + next).trimEnd()
}
