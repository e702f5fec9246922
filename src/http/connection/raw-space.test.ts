// Lines that are changed, and lines that the parser gets as they came, cut anywhere. test/api tests the same
// over a connection.
import { expect, it } from 'vitest'
import { openRequestLine } from './raw-space.ts'

const rest = '\r\nHost: a b\r\n\r\n'

/** Reads these packets: the parser's bytes, those that still wait, and how many waited at most. */
const read = (...packets: readonly string[]) => {
  const line = openRequestLine()
  line.begin()
  let given = ''
  let waiting = ''
  let waitingMax = 0
  let isOver = false
  for (const packet of packets) {
    const bytes = Buffer.from(waiting + packet, 'latin1')
    waiting = ''
    if (isOver) {
      given += packet
      continue
    }
    const { changed, from, to, ...part } = line.read(bytes)
    isOver = part.isOver
    given += (changed?.toString('latin1') ?? '') + bytes.toString('latin1', from, to)
    if (isOver) given += bytes.toString('latin1', to)
    else waiting = bytes.toString('latin1', to)
    waitingMax = Math.max(waitingMax, waiting.length)
  }
  return { given, waiting, waitingMax, isOver }
}

/** Every line, whole, byte by byte and cut in two anywhere, is read alike. */
const expectRead = (text: string, given: string) => {
  const cuts = [[text], [...text]]
  for (let at = 1; at < text.length; at++) cuts.push([text.slice(0, at), text.slice(at)])
  for (const packets of cuts) {
    const done = read(...packets)
    expect(done).toMatchObject({ given, waiting: '', isOver: true })
    expect(done.waitingMax).toBeLessThanOrEqual(7)
  }
}

it.each([
  ['GET /v3/received?msg_ids=1, 2 HTTP/1.1', 'GET /v3/received?msg_ids=1,%202 HTTP/1.1'],
  ['HEAD /v3/received?msg_ids=1,  2  HTTP/1.0', 'HEAD /v3/received?msg_ids=1,%20%202%20 HTTP/1.0'],
  ['GET /a?b c?d HTTP/1.1', 'GET /a?b%20c?d HTTP/1.1'],
  ['GET /a?b HT HTTP HTTP/1.1', 'GET /a?b%20HT%20HTTP HTTP/1.1'],
  ['\r\n\nGET /a?b c HTTP/1.1', '\r\n\nGET /a?b%20c HTTP/1.1'],
  // One too many is left to the parser, which takes it.
  ['GET /a?b  HTTP/1.1', 'GET /a?b%20 HTTP/1.1'],
])('%j is changed', (line, changed) => {
  expectRead(line + rest, changed + rest)
})

it.each([
  'GET /a?b HTTP/1.1',
  'POST /a?b c HTTP/1.1',
  'GET /a b?c HTTP/1.1',
  'GET  /a?b c HTTP/1.1',
  'GET a?b c HTTP/1.1',
  'GOT /a?b c HTTP/1.1',
  'GET /a?b HTTP/1.1 HTTP/1.1',
  'GET /a?b HTTP/2.0',
  'GET /a?b\tc d HTTP/1.1',
  'GET /a?\u00e9 c HTTP/1.1',
  ' GET /a?b c HTTP/1.1',
])('%j is left as it is', (line) => {
  expectRead(line + rest, line + rest)
})

it.each([
  ['GET /a?b c HTTP/2.0', 'GET /a?b%20c\0 HTTP/2.0'],
  ['GET /a?b c', 'GET /a?b%20c\0'],
  ['GET /a?b c\td HTTP/1.1', 'GET /a?b%20c\0\td HTTP/1.1'],
  ['GET /a?b \u00e9 HTTP/1.1', 'GET /a?b%20\0\u00e9 HTTP/1.1'],
])('%j is made a line that no parser takes', (line, spoilt) => {
  expectRead(line + rest, spoilt + rest)
})

it.each([
  ['GET /v3/received?msg_ids=1,', ''],
  ['GET /v3/received?msg_ids=1, ', ' '],
  ['GET /v3/received?msg_ids=1, HTTP/1', ' HTTP/1'],
  ['HEA', ''],
])('%j may go on, and %j of it waits', (begun, waiting) => {
  expect(read(begun)).toMatchObject({
    given: begun.slice(0, -waiting.length || undefined),
    waiting,
  })
  expect(read(begun)).toMatchObject({ isOver: false })
})
