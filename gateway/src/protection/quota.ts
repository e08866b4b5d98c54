/** Takes what a request or an operation costs of its caller's quotas. */
import type { Actor } from '@comptoir/contracts/access'
import type { Asked } from './asked.ts'
import type { RateLimiter, Taken } from './rate-limiter.ts'

export interface Caller {
  readonly actor: Actor
  /** What the client is counted by where it is not known who asks. */
  readonly client: string
}

/** What was taken from the quota that is nearest to its end; undefined where nothing is asked for. */
export const takeQuotas = (
  rates: RateLimiter,
  { actor, client }: Caller,
  { reads, writes, entries }: Asked,
): Taken | undefined => {
  const caller = actor.kind === 'anonymous' ? client : actor.id
  let tightest: Taken | undefined
  const take = (rateClass: 'read' | 'write' | 'entry', who: string, cost: number): void => {
    if (cost === 0 || tightest?.isAllowed === false) return
    const taken = rates.take(rateClass, who, cost)
    if (tightest === undefined || !taken.isAllowed || taken.remaining < tightest.remaining) tightest = taken
  }
  // A credential helps nobody to try more passwords.
  take('entry', client, entries)
  take('write', caller, writes)
  take('read', caller, reads)
  return tightest
}
