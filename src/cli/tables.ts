// What the verbs share that work on the apps and tokens of a directory, beside a running server too.
import { parseSecret } from '../apps/secret.ts'
import { SETTINGS } from '../config.ts'
import { type AppKey, parseAppKey } from '../ledger/ids.ts'
import { type OpenedTables, openTables } from '../store/open.ts'
import { orUsage, Refused, read, tableOf } from './usage.ts'

export interface Common {
  readonly data?: string
  readonly json?: boolean
}

export const keyRule = '24 lowercase hexadecimal digits'
export const secretRule = '24 letters and digits, at least 8 different ones'
export const nameRule = '1 to 100 characters without control characters'

export const keyOf = orUsage(parseAppKey, keyRule)
export const secretOf = orUsage(parseSecret, secretRule)

/** Opens the directory for one piece of work. */
export const withTables = async <T>(
  options: Common,
  work: (tables: OpenedTables) => Promise<T>,
): Promise<T> => {
  const tables = await openTables(read(SETTINGS.data, { data: options.data }))
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
