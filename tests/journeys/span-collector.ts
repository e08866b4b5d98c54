// A collector of OTLP over HTTP in JSON (opentelemetry-proto, ExportTraceServiceRequest), which keeps what it is sent.
import { z } from 'zod'

const Attribute = z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) })
const WireSpan = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  links: z.array(z.object({ traceId: z.string() })).default([]),
})
const Export = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(Attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(WireSpan) })),
    }),
  ),
})

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const

export interface Span {
  readonly service: string
  readonly name: string
  readonly kind: (typeof kinds)[number]
  readonly traceId: string
  readonly spanId: string
  /** Undefined for the first span of a trace. */
  readonly parentId: string | undefined
  /** The ids of the traces that it is linked to. */
  readonly linkedTo: readonly string[]
}

export interface SpanCollector extends Disposable {
  readonly url: string
  spansOf(traceId: string): Span[]
  /** Everything as it came in, to look for what must not be in it. */
  readonly received: readonly string[]
}

/** Listens on a free port. */
export const collectSpans = (): SpanCollector => {
  const spans: Span[] = []
  const received: string[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    routes: {
      '/v1/traces': {
        POST: async (request) => {
          const text = await request.text()
          received.push(text)
          spans.push(...read(text))
          return Response.json({})
        },
      },
    },
  })
  return {
    url: server.url.origin,
    received,
    spansOf: (traceId) => spans.filter((span) => span.traceId === traceId),
    [Symbol.dispose]: () => void server.stop(true),
  }
}

const read = (text: string): Span[] =>
  Export.parse(JSON.parse(text)).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const named = resource.attributes.find(({ key }) => key === 'service.name')
    const service = named?.value.stringValue ?? ''
    return scopeSpans.flatMap((scope) =>
      scope.spans.map(({ parentSpanId, kind, links, ...span }) => ({
        ...span,
        linkedTo: links.map(({ traceId }) => traceId),
        service,
        kind: kinds[kind] ?? 'unspecified',
        parentId: parentSpanId === '' ? undefined : parentSpanId,
      })),
    )
  })
