// JSON texts that are not one event a line: every element becomes a line of its own, however the text
// is printed and cut into chunks, and a text that is broken is rejected with the place.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formOf, linesOfElements, showsForm } from './elements.ts'

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  // One buffer for all chunks, as a file is read.
  const shared = Buffer.alloc(size)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) {
    yield shared.subarray(0, bytes.copy(shared, 0, at, at + size))
  }
}

const linesOf = async (text: string, chunkBytes = 7): Promise<string> => {
  let lines = ''
  for await (const chunk of linesOfElements(chunked(text, chunkBytes))) {
    lines += Buffer.from(chunk).toString('latin1')
  }
  return Buffer.from(lines, 'latin1').toString()
}

describe('the form of a file', () => {
  it.each([
    ['', 'lines'],
    ['{"a":1}\n{"b":2}', 'lines'],
    ['{"a":1', 'lines'],
    ['{', 'lines'],
    ['csv,of\nlines', 'lines'],
    ['\n\n {"a":\n1}', 'lines'],
    ['[', 'elements'],
    [' \r\n\t[{"a":1}]', 'elements'],
    ['\u{feff}[{"a":1}]', 'elements'],
    ['{\n  "a": 1\n}', 'elements'],
    ['{ \r\n  "a": 1\r\n}', 'elements'],
  ])('%j', (text, form) => {
    expect(formOf(Buffer.from(text))).toBe(form)
  })

  it.each([
    ['', false],
    ['\u{feff} \n', false],
    ['{ \n', false],
    ['[', true],
    ['{"', true],
    ['x', true],
  ])('%j is enough: %s', (text, isEnough) => {
    expect(showsForm(Buffer.from(text))).toBe(isEnough)
  })
})

describe('elements become lines', () => {
  it.each([
    ['an empty array', '[ ]', ''],
    ['a printed array', '[\n  {\n    "a": 1\n  },\n  {}\n]\n', '{ "a": 1 }\n{}\n'],
    ['arrays one after the other', '[{"a":1}]\n[{"b":2}][]', '{"a":1}\n{"b":2}\n'],
    ['printed objects', '{\n "a":1\n}\n{\n "b":[2]\n}{}', '{ "a":1 }\n{ "b":[2] }\n{}\n'],
    ['values that are no objects', '[1 , "a,]", null,[2,[3]]]', '1\n"a,]"\nnull\n[2,[3]]\n'],
    ['brackets in strings', '[{"a":"]}\\"{","b":"\\\\"}]', '{"a":"]}\\"{","b":"\\\\"}\n'],
    ['a line break in a string', '[{"a":"x\ny"},{}]', '{"a":"x\u0001y"}\n{}\n'],
    ['numbers side by side', '[{"a":1 \n 2}]', '{"a":1 2}\n'],
    ['a mark before it', '\u{feff}[{"a":"é中"}]', '{"a":"é中"}\n'],
  ])('%s', async (_, text, lines) => {
    for (const chunkBytes of [1, 2, 7, 1000]) expect(await linesOf(text, chunkBytes)).toBe(lines)
  })

  it('whatever they are, however they are printed', async () => {
    const someArray = fc.array(fc.jsonValue(), { maxLength: 8 })
    const someSize = fc.integer({ min: 1, max: 40 })
    const someIndent = fc.constantFrom('', ' ', '\t', '    ')
    await fc.assert(
      fc.asyncProperty(someArray, someIndent, someSize, async (values, indent, chunkBytes) => {
        const text = JSON.stringify(values, null, indent)
        const lines = (await linesOf(text, chunkBytes)).split('\n').slice(0, -1)
        expect(lines.map((line): unknown => JSON.parse(line))).toEqual(JSON.parse(text))
      }),
    )
  })
})

describe('a broken text', () => {
  it.each([
    ['[{"a":1} {"b":2}]', /after element 1, at byte 10, stands \{, not a comma or \]/],
    ['[{"a":1},,]', /after element 1, at byte 10, stands ,, not an element$/],
    ['[{"a":1},]', /after element 1, at byte 10, stands \], not an element$/],
    ['[,', /after element 0, at byte 2, stands ,, not an element or \]/],
    ['[]]', /after element 0, at byte 3, stands \], not an array or an object/],
    ['{\n},{}', /after element 1, at byte 4, stands ,, not an array or an object/],
    ['[1]\u0000', /after element 1, at byte 4, stands the byte 0x0, not an array/],
    ['[{"a":"', /it ends inside of element 1$/],
    ['[{},', /its array is not closed after element 1/],
    ['[', /its array is not closed after element 0/],
  ])('%j', async (text, says) => {
    await expect(linesOf(text)).rejects.toThrow(says)
  })
})
