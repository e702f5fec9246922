// Small bodies of JSON: digits survive, the last of two members counts, and no body takes long.
import { describe, expect, it } from 'vitest'
import { parseObject } from './json.ts'

const read = (text: string) => parseObject(Buffer.from(text))

it('keeps the digits of a message id, as a number and as text', () => {
  const body = read('{"a":58545795622195712,"b":"58545795622195713","c":1.0,"d":"x","e":null}')
  expect(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => body.msgId(name))).toEqual([
    '58545795622195712',
    '58545795622195713',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

it('reads values by the name that they have, the last of two', () => {
  const body = read('\ufeff {"a":1,"\\u0061":[1,"\\u00e9"],"__proto__":{"b":9007199254740993}} ')
  expect([...body.names]).toEqual(['a', '__proto__'])
  expect(body.value('a')).toEqual([1, 'é'])
  expect(body.object('__proto__')?.msgId('b')).toBe('9007199254740993')
  expect(body.object('a')).toBeUndefined()
})

it('reads an object inside of a string', () => {
  expect(read(JSON.stringify('{"a":"x"}')).value('a')).toBe('x')
})

describe('does not make values of', () => {
  const filled = (text: string, bytes = 655_360) => text.repeat(Math.floor(bytes / text.length))
  it.each([
    ['numbers', `{"a":[${filled('1, ', 655_000)}1]}`],
    ['members', `{${filled('"a":1,')}"a":1}`],
    ['arrays', `{"a":[${filled('[],', 655_000)}1]}`],
    ['texts', `{"a":[${filled('"",', 655_000)}1]}`],
  ])('too many %s', (_, text) => {
    expect(() => read(text)).toThrow('at most 10000 values, 256 levels deep')
  })
  it.each(['', '1', '[{}]', `[${filled('1, ')}1]`, '"[1]"', 'x'])('what is no object', (text) => {
    expect(() => read(text)).toThrow('must be a JSON object')
  })
})

it.each(['{', '{"a":1}}', '"{', '"{"', '{"a":01}'])('%s is broken', (text) => {
  expect(() => read(text)).toThrow('not valid JSON')
})
