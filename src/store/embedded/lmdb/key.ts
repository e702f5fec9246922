// The keys of the one LMDB table, as bytes that sort in the order in which they are walked. All
// numbers are big-endian. docs/internals/disk-format.md draws the whole layout.
import type { GroupKey } from '../../../apps/group.ts'
import { parseTokenId, type TokenId } from '../../../apps/token.ts'
import type { Day, Hour, Month } from '../../../ledger/day.ts'
import type { AppKey, GroupMsgId, MsgId } from '../../../ledger/ids.ts'
import { viewOf } from './bytes.ts'

// First byte of every key.
const metaTag = 0x01
const appTag = 0x02
const removedTag = 0x03
const tokenTag = 0x04
const tokenOfAppTag = 0x05
const groupTag = 0x06
const groupPushTag = 0x07
const dataTag = 0x10

// After the app's number, in keys of data.
/** Of ids in format 1 and 2. */
const olderDevicesKind = 1
const registrationsKind = 2
const messageKind = 3
const userSheetKind = 5
const newUsersKind = 7
const listedKind = 8
const dayTotalsKind = 9
const feedHourKind = 10
const refusedLinesKind = 11
const devicesKind = 12

/** A sheet's leaves stand under the kind of its header plus one. */
const leavesAfterHeader = 1
const kindAt = 5
const tagAndNumberBytes = 5

const text = new TextEncoder()

const withText = (tag: number, name: string): Uint8Array =>
  Uint8Array.from([tag, ...text.encode(name)])

/** A tag and the number of an app or a group. */
const withNumber = (tag: number, number: number): Uint8Array => {
  const key = new Uint8Array(tagAndNumberBytes)
  key[0] = tag
  setUint32(key, 1, number)
  return key
}

export const metaKey = (
  name:
    | 'format'
    | 'table'
    | 'upgrade'
    | 'recount'
    | 'owner'
    | 'lastAppId'
    | 'lastGroupId'
    | 'clock',
): Uint8Array => withText(metaTag, name)

export const appRecordKey = (key: AppKey): Uint8Array => withText(appTag, key)
export const appRecords: KeyRange = { start: Uint8Array.of(appTag), end: Uint8Array.of(appTag + 1) }

export const removedAppKey = (appId: number): Uint8Array => withNumber(removedTag, appId)
export const removedApps: KeyRange = {
  start: Uint8Array.of(removedTag),
  end: Uint8Array.of(removedTag + 1),
}
export const appIdOfRemoved = (key: Uint8Array): number => viewOf(key).getUint32(1)

export const tokenKey = (id: TokenId): Uint8Array => withText(tokenTag, id)
/** Names a token as an app's. */
export const tokenOfAppKey = (appId: number, id: TokenId): Uint8Array =>
  Uint8Array.from([...withNumber(tokenOfAppTag, appId), ...text.encode(id)])
export const tokensOfApp = (appId: number): KeyRange => ({
  start: withNumber(tokenOfAppTag, appId),
  end: withNumber(tokenOfAppTag, appId + 1),
})
export const tokenIdOf = (keyOfApp: Uint8Array): TokenId | undefined =>
  parseTokenId(Buffer.from(keyOfApp.subarray(tagAndNumberBytes)).toString())

export const groupRecordKey = (key: GroupKey): Uint8Array => withText(groupTag, key)
export const groupRecords: KeyRange = {
  start: Uint8Array.of(groupTag),
  end: Uint8Array.of(groupTag + 1),
}

export const groupPushKey = (groupId: number, id: GroupMsgId): Uint8Array =>
  Uint8Array.from([...withNumber(groupPushTag, groupId), ...text.encode(id)])
export const groupPushes: KeyRange = {
  start: Uint8Array.of(groupPushTag),
  end: Uint8Array.of(groupPushTag + 1),
}
export const groupIdOfPush = (key: Uint8Array): number => viewOf(key).getUint32(1)

export interface KeyRange {
  readonly start: Uint8Array
  /** The first key behind the range. */
  readonly end: Uint8Array
}

/** Whether a key stands in a range. */
export const isIn = ({ start, end }: KeyRange, key: Uint8Array): boolean =>
  Buffer.compare(key, start) >= 0 && Buffer.compare(key, end) < 0

/** Nothing sorts before it, and nothing behind the other. */
export const firstKey = new Uint8Array(0)
export const lastKey = Uint8Array.of(0xff)

/** The first key that sorts behind this one. */
export const behind = (key: Uint8Array): Uint8Array => Uint8Array.from([...key, 0])

const dataKey = (appId: number, kind: number, restBytes: number): Uint8Array => {
  const key = new Uint8Array(6 + restBytes)
  key[0] = dataTag
  setUint32(key, 1, appId)
  key[kindAt] = kind
  return key
}

// Keys are made for each message and leaf in every commit: a view for each costs more than this.
const setUint32 = (key: Uint8Array, at: number, value: number): void => {
  key[at] = value >>> 24
  key[at + 1] = value >>> 16
  key[at + 2] = value >>> 8
  key[at + 3] = value
}

const digitZero = 0x30
/** The number in 64 bits, worked out in two halves. */
const setMsgId = (key: Uint8Array, at: number, msgId: MsgId): void => {
  let high = 0
  let low = 0
  for (let i = 0; i < msgId.length; i++) {
    low = low * 10 + msgId.charCodeAt(i) - digitZero
    const carry = Math.floor(low / 2 ** 32)
    low -= carry * 2 ** 32
    high = high * 10 + carry
  }
  setUint32(key, at, high)
  setUint32(key, at + 4, low)
}

/** Everything an app owns. */
export const appData = (appId: number): KeyRange => ({
  start: dataKey(appId, 0, 0).subarray(0, kindAt),
  end: dataKey(appId + 1, 0, 0).subarray(0, kindAt),
})

const kindRange = (appId: number, kind: number): KeyRange => ({
  start: dataKey(appId, kind, 0),
  end: dataKey(appId, kind + 1, 0),
})

const blockKey = (appId: number, kind: number, block: number): Uint8Array => {
  const key = dataKey(appId, kind, 4)
  setUint32(key, 6, block)
  return key
}

/** The block of ids that begins with this ordinal. */
export const devicesKey = (appId: number, ordinal: number): Uint8Array =>
  blockKey(appId, devicesKind, ordinal)
export const deviceBlocks = (appId: number): KeyRange => kindRange(appId, devicesKind)
export const ordinalOfKey = (key: Uint8Array): number => viewOf(key).getUint32(6)
/** In format 1 and 2 a block had a number, and 1,024 ids. */
export const olderDeviceBlocks = (appId: number): KeyRange => kindRange(appId, olderDevicesKind)

export const blockOfKey = (key: Uint8Array): number => viewOf(key).getUint32(6)

export const registrationsKey = (appId: number, block: number): Uint8Array =>
  blockKey(appId, registrationsKind, block)

export const registrationBlocks = (appId: number): KeyRange => kindRange(appId, registrationsKind)

export const newUsersKey = (appId: number, day: Day): Uint8Array =>
  blockKey(appId, newUsersKind, day)
/** New users of all days before `day`. */
export const newUsersBefore = (appId: number, day: Day): KeyRange => ({
  start: newUsersKey(appId, 0),
  end: newUsersKey(appId, day),
})

/** A block of the messages whose earliest fact lies in the hour, from this one on. */
export const listedKey = (appId: number, hour: Hour, id: bigint): Uint8Array => {
  const key = dataKey(appId, listedKind, 12)
  setUint32(key, 6, hour)
  viewOf(key).setBigUint64(10, id)
  return key
}
export const readListedKey = (key: Uint8Array): { readonly hour: Hour; readonly id: bigint } => ({
  hour: viewOf(key).getUint32(6),
  id: viewOf(key).getBigUint64(10),
})
/** The messages listed under the hours `from … to`. */
export const listedIn = (appId: number, from: Hour, to: Hour): KeyRange => ({
  start: hourKey(appId, listedKind, from),
  end: hourKey(appId, listedKind, to + 1),
})
export const listed = (appId: number): KeyRange => kindRange(appId, listedKind)

const latestHour = 0xfffffffe
/** Hours that are none, before the first and after the last, are held to those. */
const hourKey = (appId: number, kind: number, hour: Hour): Uint8Array =>
  blockKey(appId, kind, Math.min(Math.max(hour, 0), latestHour))

export const dayTotalsKey = (appId: number, day: Day): Uint8Array =>
  blockKey(appId, dayTotalsKind, day)

export const feedHourKey = (appId: number, hour: Hour): Uint8Array =>
  blockKey(appId, feedHourKind, hour)
export const feedHours = (appId: number, from: Hour, to: Hour): KeyRange => ({
  start: hourKey(appId, feedHourKind, from),
  end: hourKey(appId, feedHourKind, to + 1),
})
export const hourOfFeedKey = (key: Uint8Array): Hour => viewOf(key).getUint32(6)
export const refusedLinesKey = (appId: number): Uint8Array => dataKey(appId, refusedLinesKind, 0)

/** The header of a message's sheet. */
export const messageKey = (appId: number, msgId: MsgId): Uint8Array => {
  const key = dataKey(appId, messageKind, 8)
  setMsgId(key, 6, msgId)
  return key
}
export const msgIdOfKey = (header: Uint8Array): string => String(viewOf(header).getBigUint64(6))
export const messageHeaders = (appId: number): KeyRange => kindRange(appId, messageKind)

export const METRICS = ['online', 'active'] as const
export type Metric = (typeof METRICS)[number]
export const SCALES = ['DAY', 'MONTH'] as const
export type Scale = (typeof SCALES)[number]

/** The header of a sheet of users: one platform and metric in one day or month. */
export const userSheetKey = (
  appId: number,
  scale: Scale,
  period: Day | Month,
  platform: number,
  metric: Metric,
): Uint8Array => {
  const key = dataKey(appId, userSheetKind, 7)
  key[6] = SCALES.indexOf(scale)
  setUint32(key, 7, period)
  key[11] = platform
  key[12] = METRICS.indexOf(metric)
  return key
}
export const userSheetHeaders = (appId: number): KeyRange => kindRange(appId, userSheetKind)
export const scaleOfKey = (header: Uint8Array): Scale => SCALES[header[6] ?? 0] ?? 'DAY'
/** Headers of one scale's sheets of all periods before `period`. */
export const userSheetsBefore = (appId: number, scale: Scale, period: Day | Month): KeyRange => ({
  start: userSheetKey(appId, scale, 0, 0, 'online'),
  end: userSheetKey(appId, scale, period, 0, 'online'),
})

/** The leaf of a sheet that begins at ordinal `start`; `header` is the key of the sheet's header. */
export const leafKey = (header: Uint8Array, start: number): Uint8Array => {
  const key = new Uint8Array(header.length + 4)
  key.set(header)
  key[kindAt] = (header[kindAt] ?? 0) + leavesAfterHeader
  setUint32(key, header.length, start)
  return key
}
/** Of the leaves of sheets of this kind of header. */
export const leavesOf = (headers: KeyRange): KeyRange => ({
  start: asLeaf(headers.start),
  end: asLeaf(headers.end),
})
/** The header's key of a leaf's key. */
export const headerOfLeaf = (leaf: Uint8Array): Uint8Array => {
  const key = leaf.slice(0, -4)
  key[kindAt] = (key[kindAt] ?? 0) - leavesAfterHeader
  return key
}
const asLeaf = (header: Uint8Array): Uint8Array => {
  const key = Uint8Array.from(header)
  key[kindAt] = (key[kindAt] ?? 0) + leavesAfterHeader
  return key
}

/** The app's number in a key of data; undefined in any other. */
export const appIdOfData = (key: Uint8Array): number | undefined =>
  key[0] === dataTag && key.length > kindAt ? viewOf(key).getUint32(1) : undefined

/** Whether values under such a key are records, JSON; undefined where no key begins so. */
export const isRecordKey = (key: Uint8Array): boolean | undefined => {
  const tag = key[0] ?? 0
  if (tag >= metaTag && tag <= groupPushTag) return true
  return tag === dataTag ? false : undefined
}
