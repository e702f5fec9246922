// Speaks to a server in bytes, as real clients do and no HTTP library would: one connection, a script
// of packets, everything that came back until the server hung up or enough answers were whole.
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Names as they were written. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Sends the packets, each after the answers to those before it were whole when it is preceded by a
 * number: `['GET …', 1, 'GET …', 2]` waits for one answer, then for two. `undefined` in place of the
 * last number waits until the server hangs up.
 */
export const talk = (
  port: number,
  script: readonly (string | Buffer | number)[],
  open: (port: number) => Socket = (to) => connect(to, '127.0.0.1'),
): Promise<{ answers: RawAnswer[]; packets: string[]; hungUp: boolean }> =>
  new Promise((resolve, reject) => {
    const socket = open(port)
    const packets: string[] = []
    const left = [...script]
    const step = () => {
      const answers = answersOf(packets.join(''))
      while (left.length > 0) {
        const next = left[0]
        if (typeof next === 'number' && answers.length < next) return
        left.shift()
        if (next !== undefined && typeof next !== 'number') socket.write(next)
      }
      if (typeof script.at(-1) === 'number') finish(false)
    }
    const finish = (hungUp: boolean) => {
      socket.destroy()
      resolve({ answers: answersOf(packets.join('')), packets, hungUp })
    }
    socket.once('connect', step)
    socket.on('data', (chunk) => {
      packets.push(chunk.toString('latin1'))
      step()
    })
    socket.once('end', () => finish(true))
    socket.once('error', reject)
  })

/** Sends the bytes, ends its own side, and gives what came until the server ended the other. */
export const talkAndEnd = (
  port: number,
  bytes: string,
  open: (port: number) => Socket = (to) => connect(to, '127.0.0.1'),
): Promise<RawAnswer[]> =>
  new Promise((resolve, reject) => {
    const socket = open(port)
    let came = ''
    socket.on('data', (chunk) => {
      came += chunk.toString('latin1')
    })
    socket.once('error', reject)
    socket.once('close', () => resolve(answersOf(came)))
    socket.end(bytes, 'latin1')
  })

/** A request with its lines joined as they travel. */
export const request = (...lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`

/** The whole answers at the beginning of what came; HEAD is not asked here. */
export const answersOf = (text: string): RawAnswer[] => {
  const answers: RawAnswer[] = []
  let at = 0
  for (;;) {
    const end = text.indexOf('\r\n\r\n', at)
    if (end < 0) return answers
    const [statusLine = '', ...lines] = text.slice(at, end).split('\r\n')
    const status = Number(statusLine.split(' ')[1])
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    )
    const length = Number(headers['content-length'] ?? headers['Content-Length'] ?? 0)
    if (text.length < end + 4 + length) return answers
    const body = Buffer.from(text.slice(end + 4, end + 4 + length), 'latin1').toString()
    if (status !== 100) answers.push({ status, headers, body })
    at = end + 4 + length
  }
}
