// Answers laid out for reading, against what JSON itself does.
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { indented } from './indented.ts'

it('every JSON is laid out as JSON itself does it', () => {
  void fc.assert(
    fc.property(fc.json(), (json) => {
      expect(indented(json)).toBe(JSON.stringify(JSON.parse(json), undefined, 2))
    }),
    { examples: [['{"a":{},"b":[]}'], ['"\\\\\\""'], ['[{"a":"{,:}"}]']] },
  )
})

it('no digit is lost', () => {
  expect(indented('{"msg_id":9223372036854775807}')).toBe('{\n  "msg_id": 9223372036854775807\n}')
})
