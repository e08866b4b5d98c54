/** Keeps one caller from asking for more than their part: by who they are, or by their address where that is not known. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import type { Protection } from '../protection/protection.ts'
import { takeQuotas } from '../protection/quota.ts'
import { refuseRate, tellRate } from './limit-address.ts'

export const limitActor = (protection: Protection): MiddlewareHandler<EdgeEnv> => {
  return async function limitActor(c, next) {
    // Not `c.var`, which copies everything each time.
    const caller = { actor: c.get('actor'), client: c.get('client') }
    const tightest = takeQuotas(protection.rates, caller, c.get('asked'))
    if (tightest === undefined) return next()
    if (!tightest.isAllowed) return refuseRate(c, protection, tightest)
    await next()
    tellRate(c.res.headers, protection, tightest)
  }
}
