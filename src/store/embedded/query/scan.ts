// Taking everything out, a page at a time: messages by key, facts by ordinal. Each page is read in one
// stretch on one snapshot, which is let go of before the next.
import type { Day } from '../../../ledger/day.ts'
import type { MsgId } from '../../../ledger/ids.ts'
import type { App, FactsAsk, FactsPage, HeldFact, HeldMessage } from '../../../ledger/store.ts'
import { spanOf } from '../device-set/header.ts'
import { countDevices, openDeviceIds } from '../devices/block.ts'
import { type Entries, readLeaf } from '../leaf/codec.ts'
import { ByteReader, Damage } from '../lmdb/bytes.ts'
import type { Environment } from '../lmdb/environment.ts'
import {
  behind,
  type KeyRange,
  leafKey,
  messageHeaders,
  messageKey,
  msgIdOfKey,
} from '../lmdb/key.ts'
import { cellOfCode, type FactCode, hourOfCode, StateTable } from '../states/state-table.ts'
import { openMessage } from './read.ts'

const keysAtOnce = 512

/** Visits every key of a range, each stretch of them on a snapshot of its own. */
export const eachKey = (
  environment: Environment,
  { start, end }: KeyRange,
  visit: (key: Uint8Array) => void,
): void => {
  for (let from: Uint8Array | undefined = start; from !== undefined; ) {
    environment.refresh()
    const keys = environment.keysIn({ start: from, end }, keysAtOnce)
    for (const key of keys) visit(key)
    const last = keys.at(-1)
    from = last && behind(last)
  }
}

/** Yields between stretches. Messages whose latest day lies before `firstDay` are gone. */
export function* walkMessages(
  environment: Environment,
  app: App,
  after: MsgId | undefined,
  limit: number,
  firstDay: Day,
): Generator<void, readonly HeldMessage[]> {
  const held: HeldMessage[] = []
  const { start, end } = messageHeaders(app.id)
  let from: Uint8Array = after === undefined ? start : behind(messageKey(app.id, after))
  for (;;) {
    environment.refresh()
    const atMost = Math.min(keysAtOnce, limit - held.length)
    const keys = environment.keysIn({ start: from, end }, atMost)
    for (const key of keys) {
      const body = environment.read(key)
      const latestDay = body === undefined ? -1 : spanOf(body).latestDay
      if (latestDay >= firstDay) held.push({ msgId: msgIdOfKey(key) as MsgId, latestDay })
    }
    const last = keys.at(-1)
    if (last === undefined || keys.length < atMost || held.length === limit) return held
    from = behind(last)
    yield
  }
}

/** One stretch, on the newest snapshot. */
export const readFacts = (
  environment: Environment,
  app: App,
  { msgId, from, limit }: FactsAsk,
  firstDay: Day,
): FactsPage => {
  environment.refresh()
  const end = countDevices(environment, app.id)
  const { cellOf } = environment.numbering()
  const facts: HeldFact[] = []
  let left = limit
  for (const { table, entries } of leavesFrom(environment, app, msgId, from, firstDay)) {
    const first = placeOf(entries, from)
    const idOf = openDeviceIds(environment, app.id)
    for (let i = first; i < entries.length; i++) {
      const ordinal = entries.ordinals[i] ?? 0
      if (left === 0) return { facts, next: ordinal, end }
      left -= 1
      const device = idOf(ordinal)
      for (const code of table.factsOf(entries.states[i] ?? 0)) {
        facts.push({ device, cell: cellOf(cellOfCode(code)), hour: hourOfCode(code) })
      }
    }
  }
  return { facts, next: undefined, end }
}

/** Its entries, and the table that numbers their states. */
interface Leaf {
  readonly table: StateTable
  readonly entries: Entries
}

/** The leaves of a message that may hold an ordinal at or behind `from`. */
function* leavesFrom(
  environment: Environment,
  app: Pick<App, 'id'>,
  msgId: MsgId,
  from: number,
  firstDay: Day,
): Generator<Leaf> {
  const header = openMessage(environment, app, msgId, firstDay)
  if (header === undefined) return
  const open = (reader: ByteReader, start: number): Leaf => {
    const table = new StateTable(() => [])
    return { table, entries: readLeaf(reader, table, start) }
  }
  const { leafStarts, rest } = header
  if (leafStarts.length === 0) yield open(rest, 0)
  for (const [i, start] of leafStarts.entries()) {
    if ((leafStarts[i + 1] ?? Number.POSITIVE_INFINITY) <= from) continue
    const body = environment.read(leafKey(messageKey(app.id, msgId), start))
    if (body === undefined) throw new Damage('a leaf that its header names is missing')
    yield open(new ByteReader(body), start)
  }
}

const devicesAtOnce = 65_536

/**
 * Visits each state that devices of a message are in, more than once maybe, with how many they are. Yields
 * between stretches, which are of one snapshot each and none of the same device.
 */
export function* walkStates(
  environment: Environment,
  app: Pick<App, 'id'>,
  msgId: MsgId,
  firstDay: Day,
  visit: (facts: readonly FactCode[], devices: number) => void,
): Generator<void> {
  for (let from: number | undefined = 0; from !== undefined; ) {
    environment.refresh()
    from = visitSome(leavesFrom(environment, app, msgId, from, firstDay), from, visit)
    yield
  }
}

/** Gives the ordinal from which to go on; undefined at the end. */
const visitSome = (
  leaves: Iterable<Leaf>,
  from: number,
  visit: (facts: readonly FactCode[], devices: number) => void,
): number | undefined => {
  let visited = 0
  let next = from
  for (const { table, entries } of leaves) {
    if (visited >= devicesAtOnce) return next
    const { ordinals, states, length } = entries
    const devicesIn: number[] = []
    for (let i = placeOf(entries, next); i < length; i++) {
      const state = states[i] as number
      devicesIn[state] = (devicesIn[state] ?? 0) + 1
      visited++
    }
    devicesIn.forEach((devices, state) => {
      visit(table.factsOf(state), devices)
    })
    if (length > 0) next = (ordinals[length - 1] ?? 0) + 1
  }
  return undefined
}

/** The first place whose ordinal is not below `from`. */
const placeOf = ({ ordinals, length }: Entries, from: number): number => {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ordinals[middle] ?? 0) < from) low = middle + 1
    else high = middle
  }
  return low
}
