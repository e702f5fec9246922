// The query of a request as the reports read it. Parsed from the raw text by ourselves: real clients
// repeat parameters, write `+` for a blank and escape commas. A value is decoded only when a report
// asks for it, so that a parameter nobody reads can do no harm.
import { Fault } from '../ledger/fault.ts'
import { type MsgId, parseMsgId } from '../ledger/ids.ts'

export interface Query {
  /** Every value of a parameter, decoded, in the order given; throws badParameter on a bad escape. */
  all(name: string): readonly string[]
}

const msgIdsMax = 100

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

/** `msg_ids`: 1 to 100 ids joined by commas, over repeated parameters too; repeats are dropped. */
export const parseMsgIds = (query: Query): readonly MsgId[] => {
  const texts = query
    .all('msg_ids')
    .join(',')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (texts.length === 0) {
    throw new Fault('badParameter', `msg_ids is missing: 1 to ${msgIdsMax} ids joined by commas`)
  }
  if (texts.length > msgIdsMax) {
    const message = `msg_ids may hold at most ${msgIdsMax} ids, here are ${texts.length}`
    throw new Fault('badParameter', message)
  }
  return [...new Set(texts.map(msgIdOf))]
}

const msgIdOf = (text: string): MsgId => {
  const id = parseMsgId(text)
  if (id !== undefined) return id
  throw new Fault('badParameter', 'msg_ids may hold only integers from 1 to 9223372036854775807')
}

const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

const brokenEscape = (name: string): never => {
  throw new Fault('badParameter', `${name} holds a broken %-escape`)
}
