// pushledger demo: a server of its own, a made-up fortnight of a shop app told to it over HTTP as a
// gateway would, and lines of curl to ask it with. Never touches a directory that holds something.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { openApps, parseAppName, parseTimeZone } from '../apps/apps.ts'
import type { Secret } from '../apps/secret.ts'
import { openClient } from '../client/retrying-client.ts'
import { type DemoBody, type DemoWorld, demoWorld } from '../demo/world.ts'
import type { AppKey } from '../ledger/ids.ts'
import { systemClock } from '../runtime/clock.ts'
import { openLog } from '../runtime/log.ts'
import { type Serving, serve } from '../server/server.ts'
import { SETTINGS } from '../settings/settings.ts'
import { openTables } from '../store/open.ts'
import { count } from './columns.ts'
import { sentenceOf } from './connection.ts'
import { questionsOf } from './demo-questions.ts'
import { openProgress } from './progress.ts'
import { keyOf, keyRule, secretOf, secretRule } from './tables.ts'
import { addSetting, orUsage, print, Refused, read, WrongUsage } from './usage.ts'

interface Demo {
  readonly port?: string
  readonly data?: string
  readonly devices: number
  readonly seed: number
  readonly key?: AppKey
  readonly secret?: Secret
  readonly exit?: boolean
}

interface Credentials {
  readonly key: string
  readonly secret: string
}

const host = '127.0.0.1'
const timeZone = 'Asia/Shanghai'
const connections = 4
const retryForMs = 10_000
const seedMax = 4_294_967_295

const wholeFrom = (from: number, to: number) =>
  orUsage((text) => {
    const number = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN
    return number >= from && number <= to ? number : undefined
  }, `a whole number from ${from} to ${to}`)

export const addDemo = (program: Command): void => {
  const verb = program
    .command('demo')
    .description('a server of its own with a made-up fortnight of a shop app, and what to ask it')
  addSetting(verb, SETTINGS.port)
    .option('--data <dir>', 'an empty directory to keep it in (default: one that is removed)')
    .addOption(
      new Option('--devices <count>', 'how many devices')
        .argParser(wholeFrom(100, 1_000_000))
        .default(20_000),
    )
    .addOption(
      new Option('--seed <number>', 'another seed, another world')
        .argParser(wholeFrom(0, seedMax))
        .default(1),
    )
    // Minted by default: credentials that everybody knows would open whatever is left running.
    .addOption(new Option('--key <key>', `the app's key: ${keyRule}`).argParser(keyOf))
    .addOption(
      new Option('--secret <secret>', `the app's secret: ${secretRule}`).argParser(secretOf),
    )
    .option('--exit', 'end after printing, without serving on')
    .action(run)
}

const run = async (options: Demo): Promise<void> => {
  if (options.secret !== undefined && String(options.secret) === String(options.key)) {
    throw new WrongUsage('--secret must not be the same as --key')
  }
  const port = read(SETTINGS.port, { port: options.port })
  const stop = stopOnSignal()
  const data = directoryOf(options.data)
  try {
    const credentials = await createApp(data, options)
    const serving = await start(data, port)
    try {
      await show(serving, credentials, options, stop.signal)
      if (!options.exit && !stop.signal.aborted) {
        const fate = options.data === undefined ? 'removed then' : `kept in ${data}`
        print(`\nServing on ${serving.url} until Ctrl-C; the data is ${fate}.`)
        await stop.asked
      }
    } finally {
      await serving.close()
    }
  } finally {
    if (options.data === undefined) rmSync(data, { recursive: true, force: true })
  }
}

/** A second signal finds no handler and ends the process at once. */
const stopOnSignal = (): { readonly signal: AbortSignal; readonly asked: Promise<void> } => {
  const stop = new AbortController()
  const asked = new Promise<void>((resolve) => {
    stop.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop.abort())
  return { signal: stop.signal, asked }
}

const directoryOf = (given: string | undefined): string => {
  if (given === undefined) return mkdtempSync(join(tmpdir(), 'pushledger-demo-'))
  if (given === '') throw new WrongUsage('--data must be a directory')
  if (existsSync(given) && readdirSync(given).length > 0) {
    throw new Refused(`${given} is not empty: name a fresh directory with --data, or none`)
  }
  return given
}

const createApp = async (data: string, { key, secret }: Demo): Promise<Credentials> => {
  const name = parseAppName('Demo shop')
  const zone = parseTimeZone(timeZone)
  if (name === undefined || zone === undefined) throw new Error('the demo app has no proper name')
  const tables = openTables(data, mapBytes())
  try {
    const apps = openApps(tables.apps, randomBytes, systemClock)
    const issued = await apps.create({ name, key, secret, vip: true, timeZone: zone })
    if (issued === undefined) throw new Refused(`there is an app in ${data} already`)
    return { key: issued.record.key, secret: issued.secret }
  } finally {
    await tables.close()
  }
}

/** From the environment, where little address space is allowed. */
const mapBytes = (): number => read(SETTINGS.mapSize, {})

const start = async (data: string, port: number): Promise<Serving> => {
  const settings = {
    data,
    mapBytes: mapBytes(),
    host,
    port,
    rateLimit: read(SETTINGS.rateLimit, {}),
    keepDays: read(SETTINGS.keepDays, {}),
    bodyBytesMax: read(SETTINGS.bodyBytesMax, {}),
    lineDevicesMax: read(SETTINGS.lineDevicesMax, {}),
  }
  const log = openLog('warn')
  try {
    return await serve(settings, systemClock, log)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    const serving = await serve({ ...settings, port: 0 }, systemClock, log)
    print(`Port ${port} is taken, so this is on ${new URL(serving.url).port}.`)
    return serving
  }
}

const show = async (
  { url }: Serving,
  credentials: Credentials,
  { devices, seed }: Demo,
  stop: AbortSignal,
): Promise<void> => {
  const nowMs = systemClock()
  const world = demoWorld({ seed, nowMs, devices, timeZone })
  print(
    `A fortnight of a shop app: ${count(devices)} devices and ${count(world.pushes.length)} pushes, ` +
      `made up from seed ${seed},\ntold to ${url} as a gateway tells them, with retries.`,
  )
  const told = await tellAll(world, url, credentials, stop)
  if (stop.aborted) return
  print(
    `${count(told.facts)} facts in ${told.seconds.toFixed(1)} s, all on disk, ` +
      `${count(told.repeated)} of them told again by retries.`,
  )
  print(
    `\nA page for people is at ${url}/ : log in with\n` +
      `  appKey        ${credentials.key}\n  masterSecret  ${credentials.secret}`,
  )
  for (const { shows, curl } of questionsOf(world, { url, ...credentials, nowMs, timeZone })) {
    print(`\n${shows}:\n${curl}`)
  }
}

interface ToldAll {
  readonly facts: number
  readonly repeated: number
  readonly seconds: number
}

/** Several bodies at a time, as fast as the server takes them. */
const tellAll = async (
  world: DemoWorld,
  url: string,
  credentials: Credentials,
  stop: AbortSignal,
): Promise<ToldAll> => {
  const began = performance.now()
  const progress = openProgress(process.stderr, false)
  const client = openClient({ url, credentials, connections, retryForMs })
  const bodies = world.bodies()
  const sofar = { lines: 0, facts: 0, repeated: 0, share: 0 }
  const tell = async (body: DemoBody): Promise<void> => {
    const { summary, fault } = await client.tell(body.bytes, { signal: stop })
    if (fault !== undefined) throw new Refused(sentenceOf(fault))
    const [refusal] = summary.errors
    if (refusal !== undefined) throw new Error(`a made-up line was refused: ${refusal.message}`)
    sofar.lines += body.lines
    sofar.facts += summary.accepted
    sofar.repeated += summary.repeated ?? 0
    sofar.share = Math.max(sofar.share, body.share)
    // How long the world is in bytes nobody knows beforehand: its hours stand for them.
    progress.update({ lines: sofar.lines, bytes: sofar.share, ofBytes: 1 })
  }
  const sender = async (): Promise<void> => {
    for (let next = bodies.next(); !next.done; next = bodies.next()) {
      if (stop.aborted) return
      await tell(next.value)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, sender))
  } finally {
    progress.close()
    client.close()
  }
  return { ...sofar, seconds: (performance.now() - began) / 1000 }
}
