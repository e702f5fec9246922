// Which faults each kind of endpoint may answer, and how they look in the document: one response per
// HTTP status, with an example of every fault that has it. The texts are those of the fault table.
import { FAULTS, type FaultName } from '../ledger/fault.ts'
import type { Limits } from './limit.ts'
import type { Access, Operation } from './operation.ts'
import { ref, type Schema } from './schema.ts'

export type Headers = Readonly<Record<string, HeaderObject>>

export interface ResponseObject {
  readonly description: string
  readonly headers?: Headers
  readonly content: Readonly<Record<string, MediaObject>>
}

export interface HeaderObject {
  readonly description: string
  readonly schema: Schema
}

export interface MediaObject {
  readonly schema: Schema
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}

/** Of any request at all. */
const anywhere: readonly FaultName[] = [
  'internal',
  'malformed',
  'requestTimeout',
  'expectationFailed',
  'headersTooLarge',
  'unavailable',
]
const ofBodies: readonly FaultName[] = ['badParameter', 'bodyTooLarge', 'unsupportedEncoding']

/** Looked for before a call is counted. */
const uncounted: readonly FaultName[] = [
  'malformed',
  'requestTimeout',
  'expectationFailed',
  'headersTooLarge',
  'unauthorized',
]

/** By who may ask. */
const ofAccess: Readonly<Record<Access, readonly FaultName[]>> = {
  open: [],
  feed: ['unauthorized'],
  report: ['unauthorized', 'rateLimited'],
  vip: ['unauthorized', 'rateLimited', 'notPermitted'],
  group: ['unauthorized', 'rateLimited'],
  'group feed': ['unauthorized'],
  operator: ['unauthorized'],
  session: [],
}

const headersOf: Partial<Readonly<Record<FaultName, Headers>>> = {
  unauthorized: {
    'WWW-Authenticate': { description: 'How to log in.', schema: { type: 'string' } },
  },
  rateLimited: { 'Retry-After': seconds('Seconds until the window ends.') },
  unavailable: { 'Retry-After': seconds('Seconds after which to try again.') },
}

function seconds(description: string): HeaderObject {
  return { description, schema: { type: 'integer', minimum: 0 } }
}

/** What every answer tells a caller whose calls count. */
export const rateHeaders = (access: Access, { rateLimit }: Limits): Headers => {
  if (rateLimit === 0 || !ofAccess[access].includes('rateLimited')) return {}
  const limit: HeaderObject = {
    description: 'Calls per window of 60 s, over all reports together.',
    schema: { type: 'integer', minimum: 1 },
  }
  return {
    'X-Rate-Limit-Limit': limit,
    'X-Rate-Limit-Quota': limit,
    'X-Rate-Limit-Remaining': {
      description: 'Calls left.',
      schema: { type: 'integer', minimum: 0 },
    },
    'X-Rate-Limit-Reset': seconds('Seconds until the window ends.'),
    'RateLimit-Policy': {
      description: 'The limit and its window in the words of the draft: `"reports";q=2400;w=60`.',
      schema: { type: 'string' },
    },
    RateLimit: {
      description: 'What is left, and for how long: `"reports";r=2399;t=60`.',
      schema: { type: 'string' },
    },
  }
}

const faultsOf = (access: Access, { body, faults = [] }: Operation): readonly FaultName[] => {
  const may = new Set<FaultName>([
    ...anywhere,
    ...ofAccess[access],
    ...(body === undefined ? [] : ofBodies),
    ...faults,
  ])
  return (Object.keys(FAULTS) as FaultName[]).filter((name) => may.has(name))
}

/** The responses of an operation that are faults, by their HTTP status. */
export const faultAnswers = (
  access: Access,
  operation: Operation,
  rate: Headers,
): Readonly<Record<string, ResponseObject>> => {
  const groups = new Map<number, FaultName[]>()
  for (const name of faultsOf(access, operation)) {
    const { status } = FAULTS[name]
    groups.set(status, [...(groups.get(status) ?? []), name])
  }
  return Object.fromEntries(
    [...groups].map(([status, names]) => [status, faultAnswer(status, names, operation, rate)]),
  )
}

const faultAnswer = (
  status: number,
  names: readonly FaultName[],
  { refusal }: Operation,
  rate: Headers,
): ResponseObject => {
  const special = refusal?.status === status ? refusal : undefined
  const isCounted = names.some((name) => !uncounted.includes(name))
  const headers: Headers = {
    ...(isCounted && rate),
    ...Object.fromEntries(names.flatMap((name) => Object.entries(headersOf[name] ?? {}))),
  }
  const examples = names.map((name) => {
    const { code, text } = FAULTS[name]
    return [name, { value: { error: { code, message: text } } }]
  })
  return {
    description: names.map((name) => `${FAULTS[name].code}: ${FAULTS[name].text}.`).join(' '),
    ...(Object.keys(headers).length > 0 && { headers }),
    content: {
      'application/json': {
        schema: special?.schema ?? ref('Fault'),
        examples: Object.fromEntries(examples),
      },
    },
  }
}
