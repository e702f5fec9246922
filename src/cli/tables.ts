// What the verbs share that work on the apps and tokens of a directory, beside a running server too.
import { parseSecret, type Secret } from '../apps/secret.ts'
import { SETTINGS } from '../config.ts'
import { type AppKey, parseAppKey } from '../ledger/ids.ts'
import { type OpenedTables, openTables } from '../store/open.ts'
import { orUsage, Refused, read, tableOf, WrongUsage } from './usage.ts'

export interface Common {
  readonly data?: string
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

/** Opens the directory for one piece of work; it may be made where something is to be kept. */
export const withTables = async <T>(
  options: Common,
  work: (tables: OpenedTables) => Promise<T>,
  mayMake = false,
): Promise<T> => {
  const tables = await openTables(read(SETTINGS.data, { data: options.data }), { mayMake })
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
