/** Counts and times each procedure call. */
import { metrics, type Histogram } from '@opentelemetry/api'
import { ServiceError } from '@comptoir/contracts/errors'

let durations: Histogram | undefined
// Made at the first call, because metrics are installed after this module has been loaded.
const histogram = (): Histogram =>
  (durations ??= metrics.getMeter('comptoir').createHistogram('comptoir_procedure_duration', {
    unit: 's',
    description: 'Time a procedure took to answer',
    advice: {
      explicitBucketBoundaries: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
  }))

/** Runs a call and records its duration and the code it ended with. */
export const observeCall = async <T>(procedure: string, work: () => Promise<T>): Promise<T> => {
  const startedAt = performance.now()
  let code = 'OK'
  try {
    return await work()
  } catch (error) {
    code = error instanceof ServiceError ? error.code : 'INTERNAL'
    throw error
  } finally {
    histogram().record((performance.now() - startedAt) / 1_000, { procedure, code })
  }
}
