// Everything that Node would answer by itself with an empty body, answered as a fault: malformed HTTP,
// headers too large, too slow, a strange Expect, CONNECT. Also lets the last answers leave at the end.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Server as TlsServer } from 'node:tls'
import { Fault, type FaultName } from '../../ledger/fault.ts'
import type { Pace } from '../../runtime/time-slice.ts'
import { faultResponse, rawFaultResponse } from '../endpoint/fault-response.ts'
import { faultOfHead } from './request-head.ts'
import { type ConnectionBytes, followBytes } from './sliced-input.ts'

const lingerMs = 1000
/** At the end, who has just connected may ask for so long. */
const firstRequestWithinMs = 1000

// All that the parser refuses, but for these, is malformed.
const faultsByCode: Readonly<Record<string, FaultName>> = {
  HPE_HEADER_OVERFLOW: 'headersTooLarge',
  ERR_HTTP_REQUEST_TIMEOUT: 'requestTimeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'bodyTooLarge',
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The answer before this one on the same connection. */
  readonly before: ServerResponse | undefined
}

export interface Transport {
  /**
   * To be called for each request, before it is served; false where it is rejected, and answered. Nothing
   * that follows it on its connection is read then.
   */
  admit(request: IncomingMessage, response: ServerResponse): boolean
  onClientError(error: Error, socket: Duplex): void
  /**
   * Hangs up on everybody as soon as no request waits for its answer and nobody has just connected,
   * or after so long.
   */
  drain(withinMs: number): void
}

/** Lets answers leave to callers that have ended their own side of the connection. */
export const answerHalfClosed = (server: Server): void => {
  // Node's own property, which has no type.
  Object.assign(server, { httpAllowHalfOpen: true })
  // Not before the handshake: a caller that leaves during it has no answer to wait for.
  server.on('secureConnection', (connection: Duplex) => {
    connection.allowHalfOpen = true
  })
}

/** To be called once, before the server listens; `admit` and `onClientError` are the caller's to attach. */
export const openTransport = (server: Server, pace: Pace): Transport => {
  // What Node's parser is given: of TLS, the connection inside.
  const connected = server instanceof TlsServer ? 'secureConnection' : 'connection'
  const followed = new WeakMap<Duplex, ConnectionBytes>()
  const latest = new WeakMap<Duplex, Exchange>()
  const finished = new WeakSet<Duplex>()
  let underWay = 0
  let isDraining = false
  const hangUp = () => {
    if (underWay === 0 && unasked.size === 0) server.closeAllConnections()
  }
  const hangUpSoon = () => isDraining && setImmediate(hangUp)
  const unasked = followUnasked(server, connected, hangUpSoon)

  server.on(connected, (connection: Duplex) => {
    followed.set(connection, followBytes(connection, pace))
  })
  const admit: Transport['admit'] = (request, response) => {
    const { socket } = request
    followed.get(socket)?.begun(request)
    const fault = faultOfHead(request)
    if (fault !== undefined) {
      refuse(fault, socket)
      return false
    }
    underWay += 1
    latest.set(socket, { request, response, before: latest.get(socket)?.response })
    response.once('close', () => {
      underWay -= 1
      hangUpSoon()
    })
    return true
  }
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    if (!admit(request, response)) return
    const { status, headers, body } = faultResponse(new Fault('expectationFailed'))
    response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    response.end(body)
  })
  server.on('connect', (_: IncomingMessage, socket: Duplex) => {
    refuse(new Fault('methodNotAllowed'), socket, 'GET, HEAD, POST')
  })

  const onClientError = (error: Error, socket: Duplex): void => {
    const isGone = codeOf(error) === 'ECONNRESET' || !socket.writable
    if (isGone && !finished.has(socket)) socket.destroy()
    else refuse(new Fault(faultsByCode[codeOf(error)] ?? 'malformed'), socket)
  }

  /** The last answer of a connection. */
  const refuse = (fault: Fault, socket: Duplex, allow?: string): void => {
    if (finished.has(socket)) return
    finished.add(socket)
    // The parser gets no more bytes, and none are kept.
    followed.get(socket)?.stop()
    socket.pause()
    const exchange = latest.get(socket)
    const left = exchange && lastThatLeaves(exchange)
    const end = () => finish(socket, rawFaultResponse(fault, allow))
    if (left?.writableFinished === false) left.once('close', end)
    // Half of an answer can only be broken off.
    else if (exchange !== undefined && isHalfSent(exchange.response)) socket.destroy()
    else end()
  }

  return {
    admit,
    onClientError,
    drain: (withinMs) => {
      isDraining = true
      setImmediate(hangUp)
      setTimeout(() => {
        unasked.clear()
        hangUp()
      }, firstRequestWithinMs).unref()
      setTimeout(() => server.closeAllConnections(), withinMs).unref()
    },
  }
}

/** The connections that have not asked yet: their first request may be on its way, or lie here unread. */
const followUnasked = (
  server: Server,
  connected: 'connection' | 'secureConnection',
  onFewer: () => unknown,
): Set<Duplex> => {
  const unasked = new Set<Duplex>()
  const forget = (connection: Duplex): void => {
    if (unasked.delete(connection)) onFewer()
  }
  server.on(connected, (connection: Duplex) => {
    unasked.add(connection)
    connection.once('close', () => forget(connection))
  })
  server.on('request', ({ socket }: IncomingMessage) => forget(socket))
  return unasked
}

/** The last answer that leaves by itself: one to half a request waits for the rest, unless it is made already. */
const lastThatLeaves = ({ request, response, before }: Exchange): ServerResponse | undefined =>
  request.complete || response.writableEnded ? response : before

const isHalfSent = ({ headersSent, writableFinished }: ServerResponse): boolean =>
  headersSent && !writableFinished

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')

/** Last words: waits a moment for the other side to hang up, or it might lose them. */
const finish = (socket: Duplex, text: string): void => {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  socket.on('error', () => socket.destroy())
  socket.end(text)
  socket.resume()
  socket.once('end', () => socket.destroy())
  setTimeout(() => socket.destroy(), lingerMs).unref()
}
