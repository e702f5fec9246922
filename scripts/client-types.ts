// Writes src/client/api.ts, the types of the client, from the OpenAPI document:
// `npx tsx scripts/client-types.ts`. A test holds the file equal to what this makes of the document.
// Knows as much of JSON Schema as src/openapi/schema.ts.

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Document, OperationObject } from '../src/openapi/document.ts'
import { nameOf, type Schema } from '../src/openapi/schema.ts'

export const clientTypesPath: URL = new URL('../src/client/api.ts', import.meta.url)

const head = `// What a server answers, as types: made from its OpenAPI document by scripts/client-types.ts. Not to
// be edited.
`

const comment = (text: string | undefined): string =>
  text === undefined ? '' : `/** ${text.replaceAll('`', '')} */\n`

const typeOf = (schema: Schema): string => {
  if (schema.$ref !== undefined) return nameOf(schema.$ref)
  if (schema.enum !== undefined) return schema.enum.map((word) => JSON.stringify(word)).join(' | ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' | ')
  if (schema.items !== undefined) return `readonly (${typeOf(schema.items)})[]`
  if (schema.additionalProperties !== undefined) {
    return `Readonly<Record<string, ${typeOf(schema.additionalProperties)}>>`
  }
  if (schema.properties !== undefined) return membersOf(schema)
  return [schema.type ?? 'unknown']
    .flat()
    .map((type) => plain[type] ?? 'unknown')
    .join(' | ')
}

const plain: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  integer: 'number',
  null: 'null',
  object: 'Readonly<Record<string, unknown>>',
}

const membersOf = ({ properties = {}, required = [] }: Schema): string => {
  const members = Object.entries(properties).map(([name, schema]) => {
    const mark = required.includes(name) ? '' : '?'
    return `${comment(schema.description)}readonly ${keyOf(name)}${mark}: ${typeOf(schema)}\n`
  })
  return `{\n${members.join('')}}`
}

const keyOf = (name: string): string => (/^\w+$/.test(name) ? name : JSON.stringify(name))

const declaration = ([name, schema]: [string, Schema]): string => {
  const isInterface = schema.properties !== undefined
  const type = isInterface ? `interface ${name} ` : `type ${name} = `
  return `${comment(schema.description)}export ${type}${typeOf(schema)}\n`
}

interface Row {
  readonly path: string
  readonly method: string
  readonly operation: OperationObject
}

/** A program has credentials of its own, and no cookies. */
const isOfPrograms = ({ tags }: OperationObject): boolean => !tags.includes('Console')

const isJson = ({ responses }: OperationObject): boolean =>
  Object.values(responses).every(({ content }) => 'application/json' in content)

/** The types of the answers at these statuses, each once. */
const answersOf = (
  { responses }: OperationObject,
  isWanted: (status: string) => boolean,
): string => {
  const types = Object.entries(responses)
    .filter(([status]) => isWanted(status))
    .flatMap(([, { content }]) => typeOf(content['application/json']?.schema ?? {}).split(' | '))
  return [...new Set(types)].join(' | ')
}

const isGood = (status: string): boolean => status.startsWith('2')

/** A `Fault`, or one that may say more and so stands for both. */
const refusalOf = (operation: OperationObject): string =>
  answersOf(operation, (status) => !isGood(status)).replace(/^Fault \| | \| Fault$/, '')

const askOf = ({ parameters, requestBody }: OperationObject): string => {
  const [body] = Object.values(requestBody?.content ?? {})
  if (body !== undefined) return typeOf(body.schema)
  if (parameters === undefined) return 'undefined'
  const members = parameters.map(
    ({ name, description, schema }) =>
      `${comment(description)}readonly ${keyOf(name)}: ${typeOf(schema)}\n`,
  )
  return `{\n${members.join('')}}`
}

const typesOf = ({ operation }: Row): string =>
  `${comment(`${operation.summary}.`)}readonly ${operation.operationId}: {
readonly ask: ${askOf(operation)}
readonly answer: ${answersOf(operation, isGood)}
readonly refusal: ${refusalOf(operation)}
}\n`

const placeOf = ({ method, path, operation }: Row): string =>
  `${operation.operationId}: { method: '${method}', path: '${path}' },\n`

const sourceOf = ({ paths, components }: Document): string => {
  const rows = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => {
        return { path, method: method.toUpperCase(), operation }
      }),
    )
    .filter(({ operation }) => isJson(operation) && isOfPrograms(operation))
  return [
    head,
    ...Object.entries(components.schemas).map(declaration),
    `/** By its id: what is asked, what is answered, and the body of a fault. */
export interface Operations {\n${rows.map(typesOf).join('')}}\n`,
    `/** Where each is asked. */
export const OPERATIONS: Readonly<Record<keyof Operations, { readonly method: 'GET' | 'POST'; readonly path: string }>> = {
${rows.map(placeOf).join('')}}\n`,
  ].join('\n')
}

/** As the formatter leaves it. */
export const clientTypes = (document: Document): string => {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const args = ['format', '--stdin-file-path=src/client/api.ts']
  const input = sourceOf(document)
  const { status, stdout, stderr } = spawnSync(`${root}node_modules/.bin/biome`, args, {
    cwd: root,
    input,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { startServer } = await import('../test/support/server.ts')
  const server = await startServer()
  const document = JSON.parse((await server.ask('/openapi.json')).text) as Document
  await server.close()
  writeFileSync(clientTypesPath, clientTypes(document))
}
