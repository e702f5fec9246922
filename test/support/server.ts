// A server for tests: the real HTTP app over the memory engine on a free port, with a clock that is
// moved by hand. Hands out what the tests need to tell it facts and to ask it.
import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { AppRecord } from '../../src/apps/app-table.ts'
import { type Apps, openApps, parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { openGroupPushes } from '../../src/apps/group-pushes.ts'
import { type Groups, openGroups } from '../../src/apps/groups.ts'
import { parseSecret, type Random } from '../../src/apps/secret.ts'
import type { TokenTable } from '../../src/apps/token.ts'
import { openFeed } from '../../src/apps/token-auth.ts'
import { openTokens, type Tables, type Tokens } from '../../src/apps/tokens.ts'
import { openSessions } from '../../src/http/access/session.ts'
import { createApp, type HttpDeps, type HttpSettings } from '../../src/http/app.ts'
import { openRoom } from '../../src/http/body/body-budget.ts'
import { readerHere } from '../../src/ingest/body/parser.ts'
import { openIngest } from '../../src/ingest/ingest.ts'
import {
  type Channel,
  cellOf,
  type Kind,
  type Platform,
  type Stage,
} from '../../src/ledger/channel.ts'
import { type DeviceEventType, deviceListOf, type ToldEvent } from '../../src/ledger/event-batch.ts'
import { parseAppKey, parseMsgId, type RegistrationId } from '../../src/ledger/ids.ts'
import { defaultStoreSettings, type Store } from '../../src/ledger/store.ts'
import { type Log, openLog } from '../../src/runtime/log.ts'
import { openMemoryApps } from '../../src/store/memory/apps.ts'
import { openMemoryGroups } from '../../src/store/memory/groups.ts'
import { openMemory } from '../../src/store/memory/store.ts'
import { openMemoryTokens } from '../../src/store/memory/tokens.ts'
import { buffers } from './buffers.ts'

export const key = '7d431e42dfa6a6d693ac2d04'
export const secret = '5e987ac6d2e04d95a9d8f0d1'
export const basic = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`
/** Noon of 2014-06-12 in Shanghai. */
export const noon: number = Date.parse('2014-06-12T12:00:00+08:00')

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface TestServer {
  readonly url: string
  readonly port: number
  readonly store: Store
  readonly apps: Apps
  readonly tokens: Tokens
  readonly groups: Groups
  readonly record: AppRecord
  readonly clock: { nowMs: number }
  /** With the credentials of the app, unless the init says otherwise. */
  ask(path: string, init?: RequestInit): Promise<Reply>
  /** So many devices of these reach a stage of a message: `d0`, `d1`, …, or those named. */
  told(fact: MessageFact): Promise<void>
  toldOfDevices(about: DeviceEventType, platform: Platform, devices: string[]): Promise<void>
  close(): Promise<void>
}

export interface MessageFact {
  readonly msgId: string
  readonly platform: Platform
  readonly channel: Channel
  readonly kind?: Kind
  readonly stage: Stage
  readonly devices: number | readonly string[]
  readonly atMs?: number
}

export interface TestSettings extends Partial<HttpSettings> {
  /** A free one where it is left out. */
  readonly port?: number
  readonly timeZone?: string
  readonly store?: Store
  readonly vip?: boolean
  /** What to put between the server and its table of tokens. */
  readonly throughTokens?: (tokens: TokenTable) => TokenTable
  readonly log?: Log
  readonly notReady?: () => readonly string[]
  readonly warnings?: () => readonly string[]
  readonly onAnswered?: HttpDeps['onAnswered']
  readonly metrics?: HttpDeps['metrics']
  /** Neither console nor sessions where it is false; without files there is no page. */
  readonly console?: HttpDeps['console'] | false
}

/** Bytes that look random and are the same in every run. */
const steadyRandom = (): Random => {
  let calls = 0
  return (bytes) => createHash('sha512').update(String(calls++)).digest().subarray(0, bytes)
}

const tablesOf = ({ throughTokens = (tokens) => tokens }: TestSettings): Tables => {
  const apps = openMemoryApps()
  return { apps, tokens: throughTokens(openMemoryTokens(apps)) }
}

export const startServer = async (settings: TestSettings = {}): Promise<TestServer> => {
  const clock = { nowMs: noon }
  const store = settings.store ?? openMemory(defaultStoreSettings)
  const log = settings.log ?? openLog('silent')
  const random = steadyRandom()
  const now = () => clock.nowMs
  const tables = tablesOf(settings)
  const apps = openApps(tables.apps, random, now)
  const tokens = openTokens(tables, random, now)
  const onTrouble = (error: unknown) => log.error({ err: error }, 'no use noted')
  const feed = openFeed({ apps, tokens: tables.tokens, random, clock: now, onTrouble })
  const groupTable = openMemoryGroups()
  const groups = openGroups({ groups: groupTable, table: tables.apps, apps }, random, now)
  const issued = await apps.create({
    name: parseAppName('test')!,
    key: parseAppKey(key),
    secret: parseSecret(secret),
    vip: settings.vip ?? true,
    timeZone: parseTimeZone(settings.timeZone ?? 'Asia/Shanghai')!,
  })
  const { record } = issued!
  const http = createApp({
    store,
    apps,
    feed,
    groups,
    sessions: settings.console === false ? undefined : openSessions(apps, random),
    console: settings.console || [],
    pushes: openGroupPushes(groupTable, 31),
    ingest: openIngest(store, readerHere({ keepDays: 31, lineDevicesMax: 10_000 }, buffers)),
    clock: now,
    log,
    notReady: settings.notReady ?? (() => []),
    warnings: settings.warnings ?? (() => []),
    reportAsOf: (wallMs) => wallMs,
    room: openRoom(buffers),
    onAnswered: settings.onAnswered,
    metrics: settings.metrics,
    settings: { rateLimit: 2400, bodyBytesMax: 16_777_216, lineDevicesMax: 10_000, ...settings },
  })
  await http.listen({ host: '127.0.0.1', port: settings.port ?? 0 })
  const { port } = http.server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`

  const append = async (devices: readonly string[], event: ToldEvent) => {
    const list = deviceListOf(devices as readonly RegistrationId[])
    const eventOf = new Uint32Array(devices.length)
    await store.append(apps.open(record), { devices: list, eventOf, events: [event] }, clock.nowMs)
  }
  return {
    url,
    port,
    store,
    apps,
    tokens,
    groups,
    record,
    clock,
    ask: async (path, init = {}) => {
      const headers = { authorization: basic, ...init.headers }
      const response = await fetch(url + path, { ...init, headers })
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
    told: ({ msgId, platform, channel, kind = 'notification', stage, devices, atMs }) => {
      const names =
        typeof devices === 'number' ? Array.from({ length: devices }, (_, i) => `d${i}`) : devices
      return append(names, {
        about: 'message',
        msgId: parseMsgId(msgId)!,
        cell: cellOf(platform, channel, kind, stage)!,
        atMs: atMs ?? clock.nowMs,
      })
    },
    toldOfDevices: (about, platform, devices) =>
      append(devices, { about, platform, atMs: clock.nowMs }),
    close: async () => {
      await http.close()
      await feed.close()
      await store.close()
    },
  }
}
