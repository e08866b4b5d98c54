/** Traces by OTLP over HTTP and metrics in Prometheus text. Without an endpoint traces still have ids, and none is recorded. */
import {
  context,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { AlwaysOffSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { KitConfig } from './config.ts'
import type { Logger } from './logger.ts'
import { samplerOf, type Sampling } from './sampler-of.ts'
import { currentScope } from './scope.ts'

export interface Telemetry {
  /** All metrics in the Prometheus text format. */
  metricsText(): Promise<string>
  /** Sends what is still queued; call it before the process ends. */
  shutdown(): Promise<void>
}

export interface TelemetryOptions {
  readonly service: string
  readonly instance: string
  /** Base address of an OTLP/HTTP collector; spans go to `/v1/traces` below it. */
  readonly otlpEndpoint?: string | undefined
  /** Of what is sent there: all of it unless told. */
  readonly sampling?: Sampling
  readonly log: Logger
}

/** What the configuration says of traces. */
export const tracing = (
  config: Pick<KitConfig, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'>,
): Pick<TelemetryOptions, 'otlpEndpoint' | 'sampling'> => ({
  otlpEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  sampling: { sampler: config.OTEL_TRACES_SAMPLER, argument: config.OTEL_TRACES_SAMPLER_ARG },
})

/** Installs tracing and metrics for the process; a second call in one process re-uses the first's. */
export const startTelemetry = (options: TelemetryOptions): Telemetry => {
  installed ??= install(options)
  return installed
}

let installed: Telemetry | undefined

const install = (options: TelemetryOptions): Telemetry => {
  const { service, instance } = options
  const resource = resourceFromAttributes({ 'service.name': service, 'service.instance.id': instance })
  const traces = new TracerProvider({ resource, ...recording(options) })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(traces)
  const reader = new PrometheusExporter({ preventServerStart: true })
  const meters = new MeterProvider({ resource, readers: [reader] })
  metrics.setGlobalMeterProvider(meters)
  const serializer = new PrometheusSerializer('', false)
  return {
    metricsText: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    shutdown: async () => {
      await Promise.allSettled([traces.shutdown(), meters.shutdown()])
    },
  }
}

/** What nobody is sent is not written down either: such a span has its ids, and says that it is not sampled. */
const recording = ({ otlpEndpoint, sampling = {}, log }: TelemetryOptions) =>
  otlpEndpoint === undefined
    ? { sampler: new AlwaysOffSampler() }
    : {
        sampler: samplerOf(sampling, (message) => log.warn(message)),
        spanProcessors: [
          new BatchSpanProcessor({
            exporter: new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces` }),
            maxQueueSize: 16_384,
            maxExportBatchSize: 1_024,
            scheduledDelayMillis: 1_000,
          }),
        ],
      }

/** Sends what is still queued; nothing is traced afterwards. */
export const flushTelemetry = async (): Promise<void> => installed?.shutdown()

/** The active span as a W3C `traceparent`; undefined outside of a trace. */
export const currentTraceparent = (): string | undefined => {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return carrier['traceparent']
}

/** The context that a `traceparent` tells of; a missing or malformed one gives an empty context. */
export const contextFrom = (traceparent: string | null | undefined): Context =>
  traceparent == null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent })

/**
 * Does a worker's work on a row as a part of the trace that the row carries, in a span with the worker's name: what it
 * leads to belongs to what made the row. Without a `traceparent` the work is a trace of its own.
 */
export const continueTrace = <T>(
  traceparent: string | null | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  const name = currentScope()?.label ?? 'work'
  const parent = contextFrom(traceparent)
  return trace
    .getTracer('comptoir')
    .startActiveSpan(name, { kind: SpanKind.INTERNAL }, parent, async (span) => {
      try {
        return await work()
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR })
        throw error
      } finally {
        span.end()
      }
    })
}
