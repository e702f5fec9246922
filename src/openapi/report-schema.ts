// The items of the reports about messages as schemas, made of the rows of the field table: a field of
// the page is required and may be null, a newer one may be missing and is never null.

import type { Field, MessageReport } from '../ledger/field.ts'
import { fieldsOf } from '../ledger/selection.ts'
import { alwaysThere, MSG_ID_RULES } from '../report/shape.ts'
import { object, ref, type Schema, type Schemas } from './schema.ts'

/** Objects that recur, by their members; `?` stands behind one that may be missing. */
const recurring: Readonly<Record<string, string>> = {
  'target sent received? display?': 'VendorStages',
  'target? sent? received? display?': 'LaterVendorStages',
  'target? sent? received? display? click?': 'ChannelStages',
}

/** A field, or the fields of an object by name. */
type Node = Field | Map<string, Node>

const treeOf = (fields: readonly Field[]): Map<string, Node> => {
  const top = new Map<string, Node>()
  for (const field of fields) {
    let parent = top
    for (const name of field.path.slice(0, -1)) {
      const known = parent.get(name)
      const inner = known instanceof Map ? known : new Map<string, Node>()
      parent.set(name, inner)
      parent = inner
    }
    parent.set(field.path.at(-1) ?? '', field)
  }
  return top
}

const isRequired = (name: string, node: Node): boolean =>
  name === alwaysThere ||
  (node instanceof Map
    ? [...node].some(([n, inner]) => isRequired(n, inner))
    : node.since === 'page')

const fieldSchema = ({ since, counts: description }: Field): Schema =>
  since === 'page' ? ref('Count', description) : ref('Positive', description)

const schemaOf = (node: Node): Schema => {
  if (!(node instanceof Map)) return fieldSchema(node)
  const name = recurring[membersOf(node)]
  return name === undefined ? objectOf(node) : ref(name, wayOf(node))
}

const membersOf = (node: Map<string, Node>): string =>
  [...node].map(([name, inner]) => `${name}${isRequired(name, inner) ? '' : '?'}`).join(' ')

/** What the fields of an object count, but for the stage that each has for its name. */
const wayOf = (node: Map<string, Node>): string => {
  const [first] = [...node.values()].filter((inner) => !(inner instanceof Map))
  return (first as Field).counts.replace(/: \w+$/, '')
}

const membersBy = (node: Map<string, Node>, required: boolean): Record<string, Schema> =>
  Object.fromEntries(
    [...node]
      .filter(([name, inner]) => isRequired(name, inner) === required)
      .map(([name, inner]) => [name, schemaOf(inner)]),
  )

const objectOf = (node: Map<string, Node>): Schema =>
  object(membersBy(node, true), membersBy(node, false))

/** The members that a report has besides the ids. */
export const countsSchema = (
  report: MessageReport,
  ids: Readonly<Record<string, Schema>>,
): Schema => {
  const tree = treeOf(fieldsOf(report))
  return object({ ...ids, ...membersBy(tree, true) }, membersBy(tree, false))
}

export const itemSchema = (report: MessageReport): Schema =>
  countsSchema(report, { msg_id: ref(MSG_ID_RULES[report].bare ? 'MsgIdOrNumber' : 'MsgId') })

const stages = (names: string): Schema => {
  const words = names.split(' ')
  const of = (isPage: boolean) =>
    words
      .filter((word) => word.endsWith('?') !== isPage)
      .map((word) => [word.replace('?', ''), ref(isPage ? 'Count' : 'Positive')] as const)
  return object(Object.fromEntries(of(true)), Object.fromEntries(of(false)))
}

/** What the items refer to. */
export const countSchemas: Schemas = {
  Count: {
    type: ['integer', 'null'],
    minimum: 1,
    description: 'A number of distinct devices; null for none.',
  },
  Positive: {
    type: 'integer',
    minimum: 1,
    description: 'A number of distinct devices; left out for none.',
  },
  ...Object.fromEntries(Object.entries(recurring).map(([names, name]) => [name, stages(names)])),
}
