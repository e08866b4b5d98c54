/** Holds what a service has handlers for against what its durable consumers are provisioned to hear. */
import { declaredConsumers } from '@comptoir/nats/consumers'
import type { EventContract } from '@comptoir/contracts/event'

/**
 * Throws where they differ: what is not provisioned is never heard, and what has no handler ends among the dead letters.
 */
export const checkHearing = (
  service: string,
  bindings: readonly { readonly event: Pick<EventContract, 'subject'> }[],
): void => {
  const provisioned = declaredConsumers(1)
    .filter(({ stream, config }) => config.durable_name === `${service}-${stream.toLowerCase()}`)
    .filter(({ stream }) => stream !== 'ADVISORIES')
    .flatMap(({ config }) => config.filter_subjects ?? [])
  const handled = new Set(bindings.map(({ event }) => event.subject))
  const differing = [...handled.symmetricDifference(new Set(provisioned))]
  if (differing.length > 0)
    throw new Error(`${service}: handlers and provisioned consumers differ in ${differing.join(', ')}`)
}
