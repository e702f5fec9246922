// The page of fields says what the field table says.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { fieldPage, fieldPagePath } from '../scripts/field-page.ts'

test('docs/reference/fields.md is made from the table (npx tsx scripts/field-page.ts)', () => {
  expect(readFileSync(fieldPagePath, 'utf8')).toBe(fieldPage())
})
