// How a caller wants to be answered: `Prefer: handling=lenient` (RFC 7240), or `?partial=ok` for
// those that cannot set a header.
import type { IncomingHttpHeaders } from 'node:http'
import { Fault } from '../../ledger/fault.ts'
import type { Query } from '../../report/query.ts'

/** Whether a body with rejected lines is a success, and the headers that say so. */
export interface Handling {
  readonly isLenient: boolean
  readonly headers: Readonly<Record<string, string>>
}

const lenient = 'handling=lenient'

/** Throws badParameter where `partial` is anything but `ok`. */
export const handlingOf = (headers: IncomingHttpHeaders, query: Query): Handling => {
  const partial = query.all('partial').filter((value) => value !== '')
  if (partial.some((value) => value !== 'ok')) {
    throw new Fault('badParameter', 'partial can only be ok')
  }
  const isPreferred = preferenceFor('handling', headers['prefer']) === lenient
  return {
    isLenient: isPreferred || partial.length > 0,
    headers: isPreferred ? { 'preference-applied': lenient } : {},
  }
}

/** The first preference of a name, without blanks, quotes and parameters. */
const preferenceFor = (name: string, header: string | string[] | undefined): string | undefined =>
  [header ?? []]
    .flat()
    .flatMap((line) => line.split(','))
    .map((preference) => preference.split(';', 1)[0] ?? '')
    .map((preference) => preference.replaceAll(/[\s"]/g, '').toLowerCase())
    .find((preference) => preference.startsWith(`${name}=`))
