// What people type and paste for ids.
import { describe, expect, it } from 'vitest'
import { parseMsgId, registrationIdsOf } from './id.ts'

describe('a message id', () => {
  it.each([
    ['42', '42'],
    [' 42 ', '42'],
    ['007', '7'],
    ['9007199254740993', '9007199254740993'],
    ['9223372036854775807', '9223372036854775807'],
    ['9223372036854775808', undefined],
    ['0', undefined],
    ['', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['<script>', undefined],
    ['٤٢', undefined],
  ])('%j is %j', (text, id) => {
    expect(parseMsgId(text)).toBe(id)
  })
})

describe('pasted registration ids', () => {
  it.each([
    ['a\nb\r\nc', ['a', 'b', 'c']],
    ['a\tb', ['a', 'b']],
    ['a, b;c d', ['a', 'b', 'c', 'd']],
    ['["a","b"]', ['a', 'b']],
    ['[\n  "a",\n  "b"\n]', ['a', 'b']],
    ['a b\nc,d', ['a b', 'c,d']],
    ['a\na\n\n', ['a']],
    ['"a",\n"b",', ['a', 'b']],
    ['a,\nb,', ['a', 'b']],
    ['[a\nb', ['[a', 'b']],
    ['<script>\nx', ['<script>', 'x']],
    ['  ', []],
  ])('%j', (text, ids) => {
    expect(registrationIdsOf(text)).toEqual(ids)
  })
})
