// A server that people look at: the console as it was built, the demo's fortnight of a shop, told to it
// without HTTP, and beside it the app of startServer, of which nothing is told.
import { fileURLToPath } from 'node:url'
import { parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { type DemoWorld, demoWorld } from '../../src/demo/world.ts'
import { readConsole } from '../../src/http/routes/console-file.ts'
import { readerHere } from '../../src/ingest/body/parser.ts'
import { defaultIngestSettings, openIngest } from '../../src/ingest/ingest.ts'
import { buffers } from './buffers.ts'
import { startServer, type TestServer, type TestSettings } from './server.ts'

export interface Credentials {
  readonly key: string
  readonly secret: string
}

export interface Shop extends Credentials {
  readonly server: TestServer
  /** What was told of the shop; it ends at the clock of the server, which stands still there. */
  readonly world: DemoWorld
  readonly name: string
  readonly timeZone: string
  /** Lines of an event each, of the shop, now; those that are refused too. */
  tell(...lines: readonly unknown[]): Promise<void>
  /** What the API answers of the shop. */
  ask<Body>(path: string): Promise<Body>
}

export interface ShopSettings extends ConsoleSettings {
  readonly devices?: number
  readonly name?: string
}

const built = fileURLToPath(new URL('../../dist/console', import.meta.url))

interface ConsoleSettings extends TestSettings {
  /** Now, where it is left out. */
  readonly nowMs?: number
}

/** With the console's own files; the clock stands still. */
export const startConsole = async (settings: ConsoleSettings = {}): Promise<TestServer> => {
  const files = await readConsole(built)
  if (files.length === 0) throw new Error('the console is not built: npm run build')
  const server = await startServer({ console: files, ...settings })
  server.clock.nowMs = settings.nowMs ?? Date.now()
  return server
}

export const openShop = async (settings: ShopSettings = {}): Promise<Shop> => {
  const { devices = 300, name = 'Shop', timeZone = 'Asia/Shanghai' } = settings
  const server = await startConsole(settings)
  const { apps, store, clock } = server
  const zone = parseTimeZone(timeZone)!
  const issued = (await apps.create({ name: parseAppName(name)!, vip: true, timeZone: zone }))!
  const { record, secret } = issued
  const app = apps.open(record)
  const ingest = openIngest(store, readerHere(defaultIngestSettings, buffers))
  const world = demoWorld({ seed: 1, nowMs: clock.nowMs, devices, timeZone })
  for (const { bytes } of world.bodies()) await ingest(app, bytes, clock.nowMs)

  const authorization = `Basic ${Buffer.from(`${record.key}:${secret}`).toString('base64')}`
  return {
    key: record.key,
    secret,
    name,
    timeZone,
    server,
    world,
    tell: async (...lines) => {
      const body = lines.map((line) => JSON.stringify(line)).join('\n')
      await ingest(app, Buffer.from(body), clock.nowMs)
    },
    ask: async (path) => {
      const { status, text } = await server.ask(path, { headers: { authorization } })
      if (status !== 200) throw new Error(`${path} answers ${status}: ${text}`)
      return JSON.parse(text)
    },
  }
}
