// Which lines are mended and which are left malformed; the mending in flight is tested in test/api.
import { expect, it } from 'vitest'
import { mendRawSpaces } from './raw-space.ts'

const mend = (line: string, error: object = {}) => {
  const rawPacket = Buffer.from(`${line}\r\nHost: a\r\n\r\n`, 'latin1')
  const base = { code: 'HPE_INVALID_CONSTANT', bytesParsed: 20, rawPacket }
  return mendRawSpaces(Object.assign(new Error('Expected HTTP/'), base, error))?.toString('latin1')
}

it.each([
  ['GET /v3/received?msg_ids=1, 2 HTTP/1.1', 'GET /v3/received?msg_ids=1,%202 HTTP/1.1'],
  ['HEAD /v3/received?msg_ids=1,  2  HTTP/1.0', 'HEAD /v3/received?msg_ids=1,%20%202%20 HTTP/1.0'],
  ['GET /a?b c?d HTTP/1.1', 'GET /a?b%20c?d HTTP/1.1'],
])('%s', (line, mended) => {
  expect(mend(line)).toBe(`${mended}\r\nHost: a\r\n\r\n`)
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
  expect(mend(line)).toBeUndefined()
})

it('mends only what the parser stumbled over in that very line', () => {
  const line = 'GET /a?b c HTTP/1.1'
  expect(mend(line, { code: 'HPE_INVALID_CHUNK_SIZE' })).toBeUndefined()
  expect(mend(line, { bytesParsed: 30 })).toBeUndefined()
  expect(mend(line, { rawPacket: undefined })).toBeUndefined()
  expect(mend(line, { rawPacket: Buffer.from('GET /a?b c') })).toBeUndefined()
})
