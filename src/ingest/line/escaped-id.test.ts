// Ids in escapes read as JSON.parse and UTF-8 have them.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRegistrationId } from '../../ledger/ids.ts'
import { unescapeId } from './escaped-id.ts'

const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0xd7f0, max: 0xe010 }),
  fc.integer({ min: 0, max: 0xff }),
)
const written = fc
  .array(fc.tuple(unit, fc.boolean(), fc.boolean()), { maxLength: 12 })
  .map((units) =>
    units
      .map(([code, isEscaped, isUpper]) => {
        const digits = code.toString(16).padStart(4, '0')
        const text = JSON.stringify(String.fromCharCode(code)).slice(1, -1)
        return isEscaped ? `\\u${isUpper ? digits.toUpperCase() : digits}` : text
      })
      .join(''),
  )

it('reads what JSON.parse reads, in place and elsewhere', () => {
  let ids = 0
  fc.assert(
    fc.property(written, (text) => {
      const id = parseRegistrationId(JSON.parse(`"${text}"`))
      fc.pre(id !== undefined)
      ids += 1
      const bytes = Buffer.from(`"${text}"`)
      const out = Buffer.alloc(bytes.length)
      const end = unescapeId(bytes, 1, bytes.length - 1, out, 0)
      expect(out.toString('utf8', 0, end)).toBe(id)
      expect(unescapeId(bytes, 1, bytes.length - 1, bytes, 1)).toBe(end + 1)
      expect(bytes.toString('utf8', 1, end + 1)).toBe(id)
    }),
    { seed: Number(process.env['FC_SEED'] ?? 1), numRuns: 3000 },
  )
  expect(ids).toBeGreaterThan(500)
})

it.each([
  ['\\ud83d\\ude00', '😀'],
  ['\\u00E9\\u4e2d', 'é中'],
  ['\\"\\\\\\/', '"\\/'],
  ['\\ud83d', undefined],
  ['\\ud83dx', undefined],
  ['\\ud83d\\u0041', undefined],
  ['\\ude00', undefined],
  ['a\\nb', undefined],
  ['\\u0000', undefined],
  ['\\u001f', undefined],
])('%s', (text, id) => {
  const bytes = Buffer.from(text)
  const end = unescapeId(bytes, 0, bytes.length, bytes, 0)
  expect(end < 0 ? undefined : bytes.toString('utf8', 0, end)).toBe(id)
})
