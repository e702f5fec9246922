// /metrics at a port of its own, where nothing else is: whoever watches over the server need not reach
// the ledger, and the ledger's callers not this. Speaks plain HTTP.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Fault } from '../ledger/fault.ts'
import type { Clock } from '../runtime/clock.ts'
import { bears } from './access/authorization.ts'
import type { FailedLogIns, LogInAttempt } from './access/login-throttle.ts'
import { faultOfHead, headerLinesRead } from './connection/request-head.ts'
import { answerHalfClosed } from './connection/transport.ts'
import { faultResponse } from './endpoint/fault-response.ts'
import { pathOf } from './endpoint/path.ts'
import type { MetricsPage } from './routes/metrics.ts'

export interface MetricsPort {
  readonly address: ReturnType<Server['address']>
  close(): Promise<void>
}

export interface MetricsPortSettings {
  readonly host: string
  readonly port: number
  /** Asked of everybody where it is not empty. */
  readonly token: string
}

const connectionsMax = 100

/** Listens; rejects where it cannot. */
export const openMetricsPort = async (
  { host, port, token }: MetricsPortSettings,
  page: MetricsPage,
  failedLogIns: FailedLogIns,
  clock: Clock,
): Promise<MetricsPort> => {
  const server = createServer(async (request, response) => {
    try {
      admit(request, token)
      const { text, contentType } = await page()
      send(response, 200, { 'content-type': contentType }, text)
    } catch (error) {
      if (error instanceof Fault && error.fault === 'unauthorized') {
        await failedLogIns.wait(attemptOf(request), clock())
      }
      const { status, headers, body } = faultResponse(error, 'bearer')
      const allow = status === 405 ? { allow: 'GET, HEAD' } : {}
      // The bytes after a rejected head may not be what they seem.
      const close = status === 400 || status === 431 ? { connection: 'close' } : {}
      send(response, status, { ...headers, ...allow, ...close }, body)
    }
  })
  server.maxConnections = connectionsMax
  server.maxHeadersCount = headerLinesRead
  answerHalfClosed(server)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, resolve)
  })
  return {
    address: server.address(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Throws a fault. */
const admit = (request: IncomingMessage, token: string): void => {
  const fault = faultOfHead(request)
  if (fault !== undefined) throw fault
  const { url = '', method, headers } = request
  if (pathOf(url) !== '/metrics') throw new Fault('notFound')
  if (method !== 'GET' && method !== 'HEAD') throw new Fault('methodNotAllowed')
  if (token !== '' && !bears(headers.authorization, token)) {
    throw new Fault('unauthorized', 'Bearer authentication failed: wrong token')
  }
}

/** All callers share one token, so there is no key. */
const attemptOf = ({ socket, headers }: IncomingMessage): LogInAttempt => ({
  address: socket.remoteAddress ?? '',
  key: '',
  by: headers.authorization === undefined ? undefined : 'bearer',
  path: '/metrics',
})

const send = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void => {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
