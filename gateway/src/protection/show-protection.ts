/** Metrics of what the edge refuses, of how much is under way, and of the services it has given up. */
import { metrics } from '@opentelemetry/api'
import type { BreakerState } from '../resilience/breaker.ts'
import type { Safeguards } from '../resilience/resilient-upstream.ts'
import type { Admission } from './admission.ts'
import type { Protection } from './protection.ts'

/** Makes the function that counts refusals by reason and priority; metrics must be installed. */
export const countRefusals = (): Protection['refused'] => {
  const refusals = metrics.getMeter('comptoir').createCounter('comptoir_edge_refusals', {
    description: 'Requests that the edge refused to protect what is behind it',
  })
  return (reason, priority) => refusals.add(1, { reason, priority })
}

const numbers: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 }

/** Shows the state of the admission and of each service’s safeguards; metrics must be installed. */
export const showProtection = (
  admission: Pick<Admission, 'inFlight' | 'limit'>,
  safeguards: ReadonlyMap<string, Safeguards>,
): void => {
  const meter = metrics.getMeter('comptoir')
  const gauge = (name: string, description: string) => meter.createObservableGauge(name, { description })
  gauge('comptoir_edge_in_flight', 'Requests that are under way').addCallback((result) =>
    result.observe(admission.inFlight()),
  )
  gauge('comptoir_edge_limit', 'Requests that may be under way at once').addCallback((result) =>
    result.observe(admission.limit()),
  )
  const breakers = gauge('comptoir_breaker_state', 'Of a service: 0 closed, 1 half-open, 2 open')
  breakers.addCallback((result) => {
    for (const [service, { breaker }] of safeguards) result.observe(numbers[breaker.state()], { service })
  })
  const calls = gauge('comptoir_service_calls_in_flight', 'Calls to a service that are under way')
  calls.addCallback((result) => {
    for (const [service, { bulkhead }] of safeguards) result.observe(bulkhead.inside(), { service })
  })
}
