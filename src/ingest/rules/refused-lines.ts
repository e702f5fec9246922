// The refused lines of one body: how many by code, the first of them for the answer, and the last
// of them, with how they begin, for the ingest history. A body may be all refused lines, so each
// costs a few numbers; texts are made at the end.
import type { Buffer } from 'node:buffer'
import { type Refusals, type RefusedLine, refusedLinesKept } from '../../ledger/ingest-history.ts'
import type { Refusal, RefusalCode } from '../../ledger/refusal.ts'
import type { Reason } from './track.ts'

const errorsMax = 100
const textBytesMax = 200
const newline = 0x0a

export class Refused {
  /** Lines. */
  count = 0
  /** The first of them. */
  readonly errors: Refusal[] = []
  readonly #bytes: Buffer
  readonly #counts = new Map<RefusalCode, number>()
  /** Of the lines refused last, all for this reason, how many are not in the counts yet. */
  #reason: Reason | undefined
  #uncounted = 0
  // The last of them, in turn: the next takes the place of the oldest.
  readonly #reasons: Reason[] = []
  readonly #lines = new Uint32Array(refusedLinesKept)
  readonly #starts = new Uint32Array(refusedLinesKept)
  readonly #ends = new Uint32Array(refusedLinesKept)

  /** The bytes of the body. Those of a refused line must not change. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  add(line: number, reason: Reason, from: number, to: number): void {
    if (reason !== this.#reason) this.#count(reason)
    this.#uncounted++
    if (this.count < errorsMax) this.errors.push({ line, ...reason })
    const place = this.count % refusedLinesKept
    this.#reasons[place] = reason
    this.#lines[place] = line
    this.#starts[place] = from
    this.#ends[place] = to
    this.count++
  }

  get byCode(): ReadonlyMap<RefusalCode, number> {
    this.#count(this.#reason)
    return this.#counts
  }

  #count(next: Reason | undefined): void {
    const last = this.#reason
    if (last !== undefined && this.#uncounted > 0) {
      this.#counts.set(last.code, (this.#counts.get(last.code) ?? 0) + this.#uncounted)
    }
    this.#uncounted = 0
    this.#reason = next
  }

  /** Undefined where none were. */
  told(atMs: number): Refusals | undefined {
    if (this.count === 0) return undefined
    const kept = this.#reasons.length
    const lines = Array.from({ length: kept }, (_, i): RefusedLine => {
      const place = (this.count + i) % kept
      const { code, message } = this.#reasons[place] as Reason
      const [from, to] = [this.#starts[place] as number, this.#ends[place] as number]
      const text = beginningOf(this.#bytes, from, to)
      return { atMs, line: this.#lines[place] as number, code, message, text }
    })
    return { byCode: this.byCode, lines }
  }
}

/** How the text at `from … to − 1` begins: of one line, and never cut inside a character. */
const beginningOf = (bytes: Buffer, from: number, to: number): string => {
  let end = Math.min(to, from + textBytesMax)
  if (end < to) while (end > from && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  const next = bytes.subarray(from, end).indexOf(newline)
  return bytes.toString('utf8', from, next < 0 ? end : from + next).trimEnd()
}
