// Text as a cell of a CSV file that a spreadsheet opens. A spreadsheet reads whatever it can as a number, a
// date, a time or a formula, and so changes ids: 02078012345 loses its zero, 0207812e123 becomes infinite.
// What it might read gets an apostrophe in front (docs/decisions/0025-spreadsheets.md). Pure: the console
// uses it too.

/** By this a spreadsheet knows UTF-8. */
export const byteOrderMark = '\uFEFF'
export const lineEnd = '\r\n'

/** By these it knows a formula, after the blanks that it cuts off too. */
const formulaStart = /^[\s\u00A0\uFEFF]*[=+\-@\t\r＝＋－＠]/
/** A whole number that it shows as it is; one of more digits it shows as 1.2E+11. */
const plainNumber = /^(0|[1-9]\d{0,10})$/
const truth =
  /^(true|false|wahr|falsch|vrai|faux|verdadero|verdadeiro|falso|vero|waar|onwaar|истина|ложь)$/i
const letters = /\p{L}+/gu
/** Words that may stand in a number, a date, a time or an amount. */
const valueWord =
  /^([dehrtz]|am|pm|utc|gmt|usd|eur|gbp|cny|rmb|jpy|hkd|twd|krw|inr|rub|chf|brl|kr|rs|rp|fr|us|nt|hk|kc|ft|lei)$/i
/** Half of a day, as in `9 a`. */
const halfDay = /[ap]\.?m?\.?$/i
const exponent = /^[de]$/i
/** Names of months and days, by how they begin in the languages of Latin letters. */
const dateWord =
  /^(jan|ene|gen|feb|fev|mar|mrz|mrt|apr|abr|avr|may|mai|maj|mei|mag|jun|jui|giu|jul|lug|aug|aou|ago|sep|set|oct|okt|ott|out|nov|dec|dez|dic|mon|tue|wed|thu|fri|sat|sun)/i
const dateSign = /^[年月日号號时時分秒上下午前后後点點元円周星期一二三四五六]+$/
/** Of other scripts too little is known; Chinese, Japanese and Korean words are words. */
const knownScript =
  /^([a-z]+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+)$/iu

const isWord = (run: string): boolean =>
  knownScript.test(run) && !valueWord.test(run) && !dateWord.test(run) && !dateSign.test(run)

/** Whether it could be anything but text; it may say so of text too, never the other way round. */
const isRead = (text: string): boolean => {
  if (plainNumber.test(text)) return false
  const trimmed = text.trim()
  if (trimmed.startsWith('#') || truth.test(trimmed)) return true
  if (!/\p{N}/u.test(trimmed)) return false
  const runs = trimmed.replace(halfDay, '').match(letters) ?? []
  return !runs.some(isWord) && runs.filter((run) => exponent.test(run)).length < 2
}

/** The text, behind an apostrophe where a spreadsheet might read it as anything else. */
export const asText = (text: string): string =>
  formulaStart.test(text) || isRead(text) ? `'${text}` : text

/** A cell as RFC 4180 has it. */
export const cellOf = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
