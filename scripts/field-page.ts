// Writes docs/reference/fields.md from the field table: `npx tsx scripts/field-page.ts`. A test holds
// the page equal to what this makes of the table.

import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { MESSAGE_REPORTS, type MessageReport } from '../src/ledger/field.ts'
import { fieldsOf } from '../src/ledger/selection.ts'

export const fieldPagePath: URL = new URL('../docs/reference/fields.md', import.meta.url)

const head = `# Which facts each field counts

Made from the field table, \`src/ledger/field.ts\`. A number is the number of distinct devices with at
least one fact among those that the right column names: a device that was reached by two channels counts
once. Vendors are xm, hw, mz, oppo, vivo, fcm, honor, asus and nio.

*page*: always there, \`null\` where there is none. *newer*: there only where it is not zero.
`

const sectionOf = (report: MessageReport): string => {
  const rows = fieldsOf(report).map(
    ({ path, counts, since }) => `| \`${path.join('.')}\` | ${counts} | ${since} |`,
  )
  return [`## ${report}`, '', '| field | counts | |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

export const fieldPage = (): string => [head, ...MESSAGE_REPORTS.map(sectionOf)].join('\n')

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(fieldPagePath, fieldPage())
}
