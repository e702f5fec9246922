// Taking in a body of events: parse it, place each event in time, append what is good to the store,
// answer what became of it. Knows nothing of HTTP and nothing of what is held already.
import { Buffer } from 'node:buffer'
import { factsIn } from '../ledger/fact.ts'
import type { Refusal, RefusalCode } from '../ledger/refusal.ts'
import type { App, Store } from '../ledger/store.ts'
import { inSlices } from '../pace.ts'
import { openBody } from './body.ts'
import { openLines, type Parsed } from './lines.ts'
import type { IngestSettings } from './place.ts'

export { defaultIngestSettings, type IngestSettings } from './place.ts'

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

export const openIngest =
  (
    store: Store,
    settings: IngestSettings,
    onIngested: (ingested: Ingested) => void = () => {},
  ): Ingest =>
  async (app, body, nowMs) => {
    const { told, refused, refusedBy, errors } = await inSlices(parse(body, settings, nowMs))
    const accepted = factsIn(told)
    // Refusals are kept too, so that the feed can be mended by who was not there.
    const isEmpty = accepted === 0 && refused === 0
    const { repeated } = isEmpty ? nothing : await store.append(app, told, nowMs)
    onIngested({ accepted, repeated, refusedBy })
    return { accepted, repeated, refused, errors }
  }

const nothing = { repeated: 0 }

function* parse(
  body: Uint8Array,
  settings: IngestSettings,
  nowMs: number,
): Generator<void, Parsed> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const lines = openLines(bytes, settings, nowMs)
  const readSome = openBody(bytes, lines)
  while (readSome()) yield
  return lines.parsed()
}
