// The settings of every verb as one table: flag, environment twin, default, rule. Read by the command
// line, by the tests and by whoever writes docs/reference/settings.md. The only reader of the
// environment. A flag wins over the environment, the environment over the default.
import { parseAppKey } from '../ledger/ids.ts'
import { LOG_LEVELS, type LogLevel } from '../runtime/log.ts'
import { type Address, parseAddress } from '../store/clickhouse/address.ts'
import { type Environment, isServiceLink, variableWarnings } from './variables.ts'

export interface Setting<T> {
  /** Without the dashes. */
  readonly flag: string
  readonly env: string
  /** What stands for the value in the help. */
  readonly value: string
  readonly byDefault: string
  readonly text: string
  /** What is allowed, to follow "must be". */
  readonly rule: string
  readonly parse: (text: string) => T | undefined
  /** Never to be shown. */
  readonly isSecret?: boolean
}

const wholeNumber = (from: number, to: number) => ({
  rule: `a whole number from ${from} to ${to}`,
  parse: (text: string): number | undefined => {
    const number = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
    return number >= from && number <= to ? number : undefined
  },
})

const orNone = <T>(
  rule: Pick<Setting<T>, 'rule' | 'parse'>,
): Pick<Setting<T | null>, 'rule' | 'parse'> => ({
  rule: rule.rule,
  parse: (text) => (text === '' ? null : rule.parse(text)),
})

const someText = (rule: string) => ({
  rule,
  parse: (text: string): string | undefined => (text === '' ? undefined : text),
})

/** As browsers write it: no path, no port where it is the scheme's own, all in lower case. */
const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text

const serverUrl = (text: string): string | undefined => {
  if (!URL.canParse(text) || /[?#]/.test(text)) return undefined
  const { protocol, username, href } = new URL(text)
  const isHttp = protocol === 'http:' || protocol === 'https:'
  return isHttp && username === '' ? href.replace(/(?<!\/)\/+$/, '') : undefined
}

const onOrOff = {
  rule: 'on or off',
  parse: (text: string): 'on' | 'off' | undefined =>
    text === 'on' || text === 'off' ? text : undefined,
}

const mebibyte = 1_048_576
const gibibyte = 1_073_741_824

export const SETTINGS: {
  readonly data: Setting<string>
  readonly store: Setting<Address | null>
  readonly mapSize: Setting<number>
  readonly host: Setting<string>
  readonly port: Setting<number>
  readonly rateLimit: Setting<number>
  readonly keepDays: Setting<number>
  readonly bodyBytesMax: Setting<number>
  readonly lineDevicesMax: Setting<number>
  readonly tlsCert: Setting<string>
  readonly tlsKey: Setting<string>
  readonly keepAliveTimeout: Setting<number>
  readonly corsOrigin: Setting<readonly string[]>
  readonly trustClock: Setting<'on' | 'off'>
  readonly console: Setting<'on' | 'off'>
  readonly metricsPort: Setting<number | null>
  readonly metricsToken: Setting<string>
  readonly otlpUrl: Setting<string | null>
  readonly logLevel: Setting<LogLevel>
} = {
  data: {
    flag: 'data',
    env: 'PUSHLEDGER_DATA',
    value: 'dir',
    byDefault: './data',
    text: 'the directory that holds everything; made if missing',
    ...someText('a directory'),
  },
  store: {
    flag: 'store',
    env: 'PUSHLEDGER_STORE',
    value: 'url',
    byDefault: '',
    text: 'keep the ledger in this ClickHouse, in place of the directory',
    ...orNone({
      rule: 'clickhouse://user:password@host:8123/database, with ?cluster=name for a cluster',
      parse: parseAddress,
    }),
    isSecret: true,
  },
  mapSize: {
    flag: 'map-size',
    env: 'PUSHLEDGER_MAP_SIZE',
    value: 'bytes',
    byDefault: '1099511627776',
    text: "the most bytes that the directory's ledger may have; so much address space is reserved",
    ...wholeNumber(mebibyte * 16, mebibyte * mebibyte * 64),
  },
  host: {
    flag: 'host',
    env: 'PUSHLEDGER_HOST',
    value: 'address',
    byDefault: '127.0.0.1',
    text: 'the address to listen on',
    ...someText('a host name or address'),
  },
  port: {
    flag: 'port',
    env: 'PUSHLEDGER_PORT',
    value: 'number',
    byDefault: '8787',
    text: 'the port to listen on; 0 takes any free one',
    ...wholeNumber(0, 65_535),
  },
  rateLimit: {
    flag: 'rate-limit',
    env: 'PUSHLEDGER_RATE_LIMIT',
    value: 'calls',
    byDefault: '2400',
    text: 'report calls per app and minute; 0 for no limit',
    ...wholeNumber(0, 1_000_000_000),
  },
  keepDays: {
    flag: 'keep-days',
    env: 'PUSHLEDGER_KEEP_DAYS',
    value: 'days',
    byDefault: '31',
    text: 'how long a message is kept after it was last told of',
    ...wholeNumber(1, 3650),
  },
  bodyBytesMax: {
    flag: 'body-bytes-max',
    env: 'PUSHLEDGER_BODY_BYTES_MAX',
    value: 'bytes',
    byDefault: '16777216',
    text: 'the longest body of events, unpacked',
    ...wholeNumber(1024, gibibyte),
  },
  lineDevicesMax: {
    flag: 'line-devices-max',
    env: 'PUSHLEDGER_LINE_DEVICES_MAX',
    value: 'devices',
    byDefault: '10000',
    text: 'the most devices in one line of events',
    ...wholeNumber(1, 1_000_000),
  },
  tlsCert: {
    flag: 'tls-cert',
    env: 'PUSHLEDGER_TLS_CERT',
    value: 'file',
    byDefault: '',
    text: 'speak TLS only, with this certificate and its chain (PEM); read anew on SIGHUP',
    rule: 'a file',
    parse: (text) => text,
  },
  tlsKey: {
    flag: 'tls-key',
    env: 'PUSHLEDGER_TLS_KEY',
    value: 'file',
    byDefault: '',
    text: 'the private key of the certificate (PEM)',
    rule: 'a file',
    parse: (text) => text,
  },
  keepAliveTimeout: {
    flag: 'keep-alive-timeout',
    env: 'PUSHLEDGER_KEEP_ALIVE_TIMEOUT',
    value: 'seconds',
    byDefault: '72',
    text: 'how long a connection may be idle between requests; longer than a proxy keeps it',
    ...wholeNumber(1, 86_400),
  },
  corsOrigin: {
    flag: 'cors-origin',
    env: 'PUSHLEDGER_CORS_ORIGIN',
    value: 'origins',
    byDefault: '',
    text: 'let pages of these origins read answers in a browser',
    rule: 'origins such as https://example.com, joined by commas',
    parse: (text) => {
      const origins = text === '' ? [] : text.split(',')
      return origins.every(isOrigin) ? origins : undefined
    },
  },
  console: {
    flag: 'console',
    env: 'PUSHLEDGER_CONSOLE',
    value: 'on|off',
    byDefault: 'on',
    text: 'serve the console at /, and let people log in to it',
    ...onOrOff,
  },
  trustClock: {
    flag: 'trust-clock',
    env: 'PUSHLEDGER_TRUST_CLOCK',
    value: 'on|off',
    byDefault: 'off',
    text: 'let messages expire by the clock even where it has jumped ahead by more than a day',
    ...onOrOff,
  },
  metricsPort: {
    flag: 'metrics-port',
    env: 'PUSHLEDGER_METRICS_PORT',
    value: 'number',
    byDefault: '',
    text: 'serve /metrics at a port of its own; 0 takes any free one',
    ...orNone(wholeNumber(0, 65_535)),
  },
  metricsToken: {
    flag: 'metrics-token',
    env: 'PUSHLEDGER_METRICS_TOKEN',
    value: 'token',
    byDefault: '',
    text: 'serve /metrics to whoever bears this token; better in the environment than in the list of processes',
    rule: '16 to 200 visible ASCII characters',
    parse: (text) => (/^([!-~]{16,200})?$/.test(text) ? text : undefined),
    isSecret: true,
  },
  otlpUrl: {
    flag: 'otlp-url',
    env: 'PUSHLEDGER_OTLP_URL',
    value: 'url',
    byDefault: '',
    text: 'send a span of every request to the collector of OpenTelemetry there, by OTLP over HTTP',
    ...orNone({ rule: 'an http or https URL without credentials or a query', parse: serverUrl }),
  },
  logLevel: {
    flag: 'log-level',
    env: 'PUSHLEDGER_LOG_LEVEL',
    value: 'level',
    byDefault: 'info',
    text: 'how much to log',
    rule: `one of ${LOG_LEVELS.join(', ')}`,
    parse: (text) => LOG_LEVELS.find((level) => level === text),
  },
}

/** Text that may be missing; empty counts as missing. */
const maybeText = { rule: 'text', parse: (text: string): string => text }

/** Of the verbs that speak to a running server. */
export const CALLER_SETTINGS = {
  url: {
    flag: 'url',
    env: 'PUSHLEDGER_URL',
    value: 'url',
    byDefault: 'http://127.0.0.1:8787',
    text: 'where the server is',
    rule: 'an http or https URL without credentials or a query',
    parse: serverUrl,
  },
  key: {
    flag: 'key',
    env: 'PUSHLEDGER_KEY',
    value: 'key',
    byDefault: '',
    text: "the app's key",
    rule: '24 lowercase hexadecimal digits',
    parse: (text: string): string | undefined => (text === '' ? '' : parseAppKey(text)),
  },
  secret: {
    flag: 'secret',
    env: 'PUSHLEDGER_SECRET',
    value: 'secret',
    byDefault: '',
    text: "the app's secret; better in the environment than in the list of processes",
    ...maybeText,
  },
  token: {
    flag: 'token',
    env: 'PUSHLEDGER_TOKEN',
    value: 'token',
    byDefault: '',
    text: 'a feed token in place of key and secret',
    ...maybeText,
  },
} as const satisfies Record<string, Setting<string>>

/** Of `pushledger import`, besides those. */
export const IMPORT_SETTINGS: {
  readonly connections: Setting<number>
  readonly retryFor: Setting<number>
  readonly bodyBytes: Setting<number>
  readonly state: Setting<string>
} = {
  connections: {
    flag: 'connections',
    env: 'PUSHLEDGER_CONNECTIONS',
    value: 'number',
    byDefault: '4',
    text: 'how many bodies are on their way at a time',
    ...wholeNumber(1, 64),
  },
  retryFor: {
    flag: 'retry-for',
    env: 'PUSHLEDGER_RETRY_FOR',
    value: 'seconds',
    byDefault: '60',
    text: 'how long a server that does not answer is tried again',
    ...wholeNumber(0, 86_400),
  },
  bodyBytes: {
    flag: 'body-bytes',
    env: 'PUSHLEDGER_BODY_BYTES',
    value: 'bytes',
    byDefault: '4194304',
    text: 'the longest body, and so the longest line',
    ...wholeNumber(1024, 67_108_864),
  },
  state: {
    flag: 'state',
    env: 'PUSHLEDGER_STATE',
    value: 'dir',
    byDefault: '',
    text: 'where progress is kept; by default beside each file',
    ...maybeText,
  },
}

/** A sentence for each variable that looks like a setting and is ignored. */
export const environmentWarnings = (environment: Environment = process.env): readonly string[] => {
  const all = [SETTINGS, CALLER_SETTINGS, IMPORT_SETTINGS].flatMap((each) => Object.values(each))
  return variableWarnings(
    environment,
    all.map(({ env }) => env),
  )
}

/** A setting that breaks its rule: wrong usage. */
export class SettingError extends Error {
  override readonly name = 'SettingError'
}

export interface Given {
  readonly text: string
  readonly source: 'flag' | 'environment' | 'default'
}

/** What a setting is read from; a variable that is empty, or that Kubernetes set, counts as none. */
export const givenFor = (
  setting: Setting<unknown>,
  flag: string | undefined,
  environment: Environment = process.env,
): Given => {
  if (flag !== undefined) return { text: flag, source: 'flag' }
  const fromEnvironment = environment[setting.env] || undefined
  const isLink = isServiceLink(setting.env, fromEnvironment)
  if (fromEnvironment !== undefined && !isLink)
    return { text: fromEnvironment, source: 'environment' }
  return { text: setting.byDefault, source: 'default' }
}

/** The value of a setting. Throws SettingError. */
export const settingOf = <T>(
  setting: Setting<T>,
  flag: string | undefined,
  environment: Environment = process.env,
): T => {
  const value = setting.parse(givenFor(setting, flag, environment).text)
  if (value !== undefined) return value
  const name = flag === undefined ? setting.env : `--${setting.flag}`
  throw new SettingError(`${name} must be ${setting.rule}`)
}

const firstHanded = 3

/**
 * The descriptor of the socket that whoever started this process hands over, as systemd does
 * (LISTEN_FDS, LISTEN_PID); undefined where there is none for it. Throws SettingError.
 */
export const handedSocket = (
  environment: Environment = process.env,
  pid: number = process.pid,
): number | undefined => {
  const count = environment['LISTEN_FDS'] || '0'
  if (environment['LISTEN_PID'] !== String(pid) || count === '0') return undefined
  if (count === '1') return firstHanded
  throw new SettingError('LISTEN_FDS must be 1: the server listens on one socket')
}
