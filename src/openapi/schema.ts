// What the document is written in: the part of JSON Schema 2020-12 that it uses, and short ways to
// write it. Pure data.

export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly format?: string
  readonly description?: string
  readonly enum?: readonly (string | number)[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
}

/** Schemas by name, as under `components.schemas`. */
export type Schemas = Readonly<Record<string, Schema>>

export const ref = (name: string, description?: string): Schema => ({
  $ref: `#/components/schemas/${name}`,
  ...(description !== undefined && { description }),
})

/** The name that a reference ends with. */
export const nameOf = ($ref: string): string => $ref.slice($ref.lastIndexOf('/') + 1)

/** All members are required but those listed as optional; others may be there too. */
export const object = (
  required: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
  more: Schema = {},
): Schema => ({
  type: 'object',
  ...more,
  ...(Object.keys(required).length > 0 && { required: Object.keys(required) }),
  properties: { ...required, ...optional },
})

export const list = (items: Schema, more: Schema = {}): Schema => ({
  type: 'array',
  ...more,
  items,
})

/** One of these. */
export const oneOf = (words: readonly (string | number)[], description?: string): Schema => ({
  type: typeof words[0] === 'number' ? 'integer' : 'string',
  ...(description !== undefined && { description }),
  enum: words,
})
