// CSV files as spreadsheets read them: quoting, formulas, long ids.
import { describe, expect, it } from 'vitest'
import { asValue, type CsvValue, csvOf } from './csv.ts'

const cell = (value: CsvValue): string => csvOf([], [[value]]).slice('\uFEFF\r\n'.length, -2)

describe('a CSV file', () => {
  it('opens with the mark of UTF-8, and every line ends as RFC 4180 has it', () => {
    expect(csvOf(['a', '消息'], [['b', 1]])).toBe('\uFEFFa,消息\r\nb,1\r\n')
  })

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    [undefined, ''],
    [0, '0'],
    [-5, '-5'],
    [1e21, '1e+21'],
  ])('%j is written %j', (value, text) => {
    expect(cell(value)).toBe(text)
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u00A0=1', '＝1'])(
    'the formula %j is text',
    (value) => {
      expect(cell(value).replace(/^"/, '')).toMatch(/^'/)
    },
  )

  it('a formula with a comma is quoted too', () => {
    expect(cell('=HYPERLINK("x","y")')).toBe(`"'=HYPERLINK(""x"",""y"")"`)
  })

  it.each(['02078012345', '0207812e123', '1104e000012'])('the id %s stays text', (id) => {
    expect(cell(id)).toBe(`'${id}`)
  })

  it('a day is a day where it is meant to be', () => {
    expect(cell(asValue('2026-01-31'))).toBe('2026-01-31')
    expect(cell('2026-01-31')).toBe("'2026-01-31")
  })

  it('an id of more than 15 digits stays text', () => {
    expect(cell('58545795622195712')).toBe("'58545795622195712")
    expect(cell('269978303')).toBe('269978303')
  })
})
