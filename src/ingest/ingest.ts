// Taking in a body of events: parse it, place each event in time, append what is good to the store,
// answer what became of it. Knows nothing of HTTP and nothing of what is held already.
import type { CarriedTimes, Times } from '../ledger/believed-clock.ts'
import { factsIn } from '../ledger/event-batch.ts'
import type { Refusal, RefusalCode } from '../ledger/refusal.ts'
import type { App, Store } from '../ledger/store.ts'
import type { Reader } from './body/parser.ts'

export { defaultIngestSettings } from './rules/validate.ts'

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
 * Resolves once everything accepted is on disk, and what was refused is noted. `body` is unpacked
 * and from now on ingest's own: it is written over, and must not be used again. Throws Fault
 * `badParameter` where the body is a broken array, of which nothing is applied, and whatever the
 * store's append throws. Where `gone` fires, the client has gone: the whole body is applied, or
 * nothing of it, and then it rejects with the reason.
 */
export type Ingest = (
  app: App,
  body: Uint8Array,
  nowMs: number,
  gone?: AbortSignal,
) => Promise<Summary>

/** What became of one body; told once it is answered. */
export interface Ingested extends Pick<Summary, 'accepted' | 'repeated'> {
  /** All its refused lines. */
  readonly refusedBy: ReadonlyMap<RefusalCode, number>
}

/** Whether a body's clock is believed, and what bodies tell of it. */
export interface ArrivalClock {
  times(wallMs: number): Pick<Times, 'nowMs' | 'keptMs'>
  /** Events with these times were stored; they arrived at `wallMs`. */
  stored(carried: CarriedTimes, wallMs: number): void
}

/** Of whoever has no reason to doubt it. */
const trustedClock: ArrivalClock = {
  times: (wallMs) => ({ nowMs: wallMs, keptMs: wallMs }),
  stored: () => {},
}

/** `nowMs` of an append is when reports see the body arrive. */
export const openIngest =
  (
    store: Store,
    reader: Reader,
    onIngested: (ingested: Ingested) => void = () => {},
    clock: ArrivalClock = trustedClock,
  ): Ingest =>
  async (app, body, wallMs, gone) => {
    const { nowMs, keptMs } = clock.times(wallMs)
    const arrival = { nowMs: wallMs, keptMs, zoneName: app.zone.name }
    const { parsed, release } = await reader.read(body, arrival, { app: app.id, gone })
    try {
      gone?.throwIfAborted()
      const { told, refused, refusedBy, errors } = parsed
      const accepted = factsIn(told)
      // Refusals are kept too, so that the feed can be mended by who was not there.
      const isEmpty = accepted === 0 && refused === 0
      const { repeated } = isEmpty ? nothing : await store.append(app, told, nowMs, keptMs, gone)
      if (accepted > 0) clock.stored(parsed, wallMs)
      onIngested({ accepted, repeated, refusedBy })
      return { accepted, repeated, refused, errors }
    } finally {
      release()
    }
  }

const nothing = { repeated: 0 }
