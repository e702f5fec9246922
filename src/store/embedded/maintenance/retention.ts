// Frees what no read can see any more, a few keys at a time between appends: messages past keeping,
// user days past keeping, and everything of a removed app.
import { type Day, firstHourOf, monthOf } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import { feedDaysKept } from '../../../ledger/ingest-history.ts'
import { type App, type Swept, userDaysKept } from '../../../ledger/store.ts'
import { inSlices } from '../../../runtime/time-slice.ts'
import type { Appender } from '../append/group-commit.ts'
import { type Header, readHeader } from '../device-set/header.ts'
import type { Writer } from '../lmdb/commit.ts'
import type { Environment } from '../lmdb/environment.ts'
import {
  appData,
  behind,
  feedHours,
  type KeyRange,
  leafKey,
  messageHeaders,
  msgIdOfKey,
  newUsersBefore,
  userSheetsBefore,
} from '../lmdb/key.ts'
import { WriteSet } from '../lmdb/write-batch.ts'
import { ListChanges } from '../rollups/hour-index.ts'
import { daySheets, monthSheets, type SheetKind } from '../states/selections.ts'

// So many keys are looked at, and at most so many removed, before appends get their turn.
const keysAStep = 512

export interface Sweeper {
  sweep(app: App, nowMs: number): Promise<Swept>
  removeApp(appId: number): Promise<void>
  /** That stayed when each app was last swept; undefined before the first sweep. */
  messages(): number | undefined
}

export const openSweeper = (
  environment: Environment,
  appender: Appender,
  writer: Writer,
  keepDays: number,
): Sweeper => {
  const messagesOf = new Map<number, number>()
  /** Walks a range in steps; `visit` puts into the set what is to go, and what the list is to lose. */
  const walk = async (
    appId: number,
    range: KeyRange,
    visit: (key: Uint8Array, out: WriteSet, list: ListChanges) => void,
  ): Promise<void> => {
    let from: Uint8Array | undefined = range.start
    while (from !== undefined) {
      const start: Uint8Array = from
      from = await appender.alone(async () => {
        environment.refresh()
        const out = new WriteSet()
        const list = new ListChanges(appId, environment)
        const keys = environment.keysIn({ start, end: range.end }, keysAStep)
        let last: Uint8Array | undefined
        for (const key of keys) {
          visit(key, out, list)
          last = key
          if (out.count >= keysAStep) break
        }
        await inSlices(list.write(out))
        const { count } = out
        if (count > 0) await writer.commit([{ appId, writes: out.cut(), count, clearsUp: true }])
        // The next key sorts just behind the last one looked at.
        return last === undefined ? undefined : behind(last)
      })
    }
  }

  return {
    async sweep(app, nowMs) {
      const today = app.zone.dayOf(nowMs)
      let messages = 0
      let kept = 0
      await walk(app.id, messageHeaders(app.id), (key, out, list) => {
        const gone = removeSheet(
          environment,
          key,
          environment.numbering().messages,
          today - keepDays,
          out,
        )
        if (gone === undefined) kept++
        else {
          messages++
          list.remove(gone.firstHour, msgIdOfKey(key) as MsgId)
        }
      })
      messagesOf.set(app.id, kept)
      const firstDay = today - userDaysKept
      const always = Number.POSITIVE_INFINITY
      await walk(app.id, userSheetsBefore(app.id, 'DAY', firstDay), (key, out) => {
        removeSheet(environment, key, daySheets, always, out)
      })
      await walk(app.id, userSheetsBefore(app.id, 'MONTH', monthOf(firstDay)), (key, out) => {
        removeSheet(environment, key, monthSheets, always, out)
      })
      await walk(app.id, newUsersBefore(app.id, firstDay), (key, out) => out.remove(key))
      const feedEnd = firstHourOf(today - feedDaysKept) - 1
      await walk(app.id, feedHours(app.id, 0, feedEnd), (key, out) => out.remove(key))
      return { messages }
    },
    async removeApp(appId) {
      await walk(appId, appData(appId), (key, out) => out.remove(key))
      messagesOf.delete(appId)
    },
    messages() {
      if (messagesOf.size === 0) return undefined
      let messages = 0
      for (const kept of messagesOf.values()) messages += kept
      return messages
    },
  }
}

/** What its header said; undefined where it stays. */
const removeSheet = (
  environment: Environment,
  key: Uint8Array,
  kind: SheetKind,
  before: Day,
  out: WriteSet,
): Header | undefined => {
  const body = environment.read(key)
  if (body === undefined) return undefined
  const header = readHeader(body, kind)
  if (header.latestDay >= before) return undefined
  for (const start of header.leafStarts) out.remove(leafKey(key, start))
  out.remove(key)
  return header
}
