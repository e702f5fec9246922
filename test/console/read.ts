// What stands on a page of the console, as numbers, as tables and as the files that it hands out.
import { readFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'

/** As the console writes it in full, in either language. */
export const numberOf = (text: string): number => Number(text.replaceAll(',', ''))

/** The numbers of devices at a place, in order. */
export const countsIn = async (place: Locator): Promise<number[]> =>
  (await place.locator('.count').allTextContents()).map(numberOf)

/** The rows of a table, without its head; by the words of its cells. */
export const rowsIn = async (table: Locator): Promise<string[][]> => {
  const columns = await table.locator('thead th').count()
  const cells = await table.locator('tbody').locator('th, td').allTextContents()
  return Array.from({ length: cells.length / columns }, (_, row) =>
    cells.slice(row * columns, (row + 1) * columns),
  )
}

/** The rows of a file for spreadsheets, its head included, that a button hands out. */
export const exported = async (page: Page, press: () => Promise<void>): Promise<string[][]> => {
  const [download] = await Promise.all([page.waitForEvent('download'), press()])
  return csvRows(readFileSync(await download.path(), 'utf8'))
}

const byteOrderMark = '\uFEFF'

/** By RFC 4180, and strictly: every line ends, and quotes stand only around a whole cell. */
const csvRows = (text: string): string[][] => {
  if (!text.startsWith(byteOrderMark)) throw new Error('nothing says that this is UTF-8')
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y
  const rows: string[][] = [[]]
  cell.lastIndex = byteOrderMark.length
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const [, value = '', end] = cell.exec(text) ?? []
    if (end === undefined) throw new Error(`no cell: ${text.slice(at, at + 40)}`)
    rows.at(-1)?.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}
