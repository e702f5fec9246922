// What the verbs share that work on the apps, groups and tokens of a directory, beside a running server
// too.
import { createInterface } from 'node:readline/promises'
import { InvalidArgumentError, Option } from 'commander'
import { parseSecret, type Secret } from '../apps/secret.ts'
import { parseTimeZone, type TimeZone, timeZoneRule, zoneMeantBy } from '../apps/time-zone.ts'
import { type AppKey, parseAppKey } from '../ledger/ids.ts'
import { SETTINGS } from '../settings/settings.ts'
import { hasLedger, type OpenedTables, openTables, openTablesAt } from '../store/open.ts'
import { orUsage, print, Refused, read, tableOf, WrongUsage } from './usage.ts'

export interface Common {
  readonly data?: string
  readonly mapSize?: string
  readonly store?: string
  readonly json?: boolean
}

export const keyRule = '24 lowercase hexadecimal digits'
export const secretRule = '24 letters and digits, at least 8 different ones'
export const nameRule = '1 to 100 characters without control characters'

export const keyOf = orUsage(parseAppKey, keyRule)
/** Never repeats what was given: a slip of the pen is still nearly the secret. */
export const secretOf = (text: string): Secret => {
  const secret = parseSecret(text)
  if (secret === undefined) throw new WrongUsage(`--secret must be ${secretRule}`)
  return secret
}

const dirOf = (data: string | undefined): string => read(SETTINGS.data, { data })

/** How large the map of its ledger is. */
export const mapBytesOf = (mapSize: string | undefined): number =>
  read(SETTINGS.mapSize, { mapSize })

/** The directory that `--data` or the environment names, where a ledger is. */
export const ledgerAt = (data: string | undefined): string => {
  const dir = dirOf(data)
  if (hasLedger(dir)) return dir
  throw new Refused(`There is no ledger in ${dir}: name its directory with --data.`)
}

/** Opens the directory, or the ClickHouse, for one piece of work; a directory may be made where something is to be kept. */
export const withTables = async <T>(
  options: Common,
  work: (tables: OpenedTables) => Promise<T>,
  mayMake = false,
): Promise<T> => {
  const { data, mapSize, store } = options
  const address = read(SETTINGS.store, { store })
  const tables =
    address === null
      ? openTables(mayMake ? dirOf(data) : ledgerAt(data), mapBytesOf(mapSize))
      : await openTablesAt(address)
  try {
    return await work(tables)
  } finally {
    await tables.close()
  }
}

export const noApp = (key: AppKey): never => {
  throw new Refused(`there is no app with key ${key}: pushledger app list shows all`)
}

/** A member a line. */
export const linesOf = (members: Readonly<Record<string, unknown>>): string =>
  tableOf(Object.entries(members).map(([name, value]) => [name.replace('_', ' '), String(value)]))

const zoneOf = (text: string): TimeZone => {
  const zone = parseTimeZone(text)
  if (zone !== undefined) return zone
  const meant = zoneMeantBy(text)
  const instead = meant === undefined ? '' : ` Instead of ${text}, give ${meant}.`
  throw new InvalidArgumentError(`It must be ${timeZoneRule}.${instead}`)
}
const defaultZone = 'Asia/Shanghai'

export const zoneOption = (): Option =>
  new Option('--time-zone <zone>', `${timeZoneRule}; for good, as days are cut by it`)
    .argParser(zoneOf)
    .default(zoneOf(defaultZone), defaultZone)

export const checkPair = (key: string | undefined, secret: string | undefined): void => {
  if (secret !== undefined && secret === key) {
    throw new WrongUsage('--secret must not be the same as --key')
  }
}

/** Credentials, this once only. */
export const printIssued = (told: Readonly<Record<string, unknown>>, { json }: Common): void =>
  print(json ? JSON.stringify(told) : `${linesOf(told)}\nThe secret is not shown again.`)

export const askWhether = async (question: string): Promise<void> => {
  if (!process.stdin.isTTY) throw new Refused('nobody is there to be asked: say --yes')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${question} [y/N] `)
    if (!/^y(es)?$/i.test(answer.trim())) throw new Refused('nothing was removed')
  } finally {
    terminal.close()
  }
}
