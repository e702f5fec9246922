// What became of what was told to an app: a value for each hour, and one with the last refused lines.
// Written with the facts of the same bodies, so that it counts exactly those that were kept.
import type { Hour } from '../../../ledger/day.ts'
import {
  emptyFeedHour,
  type Feed,
  type FeedHour,
  type RefusedLine,
  refusedLinesKept,
  type ToldBody,
  tellsAnything,
  withBody,
  withRefused,
} from '../../../ledger/ingest-history.ts'
import { REFUSALS } from '../../../ledger/refusal.ts'
import { ByteReader, ByteWriter, Damage } from '../lmdb/bytes.ts'
import type { Environment, ReadBody } from '../lmdb/environment.ts'
import { feedHourKey, feedHours, hourOfFeedKey, refusedLinesKey } from '../lmdb/key.ts'
import type { WriteSet } from '../lmdb/write-batch.ts'

/** A body, and the hour in which it was told. */
export interface BodyOfHour extends ToldBody {
  readonly hour: Hour
}

const body = new ByteWriter()
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The bodies stand in the order told. */
export const writeFeed = (
  out: WriteSet,
  appId: number,
  read: ReadBody,
  bodies: readonly BodyOfHour[],
): void => {
  const hours = new Map<Hour, FeedHour>()
  for (const told of bodies.filter(tellsAnything)) {
    const { hour } = told
    const before = hours.get(hour) ?? readFeedHour(hour, read(feedHourKey(appId, hour)))
    hours.set(hour, withBody(before, told))
  }
  for (const feed of hours.values()) {
    body.reset()
    writeFeedHour(body, feed)
    out.put(feedHourKey(appId, feed.hour), body.written())
  }
  const refused = bodies.flatMap(({ refusals }) => refusals?.lines ?? [])
  if (refused.length === 0) return
  const key = refusedLinesKey(appId)
  const lines = withRefused(readRefusedLines(read(key)), refused)
  body.reset()
  writeRefusedLines(body, lines)
  out.put(key, body.written())
}

export const readFeed = (environment: Environment, appId: number, from: Hour, to: Hour): Feed => {
  const atMost = Math.max(0, to - from + 1)
  const keys = atMost === 0 ? [] : environment.keysIn(feedHours(appId, from, to), atMost)
  const hours = keys.map((key) => readFeedHour(hourOfFeedKey(key), environment.read(key)))
  return { hours, refusedLines: readRefusedLines(environment.read(refusedLinesKey(appId))) }
}

const writeFeedHour = (
  out: ByteWriter,
  { bodies, accepted, repeated, refused }: FeedHour,
): void => {
  for (const number of [bodies, accepted, repeated ?? 0, ...refused]) out.varint(number)
}

const readFeedHour = (hour: Hour, stored: Uint8Array | undefined): FeedHour => {
  if (stored === undefined) return emptyFeedHour(hour)
  const reader = new ByteReader(stored)
  const [bodies, accepted, repeated] = [reader.varint(), reader.varint(), reader.varint()]
  // Codes that came later are not in older values.
  const refused = REFUSALS.map(() => (reader.isAtEnd() ? 0 : reader.varint()))
  return { hour, bodies, accepted, repeated, refused }
}

const writeRefusedLines = (out: ByteWriter, lines: readonly RefusedLine[]): void => {
  out.varint(lines.length)
  for (const { atMs, line, code, message, text } of lines) {
    out.varint(atMs)
    out.varint(line)
    out.varint(REFUSALS.indexOf(code))
    for (const each of [message, text]) {
      const bytes = encoder.encode(each)
      out.varint(bytes.length)
      out.append(bytes)
    }
  }
}

const readRefusedLines = (stored: Uint8Array | undefined): readonly RefusedLine[] => {
  if (stored === undefined) return []
  const reader = new ByteReader(stored)
  const count = reader.varint()
  if (count > refusedLinesKept) throw new Damage('too many refused lines')
  return Array.from({ length: count }, () => {
    const [atMs, line, place] = [reader.varint(), reader.varint(), reader.varint()]
    const code = REFUSALS[place]
    if (code === undefined) throw new Damage('a refusal of no code that there is')
    return { atMs, line, code, message: readText(reader), text: readText(reader) }
  })
}

const readText = (reader: ByteReader): string => {
  const length = reader.varint()
  const { at, bytes } = reader
  if (at + length > bytes.length) throw new Damage('a text ends too early')
  reader.at = at + length
  return decoder.decode(bytes.subarray(at, at + length))
}
