// pushledger serve: runs the server until it is told to stop.
import type { Command } from 'commander'
import { CertificateError } from '../http/connection/certificate.ts'
import { systemClock } from '../runtime/clock.ts'
import { openLog } from '../runtime/log.ts'
import { type ServeSettings, type Serving, serve } from '../server/server.ts'
import { environmentWarnings, handedSocket, SETTINGS } from '../settings/settings.ts'
import { settingsShown } from './shown-setting.ts'
import {
  addJson,
  addSetting,
  given,
  type Options,
  print,
  Refused,
  read,
  WrongUsage,
} from './usage.ts'
import { versionOf } from './version.ts'

export const addServe = (program: Command): void => {
  const verb = program
    .command('serve')
    .description('run the server until SIGTERM or SIGINT; logs go to stderr')
  for (const setting of Object.values(SETTINGS)) addSetting<unknown>(verb, setting)
  addJson(verb).action(run)
}

const run = async (options: Options): Promise<void> => {
  const settings = settingsOf(options)
  const log = openLog(read(SETTINGS.logLevel, options))
  for (const sentence of [...environmentWarnings(), ...idleSettings(settings, options)]) {
    log.warn(sentence)
  }
  // Never the default, which would end the process: a manager that reloads its services sends it to all.
  let renew = () => log.info('SIGHUP is ignored: there is no certificate to read again')
  process.on('SIGHUP', () => renew())
  // A second signal finds no handler and ends the process at once.
  const stop = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal))
  })
  const serving = await start(settings, log)
  const { url, metricsUrl, ledger } = serving
  const about = { version: versionOf(), node: process.version, pid: process.pid }
  const places = { url, metrics_url: metricsUrl, ledger }
  log.info({ ...about, ...places, settings: settingsShown(options) }, 'started')
  if (options['json']) print(JSON.stringify({ url, metrics_url: metricsUrl }))
  else {
    print(`pushledger listens on ${url}`)
    if (metricsUrl !== undefined) print(`its metrics are at ${metricsUrl}`)
  }
  if (settings.tls !== undefined) renew = serving.renew
  const why = await Promise.race([stop, serving.broken])
  if (why instanceof Error) return giveUp(serving, settings.data, why)
  log.info({ signal: why }, 'stopping')
  await serving.close()
}

/** A sentence for each that says nothing beside another. */
const idleSettings = ({ socket }: ServeSettings, options: Options): readonly string[] =>
  [SETTINGS.host, SETTINGS.port].flatMap((setting) => {
    const { source } = given(setting, options)
    if (socket === undefined || source === 'default') return []
    const name = source === 'flag' ? `--${setting.flag}` : setting.env
    return [`${name} is ignored: the server listens on the socket that it was handed (LISTEN_FDS)`]
  })

/** What was answered is on the disk; a new process can tell what state the file is in. */
const giveUp = async (serving: Serving, dir: string, why: Error): Promise<void> => {
  const sentence =
    why.name === 'StoreError'
      ? why.message
      : `The ledger in ${dir} cannot be written any more, start again: ${why.message}`
  process.stderr.write(`${sentence}\n`)
  await serving.close().catch(() => {})
  process.exit(1)
}

/** Throws where they are wrong, or do not go together. */
export const settingsOf = (options: Options): ServeSettings => ({
  data: read(SETTINGS.data, options),
  store: read(SETTINGS.store, options),
  mapBytes: read(SETTINGS.mapSize, options),
  host: read(SETTINGS.host, options),
  port: read(SETTINGS.port, options),
  socket: handedSocket(),
  rateLimit: read(SETTINGS.rateLimit, options),
  keepDays: read(SETTINGS.keepDays, options),
  bodyBytesMax: read(SETTINGS.bodyBytesMax, options),
  lineDevicesMax: read(SETTINGS.lineDevicesMax, options),
  keepAliveSeconds: read(SETTINGS.keepAliveTimeout, options),
  corsOrigins: read(SETTINGS.corsOrigin, options),
  console: read(SETTINGS.console, options) === 'on',
  trustClock: read(SETTINGS.trustClock, options) === 'on',
  metricsPort: read(SETTINGS.metricsPort, options),
  metricsToken: read(SETTINGS.metricsToken, options),
  otlpUrl: read(SETTINGS.otlpUrl, options),
  tls: tlsOf(read(SETTINGS.tlsCert, options), read(SETTINGS.tlsKey, options)),
})

const tlsOf = (cert: string, key: string): ServeSettings['tls'] => {
  if ((cert === '') !== (key === '')) throw new WrongUsage('--tls-cert and --tls-key go together')
  return cert === '' ? undefined : { cert, key }
}

const start = async (
  settings: ServeSettings,
  log: Parameters<typeof serve>[2],
): Promise<Serving> => {
  try {
    return await serve(settings, systemClock, log)
  } catch (error) {
    if (error instanceof CertificateError) throw new Refused(error.message)
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const { host, metricsPort = null } = settings
    const isMetrics = metricsPort !== null && isPortOf(error, metricsPort)
    const isOwn = isMetrics && metricsPort !== settings.port
    const [port, flag] = isOwn ? [metricsPort, '--metrics-port'] : [settings.port, '--port']
    if (code === 'EADDRINUSE') {
      throw new Refused(`port ${port} of ${host} is taken: choose another with ${flag}`)
    }
    if (code === 'EACCES' && port < 1024 && port > 0) {
      throw new Refused(`port ${port} needs privileges: choose one from 1024 on with ${flag}`)
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Refused(`this machine has no address ${host}: choose another with --host`)
    }
    throw error
  }
}

const isPortOf = (error: unknown, port: number): boolean =>
  error instanceof Error && 'port' in error && error.port === port
