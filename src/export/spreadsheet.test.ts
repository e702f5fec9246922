// What a spreadsheet would read as something else than text is guarded, whatever its shape.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asText, cellOf } from './spreadsheet.ts'

describe('a text that a spreadsheet would read', () => {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    'an id': ['02078012345', '0207812e123', '1104e000012', '58545795622195712', '123456789012'],
    'a number': ['007', '1.5', '.5', '5.', '1,234', '1 234', "1'234", '1E+5', '1e-5', '(5)', '1d2'],
    'a percentage or an amount': [
      '12%',
      '%12',
      '$5',
      '¥5',
      '5 €',
      '5€',
      'USD 5',
      '5 kr',
      'R$5',
      '5,00 zł',
    ],
    'a date': [
      '1-2',
      '3/4',
      '1.2.3',
      '2026-01-31',
      '2026-01',
      'dec2012',
      '1feb',
      'MARCH1',
      '3. Dez',
      '1 фев',
    ],
    'a date in Chinese': ['3月4日', '2026年1月', '12月'],
    'a time': ['12:30', '1:2:3', '9 AM', '9 a', '9pm', '2026-01-31T10:00Z', '10时5分', '下午3点'],
    'a fraction': ['0 1/2', '½', '1½'],
    'a truth': ['TRUE', 'false', ' True ', 'WAHR', 'ИСТИНА'],
    'an error': ['#N/A', '#REF!', '#1'],
    'full-width digits': ['１２３', '1２'],
    'padded digits': [' 5', '5 ', '\u00A0123', '5\n'],
  }
  it.each(Object.entries(kinds))('%s is text behind an apostrophe', (_, texts) => {
    for (const text of texts) expect(asText(text)).toBe(`'${text}`)
  })

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    ' =1',
    '\u00A0=1',
    '＝1',
    '+8613',
    '-x',
    '\t5',
  ])('the formula %j is text behind an apostrophe', (text) => {
    expect(asText(text)).toBe(`'${text}`)
  })
})

describe('a text that is none of these', () => {
  it.each([
    '',
    'plain',
    'true story',
    'device-1',
    'phone-12',
    '140fe1da9e4',
    '1b2345c6789',
    '1e5e0000001',
    '12a34567890',
    '18171adc03a7b',
    'a,b',
    '设备1',
    '推送 3',
    'plf_5f1c09aa7d3e',
    'http://x/1',
    '0',
    '1001',
    '99999999999',
  ])('%j stays as it is', (text) => {
    expect(asText(text)).toBe(text)
  })
})

it('an id of hexadecimal digits is guarded wherever it is a number and would not be shown as it is', () => {
  const someId = fc.stringMatching(/^[0-9]{0,8}[0-9a-f]{1,4}[0-9]{0,8}$/)
  fc.assert(
    fc.property(someId, (id) => {
      const isShown = String(Number(id)) === id && id.length <= 11
      if (Number.isNaN(Number(id)) || isShown) return
      expect(asText(id)).toBe(`'${id}`)
    }),
    { numRuns: 2000 },
  )
})

it('the guard is one character, and the rest is the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const guarded = asText(text)
      expect([text, `'${text}`]).toContain(guarded)
      expect(
        cellOf(guarded)
          .replace(/^"(.*)"$/s, '$1')
          .replaceAll('""', '"'),
      ).toContain(text)
    }),
  )
})
