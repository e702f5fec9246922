// Tables as CSV files for spreadsheets: RFC 4180, with the mark by which they know UTF-8. Text stays text
// there, whatever it looks like; numbers and what is meant to be read are written as they are.
import { asText, byteOrderMark, cellOf, lineEnd } from '../../src/export/spreadsheet.ts'

/** A day, an hour, a truth: to be read as what it looks like. */
export interface ReadValue {
  readonly read: string
}

export type CsvValue = string | number | ReadValue | undefined

export const asValue = (read: string): ReadValue => ({ read })

const csvCell = (value: CsvValue): string => {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  return cellOf(typeof value === 'string' ? asText(value) : value.read)
}

export const csvOf = (header: readonly string[], rows: readonly (readonly CsvValue[])[]): string =>
  byteOrderMark + [header, ...rows].map((row) => `${row.map(csvCell).join(',')}${lineEnd}`).join('')
