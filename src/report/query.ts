// The query of a request as the reports read it. Parsed from the raw text by ourselves: real clients
// repeat parameters, write `+` for a blank and escape commas. A value is decoded only when a report
// asks for it, so that a parameter nobody reads can do no harm.
import { Fault } from '../ledger/fault.ts'
import { type MsgId, parseMsgId } from '../ledger/ids.ts'

export interface Query {
  /** Every value of a parameter, decoded, in the order given; throws badParameter on a bad escape. */
  all(name: string): readonly string[]
}

/** The query behind the `?`, without it; never throws. */
export const parseQuery = (raw: string): Query => {
  const pairs = raw.split('&').map((pair) => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
  })
  return {
    all: (name) =>
      pairs
        .filter(([key]) => key !== undefined && decode(key) === name)
        .map(([, value]) => decode(value ?? '') ?? brokenEscape(name)),
  }
}

/** The first value of a parameter; empty where it is missing. */
export const oneOf = (query: Query, name: string): string => query.all(name)[0] ?? ''

/** A whole number from 1 to the most that is allowed, or what it is by default; throws badParameter. */
export const wholeNumber = (
  query: Query,
  name: string,
  { byDefault, most }: { readonly byDefault: number; readonly most: number },
): number => {
  const text = oneOf(query, name).trim()
  if (text === '') return byDefault
  const number = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= most) return number
  throw new Fault('badParameter', `${name} must be a whole number from 1 to ${most}`)
}

/** What a list of ids in a query is called, how many it may hold and what each must be. */
export interface IdList<T extends string> {
  readonly name: string
  readonly most: number
  readonly rule: string
  readonly parse: (text: string) => T | undefined
}

export const MSG_IDS: IdList<MsgId> = {
  name: 'msg_ids',
  most: 100,
  rule: 'integers from 1 to 9223372036854775807',
  parse: parseMsgId,
}

/** `msg_ids`: 1 to 100 ids joined by commas, over repeated parameters too; repeats are dropped. */
export const parseMsgIds = (query: Query): readonly MsgId[] => parseIds(query, MSG_IDS)

/** Such a list; throws badParameter. */
export const parseIds = <T extends string>(
  query: Query,
  { name, most, rule, parse }: IdList<T>,
): readonly T[] => {
  const texts = query
    .all(name)
    .join(',')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (texts.length === 0) {
    throw new Fault('badParameter', `${name} is missing: 1 to ${most} ids joined by commas`)
  }
  if (texts.length > most) {
    const message = `${name} may hold at most ${most} ids, here are ${texts.length}`
    throw new Fault('badParameter', message)
  }
  const idOf = (text: string): T => {
    const id = parse(text)
    if (id !== undefined) return id
    throw new Fault('badParameter', `${name} may hold only ${rule}`)
  }
  return [...new Set(texts.map(idOf))]
}

const decode = (text: string): string | undefined => {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

const brokenEscape = (name: string): never => {
  throw new Fault('badParameter', `${name} holds a broken %-escape`)
}
