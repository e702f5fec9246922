// The page of clients says what was tried.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clientPagePath, withTable } from '../scripts/client-table.ts'

test('docs/operating/clients.md holds the table of what is tried (npx tsx scripts/client-table.ts)', () => {
  const page = readFileSync(clientPagePath, 'utf8')
  expect(page).toMatch(/<!-- table -->\n\| client .*jpush-async 4\.1\.0 \| run /s)
  expect(page).toBe(withTable(page))
})
