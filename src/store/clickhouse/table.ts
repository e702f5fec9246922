// The tables that rows are put into: their columns in the order in which a row is written, and the rows
// that come from several places.
import type { Day, Hour } from '../../ledger/day.ts'
import { SELECTION_NAMES } from './counts.ts'
import type { Rows } from './rows.ts'

export const columns = {
  messages: 'messages (app, msg_id, generation, latest, first, swept)',
  members: 'members (app, device)',
  facts: 'facts (app, msg_id, generation, cell, hour, device)',
  registrations: 'registrations (app, first, hour, device)',
  visits: 'visits (app, day, about, platform, hours, device)',
  feed: 'feed (app, hour, commit, server, bodies, accepted, refused)',
  refusals: 'refusals (app, commit, server, lines)',
  totals: 'totals (app, day, msg_id, generation, selection, devices)',
} as const

/** Both as they stand in the columns. */
export const ABOUT = { online: 0, active: 1 } as const

/** Of which server a commit is, and the how manieth. */
export interface CommitId {
  readonly commit: bigint
  readonly server: bigint
}

interface OfGeneration {
  readonly appId: number
  readonly msgId: bigint
  readonly generation: number
}

// What changes neither the latest day nor the first hour of a message.
const [earliest, latest] = [-(2 ** 31), 2 ** 31 - 1]

export interface MessageRow extends OfGeneration {
  readonly latest?: Day
  readonly first?: Hour
  readonly isSwept?: boolean
}

/** What is left out stays as it stands there. */
export const addMessage = (rows: Rows, message: MessageRow): void => {
  rows.u32(message.appId)
  rows.u64(message.msgId)
  rows.u32(message.generation)
  rows.i32(message.latest ?? earliest)
  rows.i32(message.first ?? latest)
  rows.u8(message.isSwept === true ? 1 : 0)
  rows.end()
}

/** A row for every selection that is not zero. */
export const addTotals = (
  rows: Rows,
  { appId, msgId, generation, day }: OfGeneration & { readonly day: Day },
  sizes: ArrayLike<number>,
): void => {
  for (const [number, devices] of Array.from(sizes).entries()) {
    if (devices === 0) continue
    rows.u32(appId)
    rows.i32(day)
    rows.u64(msgId)
    rows.u32(generation)
    rows.text(SELECTION_NAMES[number] ?? '')
    rows.u64(BigInt(devices))
    rows.end()
  }
}

export interface FeedRow extends CommitId {
  readonly appId: number
  readonly hour: Hour
  readonly bodies: number
  readonly accepted: number
  readonly refused: readonly number[]
}

export const addFeed = (rows: Rows, row: FeedRow): void => {
  rows.u32(row.appId)
  rows.i32(row.hour)
  rows.u64(row.commit)
  rows.u64(row.server)
  rows.u32(row.bodies)
  rows.u64(BigInt(row.accepted))
  rows.length(row.refused.length)
  for (const count of row.refused) rows.u64(BigInt(count))
  rows.end()
}

/** Lines in the order told; without any, no row. */
export const addRefusals = (
  rows: Rows,
  { appId, commit, server }: CommitId & { readonly appId: number },
  lines: readonly unknown[],
): void => {
  if (lines.length === 0) return
  rows.u32(appId)
  rows.u64(commit)
  rows.u64(server)
  rows.text(JSON.stringify(lines))
  rows.end()
}
