// What of a connection's bytes is kept, put off and let go of, chunk by chunk.
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate as immediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { followBytes } from './connection-bytes.ts'

/** A connection with a parser that keeps all it gets, and a pace that is as slow as it is told. */
const follow = () => {
  const connection = new PassThrough()
  const parsed: string[] = []
  connection.on('data', (bytes: Buffer) => parsed.push(String(bytes)))
  const turns: (Promise<void> | undefined)[] = []
  const bytes = followBytes(connection, () => turns.shift())
  /** Of memory that is theirs alone, as what comes from a socket is. */
  const come = (text: string): Buffer => {
    const chunk = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
    chunk.write(text)
    connection.write(chunk)
    return chunk
  }
  return { bytes, come, turns, parsed }
}

const head = 'POST / HTTP/1.1\r\ncontent-length: 6\r\n\r\n'
const request = { headers: { 'content-length': '6' } } as unknown as IncomingMessage

it('keeps a head that had to wait for its turn', async () => {
  const { bytes, come, turns, parsed } = follow()
  const turn = immediate()
  turns.push(turn)
  come(head)
  expect(parsed).toEqual([])
  await turn
  await immediate()
  expect(parsed.join('')).toBe(head)
  expect(String(bytes.current())).toBe(head)
})

it('lets go of what is all of a body once the parser has it, also after it had to wait', async () => {
  const { bytes, come, turns, parsed } = follow()
  come(head)
  bytes.begun(request)
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
  expect(String(bytes.current())).toBe('GET')
  expect(parsed.join('')).toBe(`${head}abcdefGET`)
})
