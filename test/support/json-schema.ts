// Judges values by the schemas of the OpenAPI document (JSON Schema 2020-12).
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Document } from '../../src/openapi/document.ts'
import type { Schema } from '../../src/openapi/schema.ts'

/** What is wrong with a value; nothing where it is as the schema says. */
export type Judge = (schema: Schema, value: unknown) => readonly string[]

const formats = { date: /^\d{4}-\d{2}-\d{2}$/, 'date-time': /^\d{4}-\d{2}-\d{2}T.+$/ }

export const openJudge = ({ components }: Document): Judge => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, formats })
  ajv.addKeyword('components')
  const compiled = new Map<string, ValidateFunction>()
  const judgeOf = (schema: Schema): ValidateFunction => {
    const text = JSON.stringify(schema)
    const known = compiled.get(text) ?? ajv.compile({ ...schema, components })
    compiled.set(text, known)
    return known
  }
  return (schema, value) => {
    const isRight = judgeOf(schema)
    if (isRight(value)) return []
    return (isRight.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
}
