/** The HTTP server of one process: a span around every request, health and metrics beside them. */
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import type { Health } from '../health.ts'
import type { Logger } from '../logger.ts'
import { contextFrom, type Telemetry } from '../telemetry.ts'

export interface Serving {
  readonly url: string
  /** Stops accepting, and waits for the requests under way; after `graceMs` they are cut off. */
  stop(graceMs: number): Promise<void>
}

/** Where a process is in its life. */
export interface Phase {
  /** It has done what it has to do before its first request. */
  started: boolean
  /** It is asked to stop: it answers still, but wants no connection to be used again. */
  draining: boolean
}

export interface ServeOptions {
  readonly hostname: string
  readonly port: number
  readonly health: Health
  readonly phase: Phase
  readonly telemetry: Telemetry
  readonly log: Logger
  handle(request: Request): Promise<Response>
}

const bodyMaxBytes = 2 * 1024 * 1024

/** Serves procedures at /trpc, and /livez, /healthz, /startupz, /readyz and /metrics. */
export const serve = (options: ServeOptions): Serving => {
  const { hostname, port, phase, log, handle } = options
  const server = Bun.serve({
    hostname,
    port,
    maxRequestBodySize: bodyMaxBytes,
    idleTimeout: 30,
    // Bun's own page for developers would show the stack and the source.
    development: false,
    error: (error) => {
      log.error('a request failed outside of its procedure', { error })
      return new Response('Internal Server Error', { status: 500 })
    },
    fetch: async (request, { timeout }) => {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith('/trpc/')) {
        // A silent stream must not be cut by the idle timeout; tRPC sends pings on it.
        if (request.headers.get('accept') === 'text/event-stream') timeout.call(server, request, 0)
        return closing(phase, await traced(request, pathname.slice('/trpc/'.length), handle))
      }
      return closing(phase, await answerOperator(pathname, options))
    },
  })
  return {
    url: `http://${hostname}:${server.port}`,
    stop: async (graceMs) => {
      const cut = setTimeout(() => void server.stop(true), graceMs)
      await server.stop(false)
      clearTimeout(cut)
    },
  }
}

/** What is asked about the process rather than of it. Whether it is alive depends on nothing else: no restart heals that. */
const answerOperator = async (
  pathname: string,
  { phase, health, telemetry }: ServeOptions,
): Promise<Response> => {
  if (pathname === '/livez' || pathname === '/healthz') return new Response('ok')
  if (pathname === '/startupz')
    return phase.started ? new Response('ok') : new Response('starting', { status: 503 })
  if (pathname === '/readyz') return answerHealth(health)
  if (pathname === '/metrics') return answerMetrics(telemetry)
  return new Response('Not found', { status: 404 })
}

/** A connection that stays open would be cut under the client's next request. */
const closing = ({ draining }: Phase, response: Response): Response => {
  if (draining) response.headers.set('connection', 'close')
  return response
}

const traced = (request: Request, name: string, handle: ServeOptions['handle']): Promise<Response> => {
  const parent = contextFrom(request.headers.get('traceparent'))
  const span = trace.getTracer('comptoir').startSpan(name, { kind: SpanKind.SERVER }, parent)
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      const response = await handle(request)
      span.setAttribute('http.response.status_code', response.status)
      if (response.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      return response
    } finally {
      span.end()
    }
  })
}

const answerHealth = async (health: Health): Promise<Response> => {
  const report = await health()
  return Response.json(report, { status: report.status === 'unready' ? 503 : 200 })
}

const answerMetrics = async (telemetry: Telemetry): Promise<Response> =>
  new Response(await telemetry.metricsText(), { headers: { 'content-type': 'text/plain; version=0.0.4' } })
