/** Counts and times every request by route and status. */
import { metrics, type Histogram } from '@opentelemetry/api'

export interface Answered {
  readonly method: string
  readonly route: string
  readonly status: number
}

/** Makes the function that records an answer and the milliseconds it took. */
export const createMeasure = (): ((about: Answered, ms: number) => void) => {
  let durations: Histogram | undefined
  // Made at the first request, because metrics are installed after this module has been loaded.
  return (about, ms) => (durations ??= createDurations()).record(ms / 1_000, { ...about })
}

const createDurations = (): Histogram =>
  metrics.getMeter('comptoir').createHistogram('comptoir_http_request_duration', {
    unit: 's',
    description: 'Time an answer of the edge took',
    advice: {
      explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
  })
