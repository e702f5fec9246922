// Paths that are the same path, written otherwise, and those that are not.
import { expect, it } from 'vitest'
import { pathOf } from './path.ts'

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'
const encode = (byte: number): string => `%${byte.toString(16).padStart(2, '0')}`

it.each([
  ['/v3/received', '/v3/received'],
  ['/v3/received?a=/b/', '/v3/received'],
  ['/v3/%72eceived', '/v3/received'],
  ['/%76%33/%72%65%63%65%69%76%65%64?%72', '/v3/received'],
  ['//v3///received//', '/v3/received'],
  ['/', '/'],
  ['', ''],
  ['*', '*'],
  ['http://a.example/v3/%72eceived?b', '/v3/received'],
  ['HTTPS://a.example?b', ''],
  // Nothing else is decoded, and nothing twice.
  ['/v3%2Freceived', '/v3%2Freceived'],
  ['/v3/%2572eceived', '/v3/%2572eceived'],
  ['/v3/%25%37%32eceived', '/v3/%2572eceived'],
  ['/v3/received%3Fa', '/v3/received%3Fa'],
  ['/v3/%00%zz%7', '/v3/%00%zz%7'],
])('%s is %s', (target, path) => {
  expect(pathOf(target)).toBe(path)
})

it('decodes the unreserved characters and no other byte', () => {
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte)
    for (const encoded of [encode(byte), encode(byte).toUpperCase()]) {
      expect(pathOf(`/${encoded}x`)).toBe(
        `/${unreserved.includes(character) ? character : encoded}x`,
      )
    }
  }
})
