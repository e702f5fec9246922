// Taking in a body of events: parse it, place each event in time, append what is good to the store,
// answer what became of it. Knows nothing of HTTP and nothing of what is held already.
import { Buffer } from 'node:buffer'
import { openBuffers } from '../buffers.ts'
import { factsIn } from '../ledger/fact.ts'
import type { Refusal, RefusalCode } from '../ledger/refusal.ts'
import type { App, Store } from '../ledger/store.ts'
import { inSlices } from '../pace.ts'
import { openBody } from './body.ts'
import { openLines, type Parsed } from './lines.ts'
import type { IngestSettings } from './place.ts'
import { DevicePlaces } from './raw.ts'

export { defaultIngestSettings, type IngestSettings } from './place.ts'

/** A line about one device mostly has as many; where it has fewer, the columns double. */
const bytesPerLine = 120

export interface Summary {
  /** The facts told in accepted lines: an id told twice counts twice. */
  readonly accepted: number
  /** How many of them were held already; null where the store cannot tell. */
  readonly repeated: number | null
  /** Lines. */
  readonly refused: number
  /** The first hundred refusals. */
  readonly errors: readonly Refusal[]
}

/**
 * Resolves once everything accepted is on disk, and what was refused is noted. `body` is unpacked and from now on ingest's own: it
 * is written over, and must not be used again. Throws Fault `badParameter` where the body is a
 * broken array, of which nothing is applied, and whatever the store's append throws.
 */
export type Ingest = (app: App, body: Uint8Array, nowMs: number) => Promise<Summary>

/** What became of one body; told once it is answered. */
export interface Ingested extends Pick<Summary, 'accepted' | 'repeated'> {
  /** All its refused lines. */
  readonly refusedBy: ReadonlyMap<RefusalCode, number>
}

export const openIngest = (
  store: Store,
  settings: IngestSettings,
  onIngested: (ingested: Ingested) => void = () => {},
): Ingest => {
  const buffers = openBuffers()
  return async (app, body, nowMs) => {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    const places = new DevicePlaces(buffers, Math.ceil(bytes.length / bytesPerLine))
    try {
      const parsed = await inSlices(parse(bytes, places, settings, nowMs))
      const { told, refused, refusedBy, errors } = parsed
      const accepted = factsIn(told)
      // Refusals are kept too, so that the feed can be mended by who was not there.
      const isEmpty = accepted === 0 && refused === 0
      const { repeated } = isEmpty ? nothing : await store.append(app, told, nowMs)
      onIngested({ accepted, repeated, refusedBy })
      return { accepted, repeated, refused, errors }
    } finally {
      places.release()
    }
  }
}

const nothing = { repeated: 0 }

function* parse(
  bytes: Buffer,
  places: DevicePlaces,
  settings: IngestSettings,
  nowMs: number,
): Generator<void, Parsed> {
  const lines = openLines(bytes, places, settings, nowMs)
  const readSome = openBody(bytes, lines)
  while (readSome()) yield
  return lines.parsed()
}
