// The HTTP server: puts the endpoints behind Fastify and holds what is the same for all of them, in
// the order in which faults are looked for: malformed, 404, 405, credentials, rate, permission. What
// an endpoint answers is its route's to say.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { GroupPushes } from '../apps/group-pushes.ts'
import type { Ingest } from '../ingest/ingest.ts'
import { Fault } from '../ledger/fault.ts'
import type { Store } from '../ledger/store.ts'
import { documentOf } from '../openapi/document.ts'
import type { Limits } from '../openapi/limit.ts'
import { parseQuery } from '../report/query.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { endOfTurn, openPace, type Pace } from '../runtime/time-slice.ts'
import { admit } from './access/admit.ts'
import { challengeOf, type Doors, isVisit, triedOf } from './access/caller.ts'
import { type Cors, openCors } from './access/cors.ts'
import { type FailedLogIns, type LogInAttempt, openFailedLogIns } from './access/login-throttle.ts'
import { openRateLimit, type RateLimit, windowSeconds } from './access/rate-limit.ts'
import type { Room } from './body/body-budget.ts'
import { readBody } from './body/read-body.ts'
import type { Certificate } from './connection/certificate.ts'
import { goneOf, neverGone } from './connection/gone.ts'
import { headerLinesRead } from './connection/request-head.ts'
import { answerHalfClosed, openTransport } from './connection/transport.ts'
import { packedFor } from './endpoint/content-encoding.ts'
import type { Endpoint, FileEndpoint } from './endpoint/endpoint.ts'
import { isHeld, tagOf } from './endpoint/etag.ts'
import { type Challenge, contentType, faultResponse } from './endpoint/fault-response.ts'
import { pathOf } from './endpoint/path.ts'
import { consoleRoutes } from './routes/console.ts'
import type { ConsoleFile } from './routes/console-file.ts'
import { daysRoute } from './routes/days.ts'
import { docsRoute } from './routes/docs.ts'
import { eventsRoute } from './routes/events.ts'
import { feedRoute } from './routes/feed.ts'
import { groupMessagesRoute } from './routes/group-messages.ts'
import { groupMessagesDetailRoute } from './routes/group-messages-detail.ts'
import { groupUsersRoute } from './routes/group-users.ts'
import { healthzRoute } from './routes/healthz.ts'
import { messageHoursRoute } from './routes/message-hours.ts'
import { messagesRoute } from './routes/messages.ts'
import { messagesDetailRoute } from './routes/messages-detail.ts'
import { type MetricsPage, metricsRoute } from './routes/metrics.ts'
import { openapiRoute } from './routes/openapi.ts'
import { readyzRoute } from './routes/readyz.ts'
import { receivedRoute } from './routes/received.ts'
import { receivedDetailRoute } from './routes/received-detail.ts'
import { recentMessagesRoute } from './routes/recent-messages.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { statusRoute } from './routes/status.ts'
import { usersRoute } from './routes/users.ts'

/** The limits are told to callers too. */
export interface HttpSettings extends Limits {
  /** How long a request may take to arrive. */
  readonly requestTimeoutMs?: number
  /** How long a connection may be idle between requests. */
  readonly keepAliveSeconds?: number
  /** Speaks TLS only where there is one. */
  readonly certificate?: Certificate | undefined
  /** From where browsers may read answers. */
  readonly corsOrigins?: readonly string[]
}

export interface HttpDeps extends Doors {
  readonly store: Store
  readonly ingest: Ingest
  readonly pushes: GroupPushes
  readonly clock: Clock
  readonly log: Log
  readonly settings: HttpSettings
  /** What speaks against sending work here. */
  readonly notReady: () => readonly string[]
  /** What an operator should see to. */
  readonly warnings: () => readonly string[]
  /** As of when a report of this moment answers: earlier, while the clock is not believed. */
  readonly reportAsOf: (wallMs: number) => number
  /** What the bodies under way may take. */
  readonly room: Room
  /** Told of every answer of a route; `other` where no route was found. */
  readonly onAnswered?:
    | ((route: string, status: number, ms: number, request: IncomingMessage) => void)
    | undefined
  /** Receives every rejected login. */
  readonly onRefused?: ((attempt: LogInAttempt) => void) | undefined
  /** Served here only where they are given. */
  readonly metrics?: { readonly token: string; readonly page: MetricsPage } | undefined
  /** What a browser is shown; its page needs sessions. */
  readonly console?: readonly ConsoleFile[] | undefined
}

const requestTimeoutMs = 300_000
const headersTimeoutMs = 60_000
/** Where nothing else is set. */
const keepAliveSeconds = 72
const drainWithinMs = 10_000
/** One more is hung up on. An idle one takes some 20 kB. */
const connectionsMax = 10_000

/** All of this server. */
const endpointsOf = (deps: HttpDeps, failedLogIns: FailedLogIns): readonly Endpoint[] => {
  const endpoints: readonly Endpoint[] = [
    receivedRoute,
    receivedDetailRoute,
    statusRoute,
    messagesRoute,
    messagesDetailRoute,
    usersRoute,
    recentMessagesRoute,
    messageHoursRoute,
    daysRoute,
    feedRoute,
    groupMessagesDetailRoute(deps.pushes),
    groupUsersRoute,
    eventsRoute(deps.ingest, deps.settings.bodyBytesMax),
    groupMessagesRoute(deps.pushes),
    ...sessionRoutesOf(deps, failedLogIns),
    ...consoleRoutes(deps.console ?? []),
    healthzRoute,
    readyzRoute(deps.notReady, deps.warnings),
    ...(deps.metrics === undefined ? [] : [metricsRoute(deps.metrics.token, deps.metrics.page)]),
    openapiRoute(() => document()),
    docsRoute(() => document()),
  ]
  const document = () => documentOf(endpoints.filter(isDocumented), deps.settings)
  return endpoints
}

const sessionRoutesOf = (deps: HttpDeps, failedLogIns: FailedLogIns): readonly Endpoint[] => {
  const { apps, sessions, settings } = deps
  if (sessions === undefined) return []
  return sessionRoutes({ apps, sessions, failedLogIns, isTls: settings.certificate !== undefined })
}

/** The document is for programs. */
const isDocumented = (endpoint: Endpoint): endpoint is Exclude<Endpoint, FileEndpoint> =>
  endpoint.access !== 'file'

/** Not listening yet. Closing it lets every accepted request be answered first. */
export const createApp = (deps: HttpDeps): FastifyInstance => {
  const failedLogIns = openFailedLogIns(deps.onRefused)
  const endpoints = endpointsOf(deps, failedLogIns)
  const endpointPathOf = openPaths(endpoints)
  const timeoutMs = deps.settings.requestTimeoutMs ?? requestTimeoutMs
  const nodeSettings = {
    // Node would answer with an empty body.
    requireHostHeader: false,
    // Only then does an empty line end every head.
    insecureHTTPParser: false,
    requestTimeout: timeoutMs,
    headersTimeout: Math.min(headersTimeoutMs, timeoutMs),
    keepAliveTimeout: 1000 * (deps.settings.keepAliveSeconds ?? keepAliveSeconds),
    connectionsCheckingInterval: Math.min(30_000, timeoutMs),
  }
  const { certificate } = deps.settings
  const app = Fastify({
    logger: false,
    return503OnClosing: false,
    serverFactory: (handler) => {
      const serve = (request: IncomingMessage, response: ServerResponse): void => {
        if (transport.admit(request, response)) handler(request, response)
      }
      return certificate === undefined
        ? createServer(nodeSettings, serve)
        : createTlsServer({ ...nodeSettings, ...certificate }, serve)
    },
    rewriteUrl: (request) => {
      // Real clients send all kinds of types, malformed ones too; bodies are judged by themselves.
      delete request.headers['content-type']
      return endpointPathOf(request.url ?? '')
    },
    clientErrorHandler: (error, socket) => transport.onClientError(error, socket),
  })
  app.server.maxConnections = connectionsMax
  app.server.maxHeadersCount = headerLinesRead
  answerHalfClosed(app.server)
  const pace = openPace()
  const transport = openTransport(app.server, pace)

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const cors = openCors(deps.settings.corsOrigins ?? [])
  app.addHook('onRequest', (request, reply, done) => {
    const isLetIn = cors?.mark(request.raw.headers, reply.raw) ?? false
    if (refuseStrangers(endpoints, request, reply, isLetIn ? cors : undefined) === undefined) done()
  })
  app.setErrorHandler(async (error, { url, raw: { headers, socket } }, reply) => {
    if (error instanceof Fault && error.fault === 'unauthorized') {
      const address = socket.remoteAddress ?? ''
      const attempt = { ...triedOf(headers), address, path: url }
      await failedLogIns.wait(attempt, deps.clock())
    }
    const access = endpoints.find(({ path }) => path === url)?.access
    return sendFault(deps.log, error, reply, challengeOf(access, headers))
  })
  app.setNotFoundHandler((_request, reply) => sendFault(deps.log, new Fault('notFound'), reply))
  app.addHook(
    'onResponse',
    ({ method, url, routeOptions, raw }, { statusCode, elapsedTime }, done) => {
      deps.onAnswered?.(routeOptions.url ?? 'other', statusCode, elapsedTime, raw)
      deps.log.debug({ method, path: url, status: statusCode, ms: elapsedTime }, 'answered')
      done()
    },
  )
  app.addHook('preClose', async () => transport.drain(drainWithinMs))
  const shared = { limit: openRateLimit(deps.settings.rateLimit), room: deps.room, pace }
  for (const endpoint of endpoints) {
    const { path: url, method } = endpoint
    app.route({ url, method, handler: handlerOf(endpoint, deps, shared) })
  }
  return app
}

/** From the path as it came to an endpoint's own, or to one that no endpoint has. */
const openPaths = (endpoints: readonly Endpoint[]): ((url: string) => string) => {
  const known = new Set(endpoints.map(({ path }) => path))
  return (url) => {
    const path = pathOf(url)
    if (known.has(path)) return path
    // The base of the Beijing region: the same endpoints once more.
    const other = path.replace(/^\/v3\/report\//, '/v3/')
    return known.has(other) ? other : '/-'
  }
}

const refuseStrangers = (
  endpoints: readonly Endpoint[],
  request: FastifyRequest,
  reply: FastifyReply,
  cors: Cors | undefined,
): FastifyReply | undefined => {
  if (!request.is404) return undefined
  const methods = endpoints.filter(({ path }) => path === request.url).map(({ method }) => method)
  if (methods.length === 0) throw new Fault('notFound')
  const allowed = methods.flatMap((m) => (m === 'GET' ? ['GET', 'HEAD'] : [m]))
  if (cors !== undefined && request.method === 'OPTIONS') {
    cors.answerAhead(reply.raw, allowed)
    return reply.code(204).send()
  }
  reply.header('allow', allowed.join(', '))
  throw new Fault('methodNotAllowed')
}

const sendFault = (
  log: Log,
  error: unknown,
  reply: FastifyReply,
  challenge?: Challenge,
): FastifyReply => {
  if (!(error instanceof Fault)) log.error({ err: error }, 'an internal error')
  else if (error.cause !== undefined) log.warn({ err: error }, error.message)
  const { status, headers, body } = faultResponse(error, challenge)
  return reply.code(status).headers(headers).send(body)
}

const ofJson = { 'content-type': contentType }

/** What all calls of a server share. */
interface Shared {
  readonly limit: RateLimit
  readonly room: Room
  /** Of reading requests and of answering them. */
  readonly pace: Pace
}

const handlerOf = (endpoint: Endpoint, deps: HttpDeps, { limit, room, pace }: Shared) => {
  return async ({ raw, originalUrl }: FastifyRequest, reply: FastifyReply) => {
    const nowMs = deps.clock()
    const { answer, caller } = await admit(endpoint, deps, raw, nowMs, (name) =>
      spend(limit, name, nowMs, reply.raw),
    )
    const question = originalUrl.indexOf('?')
    const held = room.hold(caller)
    const gone = endpoint.method === 'POST' ? goneOf(reply.raw) : neverGone
    const turn = pace()
    if (turn !== undefined) await turn
    try {
      const {
        status,
        body,
        headers = ofJson,
      } = await answer({
        store: deps.store,
        nowMs: isOfData(endpoint) ? deps.reportAsOf(nowMs) : nowMs,
        query: parseQuery(question < 0 ? '' : originalUrl.slice(question + 1)),
        body: (bytesMax) => readBody(raw, bytesMax, held, gone),
        gone,
      })
      const tag = status === 200 && isConditional(endpoint) ? tagOf(body) : undefined
      await endOfTurn()
      if (tag !== undefined) {
        reply.headers({ etag: tag, 'cache-control': 'private, no-cache' })
        if (isHeld(raw.headers['if-none-match'], tag)) return reply.code(304).send()
        if (isVisit(raw.headers)) return await sendPacked(raw, reply.headers(headers), body, tag)
      }
      return reply.code(status).headers(headers).send(body)
    } finally {
      held.release()
    }
  }
}

/** To people who look; programs get their answers as they always were. */
const sendPacked = async (
  { headers }: IncomingMessage,
  reply: FastifyReply,
  body: string | Buffer,
  tag: string,
): Promise<FastifyReply> => {
  reply.header('vary', 'accept-encoding')
  const packed = await packedFor(headers['accept-encoding'], body)
  if (packed === undefined) return reply.send(body)
  return reply.headers({ 'content-encoding': 'gzip', etag: `W/${tag}` }).send(packed)
}

/** Reports, and the pushes of groups; events are placed in time by the clock as it is. */
const isOfData = ({ access }: Endpoint): boolean =>
  access === 'report' || access === 'vip' || access === 'group' || access === 'group feed'

/** The reports that are asked by GET. */
const isConditional = ({ method, access }: Endpoint): boolean =>
  method === 'GET' && (access === 'report' || access === 'vip' || access === 'group')

const spend = (limit: RateLimit, key: string, nowMs: number, response: ServerResponse): void => {
  const spent = limit(key, nowMs)
  if (spent === undefined) return
  // Straight to Node: Fastify writes names in lower case, and PHP users read these case by case.
  response.setHeader('X-Rate-Limit-Limit', spent.limit)
  response.setHeader('X-Rate-Limit-Quota', spent.limit)
  response.setHeader('X-Rate-Limit-Remaining', spent.remaining)
  response.setHeader('X-Rate-Limit-Reset', spent.resetSeconds)
  // The same in the words of the IETF's draft, for libraries that know those.
  response.setHeader('RateLimit-Policy', `"reports";q=${spent.limit};w=${windowSeconds}`)
  response.setHeader('RateLimit', `"reports";r=${spent.remaining};t=${spent.resetSeconds}`)
  if (!spent.isOver) return
  throw new Fault('rateLimited', undefined, { retryAfterSeconds: spent.resetSeconds })
}
