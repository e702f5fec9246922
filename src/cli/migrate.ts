// pushledger migrate: makes the tables of a ClickHouse, or brings them up to date. No server does that by
// itself: several may start at once, and the operator chooses when.
import type { Command } from 'commander'
import type { Target } from '../audit/audit-line.ts'
import { SETTINGS } from '../settings/settings.ts'
import { nameOf } from '../store/clickhouse/address.ts'
import { migrateAt } from '../store/open.ts'
import { audited } from './audited.ts'
import { addJson, addSetting, type Options, print, read, WrongUsage } from './usage.ts'

export const addMigrate = (program: Command): void => {
  const verb = program
    .command('migrate')
    .description('make the tables of a ClickHouse, or bring them up to date')
  const store = { ...SETTINGS.store, text: 'the ClickHouse whose tables to make' }
  addJson(addSetting<unknown>(verb, store)).action(
    audited({ at: () => undefined, target: storeOf, verb: run }),
  )
}

const storeOf = ([options]: readonly [Options]): Target => {
  const address = read(SETTINGS.store, options)
  return address === null ? {} : { store: nameOf(address) }
}

const run = async (options: Options): Promise<Target> => {
  const address = read(SETTINGS.store, options)
  if (address === null) throw new WrongUsage('say which ClickHouse: --store (PUSHLEDGER_STORE)')
  const applied = await migrateAt(address)
  if (options['json']) print(JSON.stringify({ applied }))
  else print(applied.length === 0 ? 'nothing to do' : `applied ${applied.join(', ')}`)
  return { applied: applied.length }
}
