// Schemas on the page: a short name of a type, linked where it has a place of its own, and the table
// of the members of an object, nested ones by their path.
import { code, heading, html, join, type Markup, prose, raw } from './markup.ts'
import { nameOf, type Schema } from './schema.ts'

const anchorOf = (name: string): string => `schema-${name}`

/** `array of Event`, `integer or null`, `"HOUR" or "DAY"`. */
export const typeOf = (schema: Schema): Markup => {
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    return html`<a href="#${anchorOf(name)}">${name}</a>`
  }
  if (schema.anyOf !== undefined) return between(schema.anyOf.map(typeOf), ' or ')
  if (schema.items !== undefined) return html`array of ${typeOf(schema.items)}`
  if (schema.additionalProperties !== undefined) {
    return html`object of ${typeOf(schema.additionalProperties)}`
  }
  const types = schema.type === undefined ? ['any'] : [schema.type].flat()
  return html`${types.join(' or ')}${limitsOf(schema)}`
}

const between = (parts: readonly Markup[], sign: string): Markup =>
  raw(parts.map((part) => part.html).join(sign))

const limitsOf = ({ minimum, maximum, minLength, maxLength, format }: Schema): string => {
  const from = minimum ?? minLength
  const to = maximum ?? maxLength
  const range = from === undefined ? '' : to === undefined ? ` from ${from}` : ` ${from} … ${to}`
  return `${range}${format === undefined ? '' : ` (${format})`}`
}

export const memberTable = (name: string, schema: Schema): Markup => html`
${heading(3, anchorOf(name), raw(html`${name}`.html))}
<p>${typeOf(schema)}. ${prose(schema.description ?? '')}</p>${words(schema)}${members(schema)}`

const words = ({ enum: any }: Schema): Markup =>
  any === undefined ? raw('') : html`<p>${join(any.map((word) => code(String(word))))}</p>`

const members = (schema: Schema): Markup => {
  const rows = rowsOf(schema, [])
  return rows.length === 0
    ? raw('')
    : html`<table><tr><th>member</th><th>type</th><th></th></tr>${join(rows)}</table>`
}

const rowsOf = ({ properties = {}, required = [] }: Schema, at: readonly string[]): Markup[] =>
  Object.entries(properties).flatMap(([name, schema]) => {
    const path = [...at, name]
    const isOptional = !required.includes(name)
    const row = html`<tr><td>${code(path.join('.'))}</td>
<td>${typeOf(schema)}${isOptional ? ', optional' : ''}</td>
<td>${prose(schema.description ?? '')}</td></tr>`
    return [row, ...rowsOf(schema, path)]
  })
