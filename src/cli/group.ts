// pushledger group: sets of apps with credentials of their own, for the reports of group pushes. Works
// on the directory itself, like the app verbs.
import { randomBytes } from 'node:crypto'
import { type Command, Option } from 'commander'
import { openApps, type TimeZone } from '../apps/apps.ts'
import { type GroupKey, type GroupRecord, parseGroupKey } from '../apps/group.ts'
import {
  type GroupName,
  type Groups,
  membersMax,
  openGroups,
  parseGroupName,
} from '../apps/groups.ts'
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
import { addJson, addStore, orUsage, print, Refused, tableOf } from './usage.ts'

interface Create extends Common {
  readonly key?: GroupKey
  readonly secret?: Secret
  readonly timeZone: TimeZone
}

const groupKeyOf = orUsage(parseGroupKey, keyRule)
const nameOf = orUsage(parseGroupName, nameRule)

export const addGroup = (program: Command): void => {
  const group = program
    .command('group')
    .description('make, show, change and remove groups of apps, for the reports of group pushes')
  const verb = (name: string, text: string, isMade = false): Command =>
    addJson(addStore(group.command(name).description(text), isMade))
  const verbOnKey = (name: string, text: string): Command =>
    verb(name, text).argument('<key>', "the group's key", groupKeyOf)

  verb('create', 'make a group; prints its key and its secret, the secret this once only', true)
    .argument('<name>', nameRule, nameOf)
    .addOption(new Option('--key <key>', `keep a key: ${keyRule}`).argParser(groupKeyOf))
    .addOption(new Option('--secret <secret>', `keep a secret: ${secretRule}`).argParser(secretOf))
    .addOption(zoneOption())
    .action(audited({ at: atStore, target: ([name]) => ({ name }), verb: create }))
  verb('list', 'all groups, in order of creation').action(list)
  verbOnKey('show', 'one group, with its apps').action(show)
  verbOnKey('add', 'add an app of the same time zone')
    .argument('<app>', "the app's key", keyOf)
    .action(audited({ at: atStore, target: ([group, app]) => ({ group, app }), verb: add }))
  verbOnKey('drop', 'take an app out; what was told of it stays with the app')
    .argument('<app>', "the app's key", keyOf)
    .action(audited({ at: atStore, target: ([group, app]) => ({ group, app }), verb: drop }))
  verbOnKey('rotate', 'give a group a fresh secret; the old one ends at once').action(
    audited({ at: atStore, target: ([group]) => ({ group }), verb: rotate }),
  )
  verbOnKey('remove', 'remove a group; its apps stay')
    .option('--yes', 'without being asked')
    .action(audited({ at: atStore, target: ([group]) => ({ group }), verb: remove }))
}

const create = async (name: GroupName, options: Create): Promise<Target> => {
  const { key, secret, timeZone } = options
  checkPair(key, secret)
  const make = (groups: Groups) => groups.create({ name, key, secret, timeZone })
  const made = await withGroups(options, make, true)
  if (made === undefined) {
    throw new Refused(`there is a group with key ${key} already: choose another --key`)
  }
  const { record } = made
  const told = { name: record.name, key: record.key, secret: made.secret }
  printIssued({ ...told, time_zone: record.timeZone }, options)
  return { group: record.key, time_zone: record.timeZone }
}

const list = async (options: Common): Promise<void> => {
  const records = await withGroups(options, (groups) => groups.list())
  if (options.json) {
    print(JSON.stringify(records.map(publicOf)))
    return
  }
  const rows = records.map((record) =>
    Object.values({ ...publicOf(record), apps: record.members.length }).map(String),
  )
  print(tableOf([['KEY', 'NAME', 'TIME ZONE', 'CREATED', 'APPS'], ...rows]))
}

const show = async (key: GroupKey, options: Common): Promise<void> => {
  printRecord((await withGroups(options, (groups) => groups.show(key))) ?? noGroup(key), options)
}

const add = async (key: GroupKey, app: AppKey, options: Common): Promise<void> => {
  const added = await withGroups(options, (groups) => groups.add(key, app))
  if (added === 'no group') return noGroup(key)
  if (added === 'no app') return noApp(app)
  if (added === 'another time zone') {
    throw new Refused(
      `${app} has another time zone than the group, and days are cut by it: ` +
        'make a group for each time zone',
    )
  }
  if (added === 'too many') throw new Refused(`the group has ${membersMax} apps, the most it may`)
  printRecord(added, options)
}

const drop = async (key: GroupKey, app: AppKey, options: Common): Promise<void> => {
  const dropped = await withGroups(options, async (groups) => {
    if ((await groups.show(key)) === undefined) return noGroup(key)
    return groups.drop(key, app)
  })
  if (dropped === undefined) throw new Refused(`${app} is no app of the group ${key}`)
  printRecord(dropped, options)
}

const rotate = async (key: GroupKey, options: Common): Promise<void> => {
  const issued = await withGroups(options, (groups) => groups.rotate(key))
  const { secret } = issued ?? noGroup(key)
  printIssued({ key, secret }, options)
}

const remove = async (key: GroupKey, options: Common & { yes?: boolean }): Promise<void> => {
  const removed = await withGroups(options, async (groups) => {
    const record = (await groups.show(key)) ?? noGroup(key)
    if (!options.yes) await askWhether(`Remove the group ${record.name} (${key})?`)
    return (await groups.remove(key)) ?? noGroup(key)
  })
  print(options.json ? JSON.stringify(publicOf(removed)) : `removed ${removed.name} (${key})`)
}

const withGroups = <T>(
  options: Common,
  work: (groups: Groups) => Promise<T>,
  mayMake = false,
): Promise<T> =>
  withTables(
    options,
    ({ apps: table, groups }) => {
      const apps = openApps(table, randomBytes, systemClock)
      return work(openGroups({ groups, table, apps }, randomBytes, systemClock))
    },
    mayMake,
  )

const noGroup = (key: GroupKey): never => {
  throw new Refused(`there is no group with key ${key}: pushledger group list shows all`)
}

const publicOf = ({ key, name, timeZone, createdAtMs, members }: GroupRecord) => ({
  key,
  name,
  time_zone: timeZone,
  created_at: new Date(createdAtMs).toISOString(),
  apps: members.map((member) => member.key),
})

const printRecord = (record: GroupRecord, options: Common): void => {
  const { apps, ...rest } = publicOf(record)
  print(
    options.json
      ? JSON.stringify({ ...rest, apps })
      : linesOf({ ...rest, apps: apps.length === 0 ? 'none' : apps.join(' ') }),
  )
}
