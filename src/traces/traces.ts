// A span a request, sent to a collector of OpenTelemetry: the one place that knows its packages, which
// are loaded only where traces are asked for. Told of a request when its answer
// has left, so nothing here can delay or fail one.
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import type { Context } from '@opentelemetry/api'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import { parseTraceparent } from './traceparent.ts'

export interface TracesSettings {
  /** Of the collector, without `/v1/traces`. */
  readonly url: string
  /** In which the server is asked. */
  readonly scheme: 'http' | 'https'
}

export interface Traces {
  /** `other` where no route was found. */
  onAnswered(route: string, status: number, ms: number, request: TracedRequest): void
  /** Sends what waits, for so long as one export may take; never throws. */
  close(): Promise<void>
}

interface TracedRequest {
  readonly method?: string | undefined
  readonly headers: IncomingHttpHeaders
}

// What does not fit is dropped.
const spansWaitingMax = 2048
const spansAtOnce = 512
const exportsAtOnce = 8
const exportEveryMs = 1000
const exportWithinMs = 5000

export const openTraces = async (
  { url, scheme }: TracesSettings,
  clock: Clock,
  log: Log,
): Promise<Traces> => {
  const { api, sdk, otlp, resources } = await loadPackages()
  const exporter = new otlp.OTLPTraceExporter({
    url: `${url}/v1/traces`,
    timeoutMillis: exportWithinMs,
    concurrencyLimit: exportsAtOnce,
  })
  const tell = openTrouble(url, log)
  const processor = new sdk.BatchSpanProcessor({
    exporter: {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          tell(result.code === 0 ? undefined : (result.error ?? new Error('it was refused')))
          done(result)
        }),
      shutdown: () => exporter.shutdown(),
    },
    maxQueueSize: spansWaitingMax,
    maxExportBatchSize: spansAtOnce,
    scheduledDelayMillis: exportEveryMs,
    exportTimeoutMillis: exportWithinMs + 1000,
  })
  const provider = new sdk.TracerProvider({
    resource: resources.defaultResource().merge(
      resources.resourceFromAttributes({
        'service.name': 'pushledger',
        'service.version': versionOf(),
      }),
    ),
    spanProcessors: [processor],
  })
  const tracer = provider.getTracer('pushledger')

  const parentOf = ({ traceparent, tracestate }: IncomingHttpHeaders): Context => {
    const parent = parseTraceparent(traceparent)
    if (parent === undefined) return api.ROOT_CONTEXT
    const { traceId, spanId, flags: traceFlags } = parent
    const state = typeof tracestate === 'string' && {
      traceState: api.createTraceState(tracestate),
    }
    const span = { traceId, spanId, traceFlags, isRemote: true, ...state }
    return api.trace.setSpanContext(api.ROOT_CONTEXT, span)
  }

  return {
    onAnswered: (route, status, ms, { method = '', headers }) => {
      const endTime = clock()
      const isKnown = route !== 'other'
      const span = tracer.startSpan(
        isKnown ? `${method} ${route}` : method,
        {
          kind: api.SpanKind.SERVER,
          startTime: endTime - ms,
          attributes: {
            'http.request.method': method,
            'http.response.status_code': status,
            'url.scheme': scheme,
            ...(isKnown && { 'http.route': route }),
          },
        },
        parentOf(headers),
      )
      if (status >= 500) span.setStatus({ code: api.SpanStatusCode.ERROR })
      span.end(endTime)
    },
    close: async () => {
      // What failed was told of already.
      await provider.shutdown().catch(() => {})
    },
  }
}

/** Warns of the first export that fails, and again only after one that did not. */
const openTrouble = (url: string, log: Log): ((error: Error | undefined) => void) => {
  let isTold = false
  return (error) => {
    if (error !== undefined && !isTold) {
      log.warn({ err: error, url }, 'the collector of traces takes none: they are dropped')
    }
    isTold = error !== undefined
  }
}

const versionOf = (): string => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

const loadPackages = async () => {
  const [api, sdk, otlp, resources] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ])
  return { api, sdk, otlp, resources }
}
