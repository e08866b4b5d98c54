// Of the traces that begin at the edge a part is recorded, as OpenTelemetry’s variables say it, and all are passed on.
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { collectSpans, type SpanCollector } from '../journeys/span-collector.ts'
import { until } from '../stack/until.ts'
import { startLoneEdge, type LoneEdge } from './lone-edge.ts'

let collector: SpanCollector
let edge: LoneEdge
beforeAll(async () => {
  collector = collectSpans()
  edge = await startLoneEdge({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.5',
  })
})
afterAll(async () => {
  await edge?.stop()
  collector[Symbol.dispose]()
})

/** A trace’s id, and whether it is sampled. */
const traceOf = (traceparent: string | null | undefined): readonly [id: string, isSampled: boolean] => {
  const [, id = '', , flags] = traceparent?.split('-') ?? []
  return [id, flags === '01']
}

/** The trace of a client, who says that it is sampled: that is not for anybody to say. */
const outside = 'a'.repeat(32)

test('services and clients are told which traces are sampled, and those are recorded and no others', async () => {
  const headers = { traceparent: `00-${outside}-${'b'.repeat(16)}-01` }
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, n) => fetch(`${edge.url}/v1/products?q=${n}`, { headers })),
  )
  const told = new Map(answers.map((answer) => traceOf(answer.headers.get('traceparent'))))
  expect(told.size).toBe(64)
  expect(new Map(edge.echo.heard.map((heard) => traceOf(heard.headers['traceparent'])))).toEqual(told)
  const sampled = [...told].flatMap(([id, isSampled]) => (isSampled ? [id] : []))
  const others = [...told.keys()].filter((id) => !sampled.includes(id))
  // One in 2^63 has all of them on one side.
  for (const some of [sampled, others]) expect(some).not.toEqual([])
  const spans = (ids: readonly string[]) => ids.flatMap((id) => collector.spansOf(id))
  await until('the sampled traces are there', () => spans(sampled).length >= sampled.length || undefined)
  expect(spans(sampled).map(({ linkedTo }) => linkedTo)).toEqual(sampled.map(() => [outside]))
  expect(spans([...others, outside])).toEqual([])
})
