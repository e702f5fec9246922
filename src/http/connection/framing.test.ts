// Random requests of all kinds on one connection, cut into packets anywhere, before Node's own parser: what
// it reads is what was sent, raw spaces changed, whatever the bodies hold.
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFraming } from './framing.ts'
import { followBytes } from './sliced-input.ts'

interface Seen {
  readonly line: string
  readonly body: string
}

const server = createServer({ requireHostHeader: false, insecureHTTPParser: false })
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise((resolve) => server.close(resolve)))

/** Sends the packets; gives the requests that the parser read, in order. */
const parse = (packets: readonly Buffer[], count: number) =>
  new Promise<Seen[]>((resolve) => {
    const seen: Seen[] = []
    server.removeAllListeners('request').removeAllListeners('clientError')
    server.once('connection', (connection) => {
      const bytes = followBytes(connection, () => undefined)
      server.on('request', (request, response) => {
        bytes.begun(request)
        const { method, url, httpVersion } = request
        const parts: Buffer[] = []
        request.on('data', (part: Buffer) => parts.push(part))
        request.once('end', () => {
          const line = `${method} ${url} ${httpVersion}`
          seen.push({ line, body: Buffer.concat(parts).toString('latin1') })
          response.end()
          if (seen.length === count) client.destroy()
        })
      })
      server.once('clientError', () => client.destroy())
      connection.once('close', () => resolve(seen))
    })
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.setNoDelay(true)
    const left = [...packets]
    const send = () => {
      const packet = left.shift()
      if (packet !== undefined && client.writable) client.write(packet, () => setImmediate(send))
    }
    client.on('error', () => {})
    client.once('connect', send).resume()
  })

const cutAt = (text: string, places: readonly number[]): Buffer[] => {
  const all = Buffer.from(text, 'latin1')
  const ends = [...new Set(places.map((place) => place % all.length))].sort((a, b) => a - b)
  return [...ends, all.length].map((end, i) => all.subarray(ends[i - 1] ?? 0, end))
}

interface Sent extends Seen {
  readonly bytes: string
}

/** Bytes that look like the begin or the end of a request. */
const tricky = fc
  .array(
    fc.constantFrom(
      ...[
        '\r\n',
        '\r\n\r\n',
        '\n\n',
        '\r',
        'GET /a?b c HTTP/1.1\r\n',
        '0\r\n\r\n',
        'HEAD /',
        ' ',
        'x',
      ],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
const query = fc
  .array(fc.constantFrom(' ', 'a', ',', '%20', 'HTTP', ' HTT', '?', '/', '  '), { maxLength: 8 })
  .map((parts) => `q=${parts.join('')}`)
  // That ends the line, wherever it stands.
  .filter((text) => !text.includes(' HTTP/'))
const get: fc.Arbitrary<Sent> = fc
  .tuple(fc.constantFrom('GET', 'HEAD'), query, fc.constantFrom('', 'Host: a b\r\n'))
  .map(([method, text, header]) => ({
    bytes: `${method} /v3?${text} HTTP/1.1\r\n${header}\r\n`,
    line: `${method} /v3?${text.replaceAll(' ', '%20')} 1.1`,
    body: '',
  }))
const withLength: fc.Arbitrary<Sent> = fc
  .tuple(fc.constantFrom('POST', 'GET'), tricky)
  .map(([method, body]) => ({
    bytes: `${method} /b HTTP/1.1\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    line: `${method} /b 1.1`,
    body,
  }))
const inChunks: fc.Arbitrary<Sent> = fc
  .tuple(fc.array(tricky, { maxLength: 4 }), fc.constantFrom('', 'X: GET /?a b\r\n'))
  .map(([all, trailer]) => {
    const parts = all.filter((part) => part !== '')
    const chunks = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('')
    return {
      bytes: `POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n${trailer}\r\n`,
      line: 'POST /c 1.1',
      body: parts.join(''),
    }
  })
const pipeline = fc.array(fc.oneof(get, withLength, inChunks), { minLength: 1, maxLength: 8 })
const places = fc.array(fc.nat(2000), { maxLength: 40 })

it('is read as it was sent, whatever it is and however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(pipeline, places, async (sent, cuts) => {
      const packets = cutAt(sent.map(({ bytes }) => bytes).join(''), cuts)
      const seen = await parse(packets, sent.length)
      expect(seen).toEqual(sent.map(({ line, body }) => ({ line, body })))
    }),
    { numRuns: 150 },
  )
})

describe('what the parser says otherwise than expected ends the reading of lines', () => {
  const request = (headers: Record<string, string>, complete: boolean) =>
    ({ headers, complete }) as never
  const java = 'GET /a?b c HTTP/1.1\r\n\r\n'
  const expectUnchanged = (first: string, begun: readonly object[]) => {
    const parsed: string[] = []
    const framing = openFraming((piece) => {
      if (parsed.push(String(piece)) === 1) for (const one of begun) framing.begun(one as never)
    })
    for (const bytes of [first, java]) framing.pass(Buffer.from(bytes))
    expect(parsed).toEqual([first, java])
  }
  it.each([
    ['two heads in one piece', 'GET / HTTP/1.1\r\n\r\n', [request({}, true), request({}, true)]],
    ['no head at its end', 'GET / HTTP/1.1\r\n\r\n', []],
    ['a head before its end', 'GET / HTTP/1.1\n\n', [request({}, true)]],
    ['a body of no length', 'GET / HTTP/1.1\r\n\r\n', [request({}, false)]],
  ])('%s', (_, first, begun) => {
    expectUnchanged(first, begun)
  })
})
