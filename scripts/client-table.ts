// Writes the table of clients into docs/operating/clients.md: `npx tsx scripts/client-table.ts`. Made of
// what the tests try, and held equal to it by a test.

import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { DIALECTS, REPORTS, type Report } from '../test/clients/dialect.ts'
import { clients, type Report as MethodReport } from '../test/clients/tried.ts'

export const clientPagePath: URL = new URL('../docs/operating/clients.md', import.meta.url)

const reportOf: Readonly<Record<MethodReport, Report>> = {
  received: 'received',
  receivedDetail: 'received/detail',
  status: 'status/message',
  messages: 'messages',
  messagesDetail: 'messages/detail',
  users: 'users',
}

type Cells = Map<Report, 'run' | 'bytes' | 'lost' | 'unread'>

const cellsByClient = (): ReadonlyMap<string, Cells> => {
  const all = new Map<string, Cells>()
  const cellsOf = (client: string): Cells => {
    const cells = all.get(client) ?? new Map()
    all.set(client, cells)
    return cells
  }
  for (const { release, has, losesQueries } of clients) {
    const cells = cellsOf(`npm ${release}`)
    if (losesQueries) for (const report of Object.values(reportOf)) cells.set(report, 'lost')
    for (const report of has) cells.set(reportOf[report], 'run')
  }
  for (const { client, reports, cannotRead = [] } of DIALECTS) {
    const cellOf = (report: Report) => (cannotRead.includes(report) ? 'unread' : 'bytes')
    for (const report of reports) cellsOf(client).set(report, cellOf(report))
  }
  return all
}

export const clientTable = (): string => {
  const head = ['client', ...REPORTS.map((report) => `/${report}`)]
  const rows = [...cellsByClient()].map(([client, cells]) => [
    client,
    ...REPORTS.map((report) => cells.get(report) ?? ''),
  ])
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const marks = /(<!-- table -->\n)[\s\S]*?(\n<!-- end -->)/

/** The page with the table put into its place. */
export const withTable = (page: string): string =>
  page.replace(marks, (_, before: string, after: string) => before + clientTable() + after)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(clientPagePath, withTable(readFileSync(clientPagePath, 'utf8')))
}
