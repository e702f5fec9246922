// The OpenAPI 3.1 document of a server: the table of operations joined with the endpoints that the
// server has, whose access decides about credentials and most faults.
import {
  faultAnswers,
  type Headers,
  type MediaObject,
  type ResponseObject,
  rateHeaders,
} from './fault-answer.ts'
import type { Limits } from './limit.ts'
import {
  type Access,
  type Example,
  type Operation,
  type Parameter,
  type Place,
  TAGS,
} from './operation.ts'
import { operationsFor } from './operations.ts'
import type { Schema, Schemas } from './schema.ts'
import { schemasFor } from './schemas.ts'

type Examples = Readonly<Record<string, { readonly value: unknown }>>

export interface ParameterObject {
  readonly name: string
  readonly in: 'query' | 'header'
  readonly required: boolean
  readonly description: string
  readonly style?: 'form'
  readonly explode?: false
  readonly schema: Schema
  readonly examples: Examples
}

export interface OperationObject {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly ParameterObject[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Readonly<Record<string, MediaObject>>
  }
  readonly responses: Readonly<Record<string, ResponseObject>>
}

export interface Document {
  readonly openapi: '3.1.0'
  readonly info: Readonly<Record<string, unknown>> & {
    readonly title: string
    readonly description: string
  }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>
  readonly components: {
    readonly schemas: Schemas
    readonly securitySchemes: Readonly<Record<string, unknown>>
  }
}

/** The name in `security`, by who may ask. */
const securityOf: Readonly<Record<Access, OperationObject['security']>> = {
  open: [],
  feed: [{ app: [] }, { token: [] }],
  report: [{ app: [] }],
  vip: [{ app: [] }],
  group: [{ group: [] }],
  'group feed': [{ group: [] }],
  operator: [{ operator: [] }],
  session: [],
}

const securitySchemes = {
  app: {
    type: 'http',
    scheme: 'basic',
    description:
      'The key of an app and its masterSecret; to tell events, a feed token in its place.',
  },
  token: { type: 'http', scheme: 'bearer', description: 'A feed token of an app.' },
  group: {
    type: 'http',
    scheme: 'basic',
    description: 'The key of a group, bare or behind `group-`, and its secret.',
  },
  operator: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token that the server was started with, `--metrics-token`.',
  },
}

const info = {
  title: 'pushledger',
  version: '3',
  summary: 'A delivery ledger for push notifications that answers the JPush Report API v3.',
  description:
    'Every number is a number of distinct devices. Every path below /v3 answers below /v3/report too, as in the Beijing region of the original. GET may be HEAD. Beside the faults listed, a path that is not here is told 404, a method that it does not take 405.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
} as const

/** Of these endpoints, each of which has its row in the table. */
export const documentOf = (places: readonly Place[], limits: Limits): Document => {
  const operations = operationsFor(limits)
  const paths: Record<string, Record<string, OperationObject>> = {}
  for (const place of places) {
    const operation = operations[`${place.method} ${place.path}`]
    if (operation === undefined)
      throw new Error(`${place.path} has no row in openapi/operations.ts`)
    const method = place.method.toLowerCase()
    paths[place.path] = {
      ...paths[place.path],
      [method]: operationObject(place, operation, limits),
    }
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: { schemas: schemasFor(limits), securitySchemes: schemesOf(places) },
  }
}

/** Those that any of the endpoints asks for. */
const schemesOf = (places: readonly Place[]): Readonly<Record<string, unknown>> => {
  const asked = places.flatMap(({ access }) => securityOf[access].flatMap(Object.keys))
  return Object.fromEntries(
    Object.entries(securitySchemes).filter(([name]) => asked.includes(name)),
  )
}

const operationObject = (
  { path, access }: Place,
  operation: Operation,
  limits: Limits,
): OperationObject => {
  const { id, tag, summary, description, body } = operation
  const twin = path.startsWith('/v3/') ? ` Also at ${path.replace('/v3/', '/v3/report/')}.` : ''
  const headers = rateHeaders(access, limits)
  const parameters = parametersOf(operation)
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description}${twin}`,
    security: securityOf[access],
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: requestBody(body, operation.examples) }),
    responses: responses(access, operation, headers),
  }
}

const parametersOf = (operation: Operation): readonly ParameterObject[] => {
  const { query = [], headers = [], examples } = operation
  return [
    ...query.map((asked) => parameter('query', asked, ({ query: told }) => told, examples)),
    ...headers.map((asked) => parameter('header', asked, ({ headers: told }) => told, examples)),
  ]
}

const parameter = (
  place: ParameterObject['in'],
  { name, description, schema, isOptional = false }: Parameter,
  toldIn: (example: Example) => Readonly<Record<string, unknown>> | undefined,
  all: Operation['examples'],
): ParameterObject => ({
  name,
  in: place,
  required: !isOptional,
  description,
  ...(schema.type === 'array' && { style: 'form', explode: false }),
  schema,
  examples: examplesOf(all, (example) => toldIn(example)?.[name]),
})

const requestBody = (
  body: NonNullable<Operation['body']>,
  all: Operation['examples'],
): NonNullable<OperationObject['requestBody']> => ({
  required: true,
  content: Object.fromEntries(
    Object.entries(body).map(([type, { schema, write = (value: unknown) => value }]) => [
      type,
      { schema, examples: examplesOf(all, (example) => write(example.body)) },
    ]),
  ),
})

const responses = (
  access: Access,
  operation: Operation,
  headers: Headers,
): OperationObject['responses'] => {
  const all: Record<string, ResponseObject> = {}
  for (const { status, description, schema, type = 'application/json' } of operation.answers) {
    const examples = answersOf(operation, status)
    const media = Object.keys(examples).length > 0 ? { schema, examples } : { schema }
    all[status] = { description, ...withHeaders(headers), content: { [type]: media } }
  }
  for (const [status, fault] of Object.entries(faultAnswers(access, operation, headers))) {
    all[status] = withExamples(fault, answersOf(operation, Number(status)))
  }
  return all
}

const withHeaders = (headers: Headers): Partial<ResponseObject> =>
  Object.keys(headers).length > 0 ? { headers } : {}

const withExamples = ({ content, ...fault }: ResponseObject, more: Examples): ResponseObject => ({
  ...fault,
  content: Object.fromEntries(
    Object.entries(content).map(([type, media]) => [
      type,
      { ...media, examples: { ...more, ...media.examples } },
    ]),
  ),
})

const answersOf = ({ examples }: Operation, status: number): Examples =>
  examplesOf(examples, (example) => (example.status === status ? example.answer : undefined))

const examplesOf = (all: Operation['examples'], pick: (example: Example) => unknown): Examples =>
  Object.fromEntries(
    Object.entries(all).flatMap(([name, example]) => {
      const value = pick(example)
      return value === undefined ? [] : [[name, { value }]]
    }),
  )
