// Reads a small body of JSON without losing the digits of a message id. Lines of events are read
// elsewhere, many at a time.
import { isLosslessNumber, parse } from 'lossless-json'
import { Fault } from './ledger/fault.ts'
import { type MsgId, parseMsgId } from './ledger/ids.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** The object that a body is; of a member told twice, the last. Throws badParameter. */
export const parseObject = (body: Uint8Array): JsonObject => {
  let value = parseText(textOf(body))
  // An old Node SDK encodes its body twice: a JSON string that holds the object.
  if (typeof value === 'string') value = parseText(value)
  if (!isObject(value)) throw bad('the body must be a JSON object')
  return value
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)

/** A message id, from a JSON number or a string of digits. */
export const msgIdOf = (value: unknown): MsgId | undefined => {
  const text = isLosslessNumber(value) ? value.value : value
  return typeof text === 'string' ? parseMsgId(text) : undefined
}

const textOf = (body: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    throw bad('the body is not UTF-8')
  }
}

const parseText = (text: string): unknown => {
  try {
    return parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue })
  } catch {
    // A SyntaxError, or a RangeError where the nesting is deeper than the stack.
    throw bad('the body is not valid JSON')
  }
}

const bad = (message: string): Fault => new Fault('badParameter', message)
