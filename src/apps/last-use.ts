// When each token was used last: written at most once a minute for each, beside the call that it lets
// in and never in its way. A write that fails is not tried again within the minute either, and one
// that does not end has no second beside it.
import type { TokenId, TokenRecord, TokenTable } from './token.ts'

export interface LastUses {
  /** Returns at once. */
  note(token: TokenRecord, nowMs: number): void
  /** Waits for what is being written. */
  close(): Promise<void>
}

const minuteMs = 60_000
const triedMax = 10_000

/** Keeps no more than `most` tokens of the last minute in mind; uses of others are noted later. */
export const openLastUses = (
  table: TokenTable,
  onTrouble: (error: unknown) => void,
  most: number = triedMax,
): LastUses => {
  // By token, the earliest first.
  const tried = new Map<TokenId, number>()
  const underWay = new Map<TokenId, Promise<void>>()
  const forgetBefore = (nowMs: number): void => {
    for (const [id, atMs] of tried) {
      if (isRecent(atMs, nowMs)) return
      tried.delete(id)
    }
  }
  return {
    note: ({ id, lastUsedAtMs }, nowMs) => {
      forgetBefore(nowMs)
      const isNoted = isRecent(lastUsedAtMs, nowMs) || isRecent(tried.get(id), nowMs)
      if (isNoted || underWay.has(id) || Math.max(tried.size, underWay.size) >= most) return
      tried.delete(id)
      tried.set(id, nowMs)
      const writing = table
        .use(id, nowMs)
        .catch(onTrouble)
        .finally(() => underWay.delete(id))
      underWay.set(id, writing)
    },
    close: async () => {
      await Promise.all(underWay.values())
    },
  }
}

/** A clock that was set back makes nothing recent, or it might be so for hours. */
const isRecent = (atMs: number | undefined, nowMs: number): boolean =>
  atMs !== undefined && nowMs >= atMs && nowMs < atMs + minuteMs
