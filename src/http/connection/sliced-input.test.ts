// What of a connection's bytes is put off and let go of, chunk by chunk.
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate as immediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { followBytes } from './sliced-input.ts'

/** A connection with a parser that keeps all it gets, and a pace that is as slow as it is told. */
const follow = () => {
  const connection = new PassThrough()
  const parsed: string[] = []
  const request = { headers: { 'content-length': '6' }, complete: false }
  connection.on('data', (piece: Buffer) => {
    parsed.push(String(piece))
    if (String(piece).endsWith('\r\n\r\n')) bytes.begun(request as unknown as IncomingMessage)
    connection.emit('parsed')
    request.complete = String(piece).endsWith('f')
  })
  const turns: (Promise<void> | undefined)[] = []
  const bytes = followBytes(connection, () => turns.shift())
  /** Of memory that is theirs alone, as what comes from a socket is. */
  const come = (text: string): Buffer => {
    const chunk = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
    chunk.write(text)
    connection.write(chunk)
    return chunk
  }
  return { bytes, come, turns, parsed, connection }
}

const head = 'POST / HTTP/1.1\r\ncontent-length: 6\r\n\r\n'

it('keeps a head that had to wait for its turn', async () => {
  const { come, turns, parsed } = follow()
  const turn = immediate()
  turns.push(turn)
  come(head)
  expect(parsed).toEqual([])
  await turn
  await immediate()
  expect(parsed).toEqual([head])
})

it('gives the parser pieces that end where a request does', () => {
  const { come, parsed } = follow()
  const get = 'GET /a?b=c HTTP/1.1\r\n'
  come(`${head}abcdef${get}`)
  come('\r\n')
  expect(parsed).toEqual([head, 'abcdef', get, '\r\n'])
})

it('lets go of what is all of a body once the parser has it, also after it had to wait', async () => {
  const { come, turns, parsed } = follow()
  come(head)
  expect(come('abc')).toHaveLength(0)
  const turn = immediate()
  turns.push(turn)
  const late = come('de')
  expect(late).toHaveLength(2)
  await turn
  await immediate()
  expect(late).toHaveLength(0)
  const next = come('fGET')
  expect(next).toHaveLength(4)
  expect(parsed.join('')).toBe(`${head}abcdefGET`)
})

it('waits while the connection is paused, and then goes on where it was', async () => {
  const { come, parsed, connection } = follow()
  const request = 'GET /a?b=c HTTP/1.1\r\n\r\n'
  connection.once('parsed', () => connection.pause())
  come(`${head}abcdef${request}`)
  expect(parsed).toEqual([head])
  connection.resume()
  await immediate()
  expect(parsed).toEqual([head, 'abcdef', request])
})

it('drops what still comes when it is stopped', () => {
  const { bytes, come, parsed } = follow()
  come('GET /a?b ')
  bytes.stop()
  come('c HTTP/1.1\r\n\r\n')
  expect(parsed).toEqual(['GET /a?b'])
})
