/** Counts and times every request by route and status. */
import { metrics, type Histogram } from '@opentelemetry/api'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { EdgeEnv } from '../edge-context.ts'

export const measurement = (): MiddlewareHandler<EdgeEnv> => {
  let durations: Histogram | undefined
  return async function measurement(c, next) {
    const startedAt = performance.now()
    await next()
    // Made at the first request, because metrics are installed after this module has been loaded.
    durations ??= createDurations()
    const attributes = { method: c.req.method, route: routePath(c, -1), status: c.res.status }
    durations.record((performance.now() - startedAt) / 1_000, attributes)
  }
}

const createDurations = (): Histogram =>
  metrics.getMeter('comptoir').createHistogram('comptoir_http_request_duration', {
    unit: 's',
    description: 'Time an answer of the edge took',
    advice: {
      explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
  })
