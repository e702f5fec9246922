// Tables as CSV files for spreadsheets: RFC 4180, with the mark by which they know UTF-8. No cell
// of ours is ever a formula there, and no long id loses digits.

export type CsvValue = string | number | undefined

const byteOrderMark = '\uFEFF'
/** By these a spreadsheet knows a formula, after the blanks that it cuts off too. */
const formulaStart = /^[\s\u00A0\uFEFF]*[=+\-@\t\r＝＋－＠]/
/** Read as a double, more than 15 digits are rounded; behind a tab they are text. */
const longDigits = /^\d{16,}$/

const cellOf = (value: CsvValue): string => {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  if (longDigits.test(value)) return `\t${value}`
  const harmless = formulaStart.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

export const csvOf = (header: readonly string[], rows: readonly (readonly CsvValue[])[]): string =>
  byteOrderMark + [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
