// THE COMPOSITION ROOT: settings → store → apps → ingest → http, and back in reverse. The only file
// that wires rooms together; the end-to-end tests start this very thing.
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { openApps } from './apps/apps.ts'
import { openFeed } from './apps/feed.ts'
import type { Clock } from './clock.ts'
import { keepHouse } from './housekeeping.ts'
import { createApp } from './http/app.ts'
import { openIngest } from './ingest/ingest.ts'
import type { Log } from './log.ts'
import { openLedger } from './store/open.ts'

export interface ServeSettings {
  readonly data: string
  readonly host: string
  readonly port: number
  readonly rateLimit: number
  readonly keepDays: number
  readonly bodyBytesMax: number
  readonly lineDevicesMax: number
}

export interface Serving {
  readonly url: string
  /** Stops accepting, answers what was accepted, then lets go of the store. */
  close(): Promise<void>
}

export const serve = async (settings: ServeSettings, clock: Clock, log: Log): Promise<Serving> => {
  const { data: dir, keepDays } = settings
  const onDamage = (damage: Error) => log.error({ err: damage }, 'something stored is damaged')
  const store = await openLedger({ dir, keepDays, onDamage })
  const apps = openApps(store.apps, randomBytes, clock)
  const onTrouble = (error: unknown) =>
    log.error({ err: error }, 'could not note the use of a feed token')
  const feed = openFeed({ apps, tokens: store.tokens, random: randomBytes, clock, onTrouble })
  const ingest = openIngest(store.ledger, settings)
  const http = createApp({ store: store.ledger, apps, feed, ingest, clock, log, settings })
  try {
    await http.listen({ host: settings.host, port: settings.port })
  } catch (error) {
    await store.close()
    throw error
  }
  const housekeeping = keepHouse({ store: store.ledger, table: store.apps, apps, clock, log })
  let closing: Promise<void> | undefined
  const close = async () => {
    await http.close()
    await housekeeping.stop()
    await feed.close()
    await store.close()
  }
  return {
    url: urlOf(settings.host, http.server.address()),
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

const urlOf = (host: string, address: ReturnType<Server['address']>): string => {
  const port = typeof address === 'object' ? address?.port : undefined
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
