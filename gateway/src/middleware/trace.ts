/** A span around every request; a trace from outside is linked, not continued, because anybody could send one. */
import { contextFrom } from '@comptoir/service-kit/telemetry'
import { SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api'
import type { Answered } from './measure.ts'

const tracer = trace.getTracer('comptoir')

/** Begins the span of a request, whose route is not yet known. */
export const beginSpan = ({ method, headers }: Request): Span =>
  linked(tracer.startSpan(method, { kind: SpanKind.SERVER }), headers)

export const endSpan = (span: Span, { method, route, status }: Answered): void => {
  if (!span.isRecording()) return
  span.updateName(`${method} ${route}`)
  span.setAttributes({ 'http.request.method': method, 'http.response.status_code': status })
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  span.end()
}

/** The span with its link to the trace that the client told of. One that is not recorded is spared the reading. */
export const linked = (span: Span, headers: Headers): Span => {
  const traceparent = span.isRecording() ? headers.get('traceparent') : null
  const outside = traceparent === null ? undefined : trace.getSpanContext(contextFrom(traceparent))
  return outside === undefined ? span : span.addLink({ context: outside })
}

/** A span as W3C `traceparent`. */
export const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`
}
