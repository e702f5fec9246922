// Reads the lines of one body, each by the scanner or, where that is unsure, by the slow parser,
// and keeps what they tell and why some are refused. Where a line begins and ends is body.ts's
// matter.
import type { Buffer } from 'node:buffer'
import type { CarriedTimes } from '../../ledger/believed-clock.ts'
import type { Told } from '../../ledger/event-batch.ts'
import { registrationIdBytesMax } from '../../ledger/ids.ts'
import type { Refusal, RefusalCode } from '../../ledger/refusal.ts'
import { scanEvent, unsure } from '../line/fast-parser.ts'
import { notAnObject, openSlowReader } from '../line/json-parser.ts'
import { type DevicePlaces, RawEvent } from '../line/parsed-line.ts'
import { openTemplates } from '../line/template-cache.ts'
import { Refused } from '../rules/refused-lines.ts'
import type { Reason } from '../rules/track.ts'
import { type Arrival, type IngestSettings, openPlaces } from '../rules/validate.ts'

/** What a body tells, and what of it is refused. */
export interface Parsed extends CarriedTimes {
  readonly told: Told
  readonly refused: number
  readonly refusedBy: ReadonlyMap<RefusalCode, number>
  /** The first of the refusals. */
  readonly errors: readonly Refusal[]
}

export interface Lines {
  /** As scan, of a line that is like one before: mostly it is, and mostly this suffices. */
  again(from: number, to: number): number
  /**
   * Tries to read the object that begins at `from` and ends before `to`: the place after it, or
   * `unsure`. It counts once `keep` is called; until then it may still turn out to be no whole
   * line.
   */
  scan(from: number, to: number): number
  keep(number: number): void
  /** Reads the line `from … to − 1`, whatever is in it. */
  read(from: number, to: number, number: number): void
  parsed(): Parsed
}

const templates = openTemplates()
const openBrace = 0x7b
/**
 * An id of the greatest length, its quotes and its comma, with every character beyond ASCII in
 * `\u9fa5` escapes: six bytes for three.
 */
const bytesPerIdMax = registrationIdBytesMax * 2 + 3
/** Room for the other members, for blanks, and for a line that exceeds the ids by a little. */
const otherBytesMax = 64 * 1024

/** What the lines tell stands in `places`. */
export const openLines = (
  bytes: Buffer,
  places: DevicePlaces,
  settings: IngestSettings,
  arrival: Arrival,
): Lines => {
  const { place, events, carried } = openPlaces(settings, arrival)
  const raw = new RawEvent()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const slow = openSlowReader(bytes, raw, places)
  const refused = new Refused(bytes)
  /** Where the line stands that was read last. */
  let [lineStart, lineEnd] = [0, 0]
  /** The ids of the events so far; those behind are of a line that is still being read. */
  let placesKept = 0
  // The parser cannot pause inside a line, so a line that is longer than any good one is refused
  // unread: as bad_json, because only the first code of the list is sure to be the one to tell.
  const lineBytesMax = settings.lineDevicesMax * bytesPerIdMax + otherBytesMax
  const room = `room for ${settings.lineDevicesMax} ids`
  const tooLong = `the event must be at most ${lineBytesMax} bytes long: ${room}`

  /** Whether the line that was read is taken. */
  const settle = (number: number): boolean => {
    const event = place(raw, places.count - placesKept)
    if (typeof event !== 'number') {
      refused.add(number, event, lineStart, lineEnd)
      return false
    }
    places.tell(placesKept, event)
    placesKept = places.count
    return true
  }

  const faultOf = (from: number, to: number): string | undefined => {
    // Not JSON, or JSON but no object: the same refusal, so it need not be parsed.
    if (bytes[from] !== openBrace) return notAnObject
    return to - from > lineBytesMax ? tooLong : slow.read(from, to)
  }

  const read = (from: number, to: number, number: number): void => {
    places.count = placesKept
    lineStart = from
    lineEnd = to
    const fault = faultOf(from, to)
    if (fault !== undefined) refused.add(number, badJson(fault), from, to)
    else if (settle(number)) slow.keep()
  }

  return {
    again: (from, to) => {
      places.count = placesKept
      lineStart = from
      lineEnd = templates.read(bytes, view, from, to, raw, places)
      return lineEnd
    },
    scan: (from, to) => {
      places.count = placesKept
      const end = scanEvent(bytes, from, Math.min(to, from + lineBytesMax), raw, places)
      if (end !== unsure && places.count === placesKept + 1) {
        templates.learn(bytes, from, end, raw, places)
      }
      lineStart = from
      lineEnd = end
      return end
    },
    keep: (number) => void settle(number),
    read,
    parsed: () => {
      places.count = placesKept
      const told = { ...places.over(bytes), events, refusals: refused.told(arrival.nowMs) }
      const { count, byCode, errors } = refused
      return { told, refused: count, refusedBy: byCode, errors, ...carried() }
    },
  }
}

const badJsons = new Map<string, Reason>()
/** The same for every line: there are some few. */
const badJson = (message: string): Reason => {
  const known = badJsons.get(message)
  if (known !== undefined) return known
  const reason: Reason = { code: 'bad_json', message }
  badJsons.set(message, reason)
  return reason
}
