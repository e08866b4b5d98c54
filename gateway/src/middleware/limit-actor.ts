/** Keeps one caller from asking for more than their part: by who they are, or by their address where that is not known. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import type { Protection } from '../protection/protection.ts'
import type { Taken } from '../protection/rate-limiter.ts'
import { refuseRate, tellRate } from './limit-address.ts'

export const limitActor = (protection: Protection): MiddlewareHandler<EdgeEnv> => {
  const { rates } = protection
  return async function limitActor(c, next) {
    // Not through `c.var`, which copies everything each time.
    const { reads, writes, entries } = c.get('asked')
    const { kind, id } = c.get('actor')
    const client = c.get('client')
    const caller = kind === 'anonymous' ? client : id
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
    if (tightest === undefined) return next()
    if (!tightest.isAllowed) return refuseRate(c, protection, tightest)
    await next()
    tellRate(c.res.headers, protection, tightest)
  }
}
