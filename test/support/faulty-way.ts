// A way to a server on which things go wrong as a test wants them to: connections that are refused, bytes
// that come late or only in part, and answers that are another's. Whatever is not touched passes as it is.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Trouble =
  | 'down'
  | 'silent'
  /** The first half of the answer, and then the end. */
  | 'half'
  /** The server does what it was asked, and the answer is lost. */
  | 'lost'
  | { readonly status: number; readonly code: number; readonly text: string }

export interface FaultyWay {
  readonly url: URL
  /** From now on, for requests whose statement matches; none for all well. */
  trouble(trouble: Trouble | undefined, where?: RegExp): void
  close(): Promise<void>
}

const everything = /(?:)/

export const openFaultyWay = async (to: URL): Promise<FaultyWay> => {
  let trouble: Trouble | undefined
  let where = everything
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = []
    asked.on('data', (chunk: Buffer) => chunks.push(chunk))
    asked.on('end', () => {
      const body = Buffer.concat(chunks)
      const statement = `${decodeURIComponent((asked.url ?? '').replaceAll('+', ' '))}\n${body}`
      const now = where.test(statement) ? trouble : undefined
      if (now === 'silent') return
      if (now === 'down') asked.socket.destroy()
      else if (typeof now === 'object') refuse(answer, now)
      else pass(to, asked, body, answer, now)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(to)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url,
    trouble: (next, matching = everything) => {
      trouble = next
      where = matching
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const pass = (
  to: URL,
  asked: IncomingMessage,
  body: Buffer,
  answer: ServerResponse,
  trouble: 'half' | 'lost' | undefined,
): void => {
  const { url: path, method, headers } = asked
  const passed = request({ host: to.hostname, port: to.port, path, method, headers }, (found) => {
    const parts: Buffer[] = []
    found.on('data', (part: Buffer) => parts.push(part))
    found.on('end', () => {
      const whole = Buffer.concat(parts)
      if (trouble === 'lost') return void asked.socket.destroy()
      answer.writeHead(found.statusCode ?? 500, found.headers)
      if (trouble === undefined) return void answer.end(whole)
      answer.write(whole.subarray(0, whole.length / 2), () => asked.socket.destroy())
    })
  })
  passed.on('error', () => answer.destroy())
  passed.end(body)
}

const refuse = (answer: ServerResponse, { status, code, text }: Trouble & object): void => {
  answer.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) })
  answer.end(`Code: ${code}. DB::Exception: ${text}\n`)
}
