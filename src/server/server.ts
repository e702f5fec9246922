// THE COMPOSITION ROOT: settings → store → apps → ingest → http, and back in reverse. The only file
// that wires the server; the end-to-end tests start this very thing.
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { Server as TlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { type Apps, openApps } from '../apps/apps.ts'
import { openGroupPushes } from '../apps/group-pushes.ts'
import { openGroups } from '../apps/groups.ts'
import { type Feed, openFeed } from '../apps/token-auth.ts'
import { type LogInAudit, openLogInAudit } from '../audit/log-in-audit.ts'
import { openFailedLogIns } from '../http/access/login-throttle.ts'
import { openSessions } from '../http/access/session.ts'
import { createApp, type HttpDeps } from '../http/app.ts'
import { openRoom, roomBytesFor } from '../http/body/body-budget.ts'
import { type CertificateFiles, readCertificate } from '../http/connection/certificate.ts'
import { type MetricsPort, openMetricsPort } from '../http/metrics-port.ts'
import { readConsole } from '../http/routes/console-file.ts'
import { openIngest } from '../ingest/ingest.ts'
import { openReader } from '../ingest/worker/parser-worker.ts'
import type { Metrics, Sources } from '../metrics/metrics.ts'
import { openBuffers } from '../runtime/buffer-pool.ts'
import { type Clock, steadyClock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { openReadiness, type Readiness } from '../runtime/readiness.ts'
import type { Address } from '../store/clickhouse/address.ts'
import { openKeptStore } from '../store/kept-store.ts'
import type { OpenedLedger } from '../store/open.ts'
import type { Traces } from '../traces/traces.ts'
import { auditDirOf, openAuditedStore, placeOf } from './audited-store.ts'
import { openClockWatch } from './clock-watch.ts'
import { keepHouse } from './maintenance-timer.ts'
import { warnOf, warnOfMetrics } from './start-warning.ts'

export interface ServeSettings {
  readonly data: string
  /** Of the ClickHouse that holds the ledger, in place of the directory. */
  readonly store?: Address | null
  /** The largest size that the directory's file can reach. */
  readonly mapBytes?: number
  readonly host: string
  readonly port: number
  /** The descriptor of a socket that listens already, in place of host and port. */
  readonly socket?: number | undefined
  readonly rateLimit: number
  readonly keepDays: number
  readonly bodyBytesMax: number
  readonly lineDevicesMax: number
  /** How long a connection may be idle between requests. */
  readonly keepAliveSeconds?: number
  readonly corsOrigins?: readonly string[]
  /** Whether there is one, and people may log in. Default: yes. */
  readonly console?: boolean
  /** Whether messages expire by the clock even where it has jumped ahead. Default: no. */
  readonly trustClock?: boolean
  /** Speaks TLS only where they are given. */
  readonly tls?: CertificateFiles | undefined
  /** Metrics are served at a port of their own where there is one, else at `port` to who has the token. */
  readonly metricsPort?: number | null
  /** Empty for none. Without both nothing is measured. */
  readonly metricsToken?: string
  /** Of the collector that takes spans; without it there are none. */
  readonly otlpUrl?: string | null
}

export interface Serving {
  readonly url: string
  /** Where metrics are served. */
  readonly metricsUrl: string | undefined
  /** Where the ledger is, for a person; without credentials. */
  readonly ledger: Readonly<Record<string, unknown>>
  /** Reads the certificate anew, for the connections to come. Where it is no use, the old one stays. */
  renew(): void
  /** Resolves when nothing more can be written: the server must be closed, and started again. */
  readonly broken: Promise<Error>
  /** Stops accepting, answers what was accepted, then lets go of the store. */
  close(): Promise<void>
}

export const serve = async (
  settings: ServeSettings,
  clock: Clock,
  log: Log,
  steady: Clock = steadyClock,
): Promise<Serving> => {
  const { keepDays, tls } = settings
  const certificate = tls && readCertificate(tls)
  const warn = (host: string) => warnOf(log, host, certificate, clock())
  if (settings.socket === undefined) warn(settings.host)
  warnOfMetrics(log, settings)
  const files = await consoleOf(settings, log)
  const readiness = openReadiness()
  const { broken, onBroken } = openBreaking(readiness)
  const metrics = await openMetricsOf(settings, {
    vitals: () => store.vitals(),
    apps: async () => (await apps.list()).length,
    roomBytes: () => room.taken(),
    isReady: () => readiness.notReady().length === 0,
    clockAheadMs: () => clockWatch.aheadMs(),
  })
  const traces = await openTracesOf(settings, clock, log)
  const { onCommit, onSwept } = metrics ?? {}
  const store = await openAuditedStore(settings, { onBroken, onCommit }, clock, log)
  const { clockWatch, ledger } = await openKeeping(store, settings, clock, steady, log)
  const { room, reader } = openIntake(settings, log)
  const apps = openApps(store.apps, randomBytes, clock)
  const feed = openFeedOf(store, apps, clock, log)
  const groups = openGroups({ groups: store.groups, table: store.apps, apps }, randomBytes, clock)
  const logIns = openLogInAudit({ dir: auditDirOf(settings), apps, groups, clock, log })
  const pushes = openGroupPushes(store.groups, keepDays, clockWatch.keptAsOf)
  const ingest = openIngest(ledger, reader, metrics?.onIngested, clockWatch)
  const http = createApp({
    store: ledger,
    apps,
    feed,
    groups,
    pushes,
    ingest,
    clock,
    log,
    notReady: readiness.notReady,
    warnings: readiness.warnings,
    reportAsOf: (wallMs) => clockWatch.times(wallMs).nowMs,
    room,
    onRefused: logIns.onRefused,
    onAnswered: bothOf(metrics?.onAnswered, traces?.onAnswered),
    metrics: metricsAtMain(settings, metrics),
    console: files,
    sessions: files && openSessions(apps, randomBytes),
    settings: { ...settings, certificate },
  })
  const letGo = () => Promise.all([reader.close(), store.close()])
  const watched = await orLetGo(() => listen(http, settings, metrics, logIns, clock), letGo)
  const listened = hostOf(settings, http.server.address())
  // Where a socket that was handed over listens is known only now.
  if (settings.socket !== undefined) warn(listened)
  const house = { store: ledger, table: store.apps, apps, pushes, clock, clockWatch, log, onSwept }
  const housekeeping = keepHouse(house)
  const close = async () => {
    readiness.stopping()
    await http.close()
    await watched?.close()
    await housekeeping.stop()
    await Promise.all([logIns.close(), feed.close(), reader.close()])
    await clockWatch.close().catch(onClockTrouble(log))
    await store.close()
    // Last: nothing of the ledger waits for a collector.
    await traces?.close()
  }
  readiness.started(() => store.vitals().freeBytes, store.isAnswering, clockWatch.isBelieved)
  const url = urlOf(tls === undefined ? 'http' : 'https', listened, http.server.address())
  return {
    url,
    ledger: placeOf(settings, store.format),
    metricsUrl: metrics && metricsUrlOf(url, settings.host, watched),
    broken,
    renew: () => renewCertificate(http.server, tls, log),
    close: once(close),
  }
}

/** Beside the built program, also for one that runs from source. */
const consoleDir = fileURLToPath(new URL('../../dist/console/', import.meta.url))

/** Undefined where none is wanted. */
const consoleOf = async ({ console: isWanted }: ServeSettings, log: Log) => {
  const files = isWanted === false ? undefined : await readConsole(consoleDir)
  if (files?.length === 0) log.info({ dir: consoleDir }, 'there is no console to be served')
  return files
}

/** What is under way, or was done, however often it is asked for. */
const once = (work: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}

/** What expires only by a clock that is believed. */
const openKeeping = async (
  store: OpenedLedger,
  { trustClock: isTrusted = false }: ServeSettings,
  clock: Clock,
  steady: Clock,
  log: Log,
) => {
  const table = store.clock
  const open = () => openClockWatch({ clock, steadyClock: steady, table, isTrusted, log })
  const clockWatch = await orLetGo(open, store.close)
  return { clockWatch, ledger: openKeptStore(store.ledger, clockWatch.keptAsOf) }
}

const orLetGo = async <T>(work: () => Promise<T>, letGo: () => Promise<unknown>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    await letGo()
    throw error
  }
}

const onClockTrouble = (log: Log) => (error: unknown) =>
  log.error({ err: error }, 'could not keep the latest believed time')

const openFeedOf = ({ tokens }: OpenedLedger, apps: Apps, clock: Clock, log: Log): Feed => {
  const onTrouble = (error: unknown) =>
    log.error({ err: error }, 'could not note the use of a feed token')
  return openFeed({ apps, tokens, random: randomBytes, clock, onTrouble })
}

/** What takes in bodies, and reads them where they stand. */
const openIntake = (settings: ServeSettings, log: Log) => {
  const buffers = openBuffers()
  const reader = openReader(settings, buffers, (cause) =>
    log.error({ err: cause }, 'events are read on the main thread from now on'),
  )
  return { room: openRoom(buffers, roomBytesFor(settings.bodyBytesMax)), reader }
}

const openBreaking = (readiness: Readiness) => {
  let onBroken: (cause: Error) => void = () => {}
  const broken = new Promise<Error>((resolve) => {
    onBroken = (cause) => {
      readiness.broken()
      resolve(cause)
    }
  })
  return { broken, onBroken }
}

/** Undefined where none are wanted; what they are made with is loaded only then. */
const openMetricsOf = async (
  { metricsPort = null, metricsToken = '' }: ServeSettings,
  sources: Sources,
): Promise<Metrics | undefined> => {
  if (metricsPort === null && metricsToken === '') return undefined
  const { openMetrics } = await import('../metrics/metrics.ts')
  return openMetrics(sources)
}

const metricsUrlOf = (url: string, host: string, watched: MetricsPort | undefined): string =>
  `${watched === undefined ? url : urlOf('http', host, watched.address)}/metrics`

/** As with metrics. */
const openTracesOf = async (
  { otlpUrl = null, tls }: ServeSettings,
  clock: Clock,
  log: Log,
): Promise<Traces | undefined> => {
  if (otlpUrl === null) return undefined
  const { openTraces } = await import('../traces/traces.ts')
  return openTraces({ url: otlpUrl, scheme: tls === undefined ? 'http' : 'https' }, clock, log)
}

type OnAnswered = HttpDeps['onAnswered']

/** One where there is only one: nothing stands between. */
const bothOf = (first: OnAnswered, second: OnAnswered): OnAnswered => {
  if (first === undefined || second === undefined) return first ?? second
  return (...answered) => {
    first(...answered)
    second(...answered)
  }
}

const metricsAtMain = (
  { metricsPort = null, metricsToken: token = '' }: ServeSettings,
  metrics: Metrics | undefined,
): HttpDeps['metrics'] =>
  metricsPort === null && metrics !== undefined ? { token, page: metrics.page } : undefined

/** At all ports or none; gives the metrics' own. */
const listen = async (
  http: FastifyInstance,
  settings: ServeSettings,
  metrics: Metrics | undefined,
  { onRefused }: LogInAudit,
  clock: Clock,
): Promise<MetricsPort | undefined> => {
  const { host, metricsPort = null, metricsToken: token = '' } = settings
  const watched =
    metricsPort !== null && metrics !== undefined
      ? await openMetricsPort(
          { host, port: metricsPort, token },
          metrics.page,
          openFailedLogIns(onRefused),
          clock,
        )
      : undefined
  try {
    await http.listen(listeningOn(settings))
    return watched
  } catch (error) {
    await watched?.close()
    throw error
  }
}

/** With a descriptor the host says nothing; left out, Fastify would listen on localhost besides. */
const listeningOn = ({ host, port, socket }: ServeSettings) =>
  socket === undefined ? { host, port } : { fd: socket, host: '0.0.0.0' }

const hostOf = ({ host, socket }: ServeSettings, address: ReturnType<Server['address']>): string =>
  socket === undefined || typeof address !== 'object' ? host : (address?.address ?? '')

const urlOf = (scheme: string, host: string, address: ReturnType<Server['address']>): string => {
  const port = typeof address === 'object' ? address?.port : undefined
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

const renewCertificate = (server: Server, files: CertificateFiles | undefined, log: Log): void => {
  if (files === undefined || !(server instanceof TlsServer)) return
  try {
    const certificate = readCertificate(files)
    server.setSecureContext(certificate)
    log.info({ validTo: certificate.validTo }, 'the certificate was read anew')
  } catch (error) {
    log.error({ err: error }, 'the certificate could not be read anew: the old one stays')
  }
}
