// Reading bodies into what they tell: on the caller's own thread here, in slices; on another in
// reader.ts.
import { Buffer } from 'node:buffer'
import type { Buffers } from '../../runtime/buffer-pool.ts'
import { inSlices } from '../../runtime/time-slice.ts'
import { openTurns } from '../../runtime/turns.ts'
import { bytesForPlaces, DevicePlaces } from '../line/parsed-line.ts'
import type { Arrival, IngestSettings } from '../rules/validate.ts'
import { openBody } from './framing.ts'
import { openLines, type Parsed } from './lines.ts'

/** A line about one device mostly has as many; where it has fewer, the columns double. */
const bytesPerLine = 120

export interface Reading {
  readonly parsed: Parsed
  /** To be called once. What was parsed must not be used afterwards. */
  release(): void
}

/** The client that a body is parsed for. */
export interface Waiter {
  /** The number of the app. Apps take turns. */
  readonly app: number
  /** Fires when the client has gone. */
  readonly gone?: AbortSignal | undefined
}

/** So many bodies of one app are read at once: while one is handed over, the next is being read. */
export const readAtOnce = 2

export interface Reader {
  /**
   * The body may be written over, and must stay as it is until the release, or until this rejects.
   * Throws Fault `badParameter` where it is a broken array, `unavailable` where it could not be
   * read, and the reason of the signal once it fires.
   */
  read(body: Uint8Array, arrival: Arrival, waiter: Waiter): Promise<Reading>
  close(): Promise<void>
}

export const readerHere = (settings: IngestSettings, buffers: Buffers): Reader => {
  const turns = openTurns<number>(Number.POSITIVE_INFINITY, readAtOnce)

  const readNow = async (
    body: Uint8Array,
    arrival: Arrival,
    { gone }: Waiter,
  ): Promise<Reading> => {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    const expected = bytesForPlaces(Math.ceil(bytes.length / bytesPerLine))
    const places = new DevicePlaces(buffers, buffers.take(expected))
    try {
      const parsed = await inSlices(parse(bytes, places, settings, arrival), gone)
      return { parsed, release: () => places.release() }
    } catch (cause) {
      places.release()
      throw cause
    }
  }

  return {
    read: (body, arrival, waiter) =>
      turns.run(waiter.app, waiter.gone, () => readNow(body, arrival, waiter)),
    close: async () => {},
  }
}

/**
 * Yields wherever it may be interrupted. Throws Fault `badParameter` where the body is a broken
 * array.
 */
export function* parse(
  bytes: Buffer,
  places: DevicePlaces,
  settings: IngestSettings,
  arrival: Arrival,
): Generator<void, Parsed> {
  const lines = openLines(bytes, places, settings, arrival)
  const readSome = openBody(bytes, lines)
  while (readSome()) yield
  return lines.parsed()
}
