// The walk over an object's text takes what JSON.parse takes, and nothing else.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { levelsMax, partsMax, textAt, walkObject } from './json-walk.ts'

/** Each member's name and value, or what is wrong. */
const walked = (bytes: Buffer, from = 0, to = bytes.length): [string, unknown][] | string => {
  const members: [string, unknown][] = []
  const flaw = walkObject(bytes, from, to, (nameFrom, nameTo, valueFrom, valueTo) => {
    const value = bytes.toString('utf8', valueFrom, valueTo)
    members.push([bytes.toString('utf8', nameFrom - 1, nameTo + 1), value])
  })
  return flaw ?? members.map(([name, value]) => [JSON.parse(name), JSON.parse(String(value))])
}

const parsed = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}

const piece = fc.oneof(
  { weight: 3, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 3, arbitrary: fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', ' ', '\n') },
  fc.constantFrom(
    '-',
    '0',
    '1',
    '.5',
    'e',
    'E+1',
    '01',
    '1.',
    '..',
    '-0.0e-9',
    '1e',
    'nul',
    'truer',
  ),
  fc.constantFrom('\\u00', '\\ud83d', '\\x', '\\"', '\t', '\u0000', '\u00a0', '\ufeff', '\u2028'),
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const text = fc.oneof(
  fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value, null, 1)),
  fc.array(piece, { maxLength: 6 }).map((pieces) => `{${pieces.join('')}}`),
  fc
    .array(
      fc.tuple(
        fc.string().map((name) => JSON.stringify(name)),
        piece,
      ),
      { maxLength: 4 },
    )
    .map((members) => `{${members.map(([name, value]) => `${name}:${value}`).join()}}`),
)
const changed = fc
  .tuple(text, fc.nat(), fc.constantFrom(0, 1, 2), fc.uint8Array({ maxLength: 2 }))
  .map(([whole, at, drop, put]) => {
    const bytes = Buffer.from(whole)
    const place = at % (bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + drop)])
  })

it('takes what JSON.parse takes, member by member', { timeout: 60_000 }, () => {
  const seen = { whole: 0, broken: 0 }
  fc.assert(
    fc.property(
      fc.oneof(
        text.map((whole) => Buffer.from(whole)),
        changed,
      ),
      (bytes) => {
        fc.pre(bytes[0] === 0x7b)
        const value = parsed(bytes)
        const members = walked(bytes)
        seen[value === undefined ? 'broken' : 'whole'] += 1
        if (value === undefined) expect(members).toBeTypeOf('string')
        else expect(Object.fromEntries(members as [string, unknown][])).toEqual({ ...value })
        // The bytes around the text are not read.
        const within = Buffer.concat([Buffer.from('"{1'), bytes, Buffer.from('}",1')])
        expect(walked(within, 3, 3 + bytes.length)).toEqual(members)
      },
    ),
    { seed: Number(process.env['FC_SEED'] ?? 1), numRuns: 2000 },
  )
  expect(seen.whole).toBeGreaterThan(300)
  expect(seen.broken).toBeGreaterThan(300)
})

describe('what is wrong', () => {
  const deep = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
  const wide = (members: number) => `{${'"a":1,'.repeat(members - 1)}"b":1}`
  it.each([
    ['no object', '[1]'],
    ['no object', ''],
    ['broken', '{"a":'],
    ['broken', '{"a":1}}'],
    ['broken', '{"a":1,}'],
    ['broken', '{"a":[1,]}'],
    ['broken', '{"a":"\u0001"}'],
    ['too large', deep(levelsMax + 1)],
    ['too large', wide(partsMax)],
  ])('%s', (flaw, whole) => {
    expect(walked(Buffer.from(whole))).toBe(flaw)
  })
  it('no UTF-8', () => expect(walked(Buffer.from('{"a":"\xff"}', 'latin1'))).toBe('no UTF-8'))
  it('nothing, up to the bounds', () => {
    expect(walked(Buffer.from(deep(levelsMax)))).toHaveLength(1)
    expect(walked(Buffer.from(wide(partsMax - 1)))).toHaveLength(partsMax - 1)
  })
})

it('reads a string between its quotes', () => {
  const bytes = Buffer.from('"a\\u00e9\\n" "é"')
  expect(textAt(bytes, 1, 10)).toBe('aé\n')
  expect(textAt(bytes, 13, 15)).toBe('é')
})
