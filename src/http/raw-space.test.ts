// Which lines are mended and which are left malformed; the mending in flight is tested in test/api.
import { expect, it } from 'vitest'
import { mendRawSpaces } from './raw-space.ts'

const rest = 'Host: a\r\n\r\n'
const mend = (line: string) =>
  mendRawSpaces(Buffer.from(`${line}\r\n${rest}`, 'latin1')).toString('latin1')

it.each([
  ['GET /v3/received?msg_ids=1, 2 HTTP/1.1', 'GET /v3/received?msg_ids=1,%202 HTTP/1.1'],
  ['HEAD /v3/received?msg_ids=1,  2  HTTP/1.0', 'HEAD /v3/received?msg_ids=1,%20%202%20 HTTP/1.0'],
  ['GET /a?b c?d HTTP/1.1', 'GET /a?b%20c?d HTTP/1.1'],
])('%s', (line, mended) => {
  expect(mend(line)).toBe(`${mended}\r\n${rest}`)
})

it.each([
  'GET /a?b HTTP/1.1',
  'POST /a?b c HTTP/1.1',
  'GET /a b?c HTTP/1.1',
  'GET  /a?b c HTTP/1.1',
  'GET a?b c HTTP/1.1',
  'GET /a?b c HTTP/2.0',
  'GET /a?b c',
  'GET /a?b c HTTP/1.1 ',
  'GET /a?b HTTP/1.1 HTTP/1.1',
  'GET /a?b\tc d HTTP/1.1',
  'GET /a?b \u00e9 HTTP/1.1',
  ' GET /a?b c HTTP/1.1',
])('%s is left as it is', (line) => {
  expect(mend(line)).toBe('malformed')
})

it.each([
  'GET /v3/received?msg_ids=1, ',
  'GET /v3/received?msg_ids=1, 2 HTTP/1',
  'GET /v3/received?msg_ids=1, 2 HTTP/1.1\r',
])('%j waits for the rest of the line', (line) => {
  expect(mendRawSpaces(Buffer.from(line))).toBe('undecided')
})

it.each(['POST /a?b c', 'GET /a b', 'GET /a?b \t', `GET /a?b ${'c'.repeat(16_384)}`, 'c HTTP/1.1'])(
  '%.30s is not worth waiting for',
  (line) => {
    expect(mendRawSpaces(Buffer.from(line))).toBe('malformed')
  },
)
