/** A span around every request; a trace from outside is linked, not continued, because anybody could send one. */
import { contextFrom } from '@comptoir/service-kit/telemetry'
import { SpanKind, SpanStatusCode, trace, type Link, type Span } from '@opentelemetry/api'
import type { Answered } from './measure.ts'

const tracer = trace.getTracer('comptoir')

/** Begins the span of a request, whose route is not yet known. */
export const beginSpan = ({ method, headers }: Request): Span =>
  tracer.startSpan(method, { kind: SpanKind.SERVER, links: outsideLinks(headers.get('traceparent')) })

export const endSpan = (span: Span, { method, route, status }: Answered): void => {
  if (!span.isRecording()) return
  span.updateName(`${method} ${route}`)
  span.setAttributes({ 'http.request.method': method, 'http.response.status_code': status })
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

const noLinks: Link[] = []

export const outsideLinks = (traceparent: string | null): Link[] => {
  if (traceparent === null) return noLinks
  const outside = trace.getSpanContext(contextFrom(traceparent))
  return outside === undefined ? noLinks : [{ context: outside }]
}

/** A span as W3C `traceparent`. */
export const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
