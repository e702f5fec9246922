// pushledger app: who may ask. Works on the directory itself, beside a running server too, which
// takes notice at once.
import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import type { AppRecord } from '../apps/app-table.ts'
import { type AppName, type Apps, openApps, parseAppName, type TimeZone } from '../apps/apps.ts'
import type { Secret } from '../apps/secret.ts'
import type { Target } from '../audit/audit-line.ts'
import type { AppKey } from '../ledger/ids.ts'
import { systemClock } from '../runtime/clock.ts'
import { atStore, audited } from './audited.ts'
import {
  askWhether,
  type Common,
  checkPair,
  keyOf,
  keyRule,
  linesOf,
  nameRule,
  noApp,
  printIssued,
  secretOf,
  secretRule,
  withTables,
  zoneOption,
} from './tables.ts'
import { addJson, addStore, orUsage, print, Refused, tableOf, WrongUsage } from './usage.ts'

interface Create extends Common {
  readonly key?: AppKey
  readonly secret?: Secret
  readonly vip: boolean
  readonly timeZone: TimeZone
}

const nameOf = orUsage(parseAppName, nameRule)

export const addApp = (program: Command): void => {
  const app = program.command('app').description('make, show, change and remove apps')
  const verb = (name: string, text: string, isMade = false): Command =>
    addJson(addStore(app.command(name).description(text), isMade))
  const verbOnKey = (name: string, text: string): Command =>
    verb(name, text).argument('<key>', "the app's key", keyOf)

  verb('create', 'make an app; prints its key and its secret, the secret this once only', true)
    .argument('<name>', nameRule, nameOf)
    .addOption(new Option('--key <key>', `keep a key: ${keyRule}`).argParser(keyOf))
    .addOption(new Option('--secret <secret>', `keep a secret: ${secretRule}`).argParser(secretOf))
    .option('--no-vip', 'without the reports /messages, /messages/detail and /users')
    .addOption(zoneOption())
    .action(audited({ at: atStore, target: ([name]) => ({ name }), verb: create }))
  verb('list', 'all apps, in order of creation').action(list)
  verbOnKey('show', 'one app').action(show)
  verbOnKey('set', 'change an app')
    .option('--vip', 'with the VIP reports')
    .option('--no-vip', 'without them')
    .action(audited({ at: atStore, target: ([app, { vip }]) => ({ app, vip }), verb: set }))
  verbOnKey('rotate', 'give an app a fresh secret; the old one ends at once').action(
    audited({ at: atStore, target: ([app]) => ({ app }), verb: rotate }),
  )
  verbOnKey('remove', 'remove an app and all that was told of it')
    .option('--yes', 'without being asked')
    .action(audited({ at: atStore, target: ([app]) => ({ app }), verb: remove }))
}

const create = async (name: AppName, options: Create): Promise<Target> => {
  const { key, secret, vip, timeZone } = options
  checkPair(key, secret)
  const make = (apps: Apps) => apps.create({ name, key, secret, vip, timeZone })
  const made = await withApps(options, make, true)
  if (made === undefined) {
    throw new Refused(`there is an app with key ${key} already: choose another --key`)
  }
  const { record } = made
  const told = { name: record.name, key: record.key, secret: made.secret }
  printIssued({ ...told, vip: record.vip, time_zone: record.timeZone }, options)
  return { app: record.key, vip: record.vip, time_zone: record.timeZone }
}

const list = async (options: Common): Promise<void> => {
  const records = await withApps(options, (apps) => apps.list())
  if (options.json) {
    print(JSON.stringify(records.map(publicOf)))
    return
  }
  const rows = records.map((record) => Object.values(publicOf(record)).map(String))
  print(tableOf([['KEY', 'NAME', 'VIP', 'TIME ZONE', 'CREATED'], ...rows]))
}

const show = async (key: AppKey, options: Common): Promise<void> => {
  const record = await withApps(options, (apps) => apps.show(key))
  printRecord(record ?? noApp(key), options)
}

const set = async (key: AppKey, options: Common & { vip?: boolean }): Promise<void> => {
  const { vip } = options
  if (vip === undefined) throw new WrongUsage('say --vip or --no-vip')
  const record = await withApps(options, (apps) => apps.set(key, { vip }))
  printRecord(record ?? noApp(key), options)
}

const rotate = async (key: AppKey, options: Common): Promise<void> => {
  const { secret } = (await withApps(options, (apps) => apps.rotate(key))) ?? noApp(key)
  printIssued({ key, secret }, options)
}

const remove = async (key: AppKey, options: Common & { yes?: boolean }): Promise<void> => {
  const removed = await withApps(options, async (apps) => {
    const record = (await apps.show(key)) ?? noApp(key)
    if (!options.yes) await askWhether(`Remove ${record.name} (${key}) and all told of it?`)
    return (await apps.remove(key)) ?? noApp(key)
  })
  print(options.json ? JSON.stringify(publicOf(removed)) : `removed ${removed.name} (${key})`)
}

const withApps = <T>(
  options: Common,
  work: (apps: Apps) => Promise<T>,
  mayMake = false,
): Promise<T> =>
  withTables(options, ({ apps }) => work(openApps(apps, randomBytes, systemClock)), mayMake)

const publicOf = ({ key, name, vip, timeZone, createdAtMs }: AppRecord) => ({
  key,
  name,
  vip,
  time_zone: timeZone,
  created_at: new Date(createdAtMs).toISOString(),
})

const printRecord = (record: AppRecord, options: Common): void =>
  print(options.json ? JSON.stringify(publicOf(record)) : linesOf(publicOf(record)))
