// One request and its whole answer, over a bounded number of connections that stay open: bytes out,
// text in. Knows no retries and no meaning; never rejects, as nobody answering is an answer too.
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'

export interface Request {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** With one it is a POST, else a GET. */
  readonly body?: Uint8Array | undefined
}

export interface Answer {
  /** 0 where nobody answered; then the text says why. */
  readonly status: number
  readonly text: string
  readonly retryAfterMs?: number | undefined
  /** Trying again would be in vain: no such host, a certificate that does not hold. */
  readonly isHopeless?: boolean
}

export interface Line {
  call(asked: Request): Promise<Answer>
  /** Hangs up. */
  close(): void
}

export interface LineSettings {
  readonly connections: number
  /** How long nothing may be heard before a request is given up. */
  readonly timeoutMs: number
}

// Reports of a hundred messages are far below it.
const answerBytesMax = 67_108_864

/** What may pass by itself, and how it is told. */
const passing: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke',
  ECONNABORTED: 'the connection broke',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'there was no answer in time',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ENETDOWN: 'the network is down',
  EAI_AGAIN: 'its name cannot be looked up now',
}

const untrusted =
  'its certificate is not signed by an authority that is trusted here: name the file of one in NODE_EXTRA_CA_CERTS'

/** What does not. */
const lasting: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EACCES: 'the system does not permit it',
  EADDRNOTAVAIL: 'this machine has no address or port left for it',
  EMFILE: 'this process may not open more connections: raise its limit, ulimit -n',
  EPROTO: 'it does not speak TLS there: is it http?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there: is it http?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS there: is it http?',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP there: is it https?',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: is the clock right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
}

export const openLine = (url: string, { connections, timeoutMs }: LineSettings): Line => {
  const isSecure = new URL(url).protocol === 'https:'
  const agent = new (isSecure ? SecureAgent : Agent)({ keepAlive: true, maxSockets: connections })
  const send = isSecure ? secureRequest : request
  const base = url.replace(/(?<!\/)\/+$/, '')

  const start = ({ path, headers, body }: Request): ClientRequest =>
    send(`${base}${path}`, {
      agent,
      timeout: timeoutMs,
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? headers : { ...headers, 'content-length': body.byteLength },
    })

  const call = (asked: Request, isAgain = false): Promise<Answer> =>
    new Promise((resolve) => {
      const outgoing = start(asked)
      const fail = (error: Error) => {
        // A connection that was kept may have ended meanwhile: that says nothing of the server.
        const wasKept = outgoing.reusedSocket && !isAgain && codeOf(error) !== 'ETIMEDOUT'
        resolve(wasKept ? call(asked, true) : silence(url, error))
      }
      outgoing.once('timeout', () => {
        outgoing.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
      })
      outgoing.on('error', fail)
      outgoing.once('response', (incoming) => collect(incoming).then(resolve, fail))
      outgoing.end(asked.body)
    })

  return { call: (asked) => call(asked), close: () => agent.destroy() }
}

const collect = async (incoming: IncomingMessage): Promise<Answer> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of incoming) {
    bytes += chunk.length
    if (bytes > answerBytesMax) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  const seconds = incoming.headers['retry-after'] ?? ''
  return {
    status: incoming.statusCode ?? 0,
    text: Buffer.concat(chunks).toString(),
    retryAfterMs: /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined,
  }
}

const silence = (url: string, error: Error): Answer => {
  const code = codeOf(error)
  const why = passing[code] ?? lasting[code] ?? error.message
  return { status: 0, text: `${url} cannot be reached: ${why}`, isHopeless: !(code in passing) }
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')
