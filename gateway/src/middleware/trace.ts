/** A span around every request; a trace from outside is linked, not continued, because anybody could send one. */
import { context, SpanKind, SpanStatusCode, trace, type Link, type Span } from '@opentelemetry/api'
import { contextFrom, currentTraceparent } from '@comptoir/service-kit/telemetry'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { EdgeEnv } from '../edge-context.ts'

export const tracing = (): MiddlewareHandler<EdgeEnv> =>
  async function tracing(c, next) {
    const links = outsideLinks(c.req.header('traceparent'))
    const span = trace
      .getTracer('comptoir')
      .startSpan(`${c.req.method} ${spanName(c.req.path)}`, { kind: SpanKind.SERVER, links })
    await context.with(trace.setSpan(context.active(), span), async () => {
      await next()
      const traceparent = currentTraceparent()
      if (traceparent !== undefined) c.res.headers.set('traceparent', traceparent)
    })
    span.updateName(`${c.req.method} ${routePath(c, -1)}`)
    span.setAttributes({ 'http.request.method': c.req.method, 'http.response.status_code': c.res.status })
    if (c.res.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  }

const spanName = (path: string): string => path.split('/')[1] ?? ''

export const outsideLinks = (traceparent: string | null | undefined): Link[] => {
  const outside = trace.getSpanContext(contextFrom(traceparent))
  return outside === undefined ? [] : [{ context: outside }]
}

/** A span as W3C `traceparent`. */
export const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
