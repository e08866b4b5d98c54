import { describe, expect, test } from 'bun:test'
import { ROOT_CONTEXT, trace, TraceFlags, type Context } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { samplerOf, type Sampling } from './sampler-of.ts'

const traces = 400

/** A tracer that samples as told, what it has recorded, and what it has warned of. */
const sampling = (how: Sampling) => {
  const warnings: string[] = []
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({
    sampler: samplerOf(how, (message) => warnings.push(message)),
    spanProcessors: [new SimpleSpanProcessor({ exporter })],
  })
  const tracer = provider.getTracer('test')
  /** Begins as many traces, or spans below a parent, and tells how many of them are recorded. */
  const recorded = (parent: Context = ROOT_CONTEXT): number => {
    const spans = Array.from({ length: traces }, () => tracer.startSpan('work', {}, parent))
    return spans.filter((span) => span.isRecording()).length
  }
  return { recorded, warnings, tracer, exporter }
}

/** A span of another process, which said whether it is sampled. */
const remote = (isSampled: boolean): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: 'f'.repeat(32),
    spanId: 'b'.repeat(16),
    traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
    isRemote: true,
  })

describe('of the traces that begin here, and of those that are sampled or not elsewhere, are recorded', () => {
  test.each([
    [undefined, undefined, [traces, traces, 0]],
    ['always_on', undefined, [traces, traces, traces]],
    ['always_off', undefined, [0, 0, 0]],
    ['parentbased_always_on', undefined, [traces, traces, 0]],
    ['parentbased_always_off', undefined, [0, traces, 0]],
    ['parentbased_traceidratio', '0', [0, traces, 0]],
    ['parentbased_traceidratio', '1', [traces, traces, 0]],
    ['ParentBased_TraceIdRatio', '0', [0, traces, 0]],
    ['traceidratio', '0', [0, 0, 0]],
    ['traceidratio', '1.0', [traces, traces, traces]],
    ['traceidratio', undefined, [traces, traces, traces]],
  ])('by %s with %s: %j', (sampler, argument, expected) => {
    const { recorded, warnings } = sampling({ sampler, argument })
    expect([recorded(), recorded(remote(true)), recorded(remote(false))]).toEqual(expected)
    expect(warnings).toEqual([])
  })
})

test('a ratio records that part of the traces, the same in every process', () => {
  const ids = Array.from({ length: 4_000 }, (_, n) =>
    new Bun.CryptoHasher('md5').update(`${n}`).digest('hex'),
  )
  const kept = (argument: string): string[] => {
    const { tracer } = sampling({ sampler: 'traceidratio', argument })
    return ids.filter((traceId) => {
      const parent = { traceId, spanId: 'b'.repeat(16), traceFlags: TraceFlags.NONE }
      return tracer.startSpan('work', {}, trace.setSpanContext(ROOT_CONTEXT, parent)).isRecording()
    })
  }
  const quarter = kept('0.25')
  expect(quarter.length).toBeWithin(900, 1_100)
  expect(kept('0.25')).toEqual(quarter)
  expect(kept('0.5')).toEqual(expect.arrayContaining(quarter))
})

test('what is not sampled keeps its trace, says so in its flag, and is told to nobody', () => {
  const { tracer, exporter } = sampling({ sampler: 'parentbased_traceidratio', argument: '0' })
  const root = tracer.startSpan('root')
  const below = tracer.startSpan('below', {}, trace.setSpan(ROOT_CONTEXT, root))
  below.end()
  root.end()
  expect(below.spanContext().traceId).toBe(root.spanContext().traceId)
  expect([root, below].map((span) => span.spanContext().traceFlags)).toEqual([0, 0])
  expect(exporter.getFinishedSpans()).toEqual([])
})

describe('what is not understood is warned of, and taken as if it were not there', () => {
  test.each(['xray', 'jaeger_remote', 'parentbased_', 'constructor', '0.1'])('a sampler %s', (sampler) => {
    const { recorded, warnings } = sampling({ sampler, argument: '0' })
    expect([recorded(), recorded(remote(false))]).toEqual([traces, 0])
    expect(warnings).toEqual([expect.stringContaining('OTEL_TRACES_SAMPLER is none of always_on,')])
  })

  test.each(['-0.1', '1.1', '10%', 'half', 'NaN'])('a ratio %s', (argument) => {
    const { recorded, warnings } = sampling({ sampler: 'traceidratio', argument })
    expect(recorded()).toBe(traces)
    expect(warnings).toEqual([expect.stringContaining('OTEL_TRACES_SAMPLER_ARG is no ratio')])
  })
})
