/** Keeps one address from taking more than its part: so many requests in a time, and so many at once. */
import { commonError } from '@comptoir/contracts/errors'
import type { Context, MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { whenEnded } from '../protection/in-flight.ts'
import type { Protection } from '../protection/protection.ts'
import { rateLimitHeaders, type Taken } from '../protection/rate-limiter.ts'
import { refuse } from '../protection/refuse.ts'
import { whenTold } from '../protection/until-told.ts'

export const limitAddress = (protection: Protection): MiddlewareHandler<EdgeEnv> =>
  async function limitAddress(c, next) {
    const { rates, inFlight } = protection
    const client = protection.clientOf(c)
    const asked = protection.askedOf(c)
    c.set('client', client)
    c.set('asked', asked)
    const taken = rates.take(c.req.path.startsWith('/webhooks/') ? 'webhook' : 'address', client, 1)
    if (!taken.isAllowed) return refuseRate(c, protection, taken)
    if (!inFlight.enter(client)) {
      protection.refused('in-flight', asked.priority)
      const refused = refuse(c, commonError('RATE_LIMITED', { message: tooManyAtOnce, retryAfterSeconds: 1 }))
      tellRate(refused.headers, protection, taken)
      return refused
    }
    const leave = () => inFlight.leave(client)
    let streams = false
    try {
      await next()
      const body = isStream(c.res) ? c.res.body : null
      if (body !== null) {
        streams = true
        c.res = new Response(whenEnded(body, leave), c.res)
      }
    } finally {
      if (!streams) whenTold(c, leave)
    }
    // Where nothing was counted by who asks.
    if (!c.res.headers.has('ratelimit')) tellRate(c.res.headers, protection, taken)
  }

const tooManyAtOnce = 'Too many requests at once; wait for some of their answers.'

// The type first: to look at a body makes a stream of it.
const isStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') === true

/** 429 with when to come back, as the face says it. */
export const refuseRate = (c: Context<EdgeEnv>, protection: Protection, taken: Taken): Response => {
  protection.refused('rate', c.get('asked').priority)
  const response = refuse(c, commonError('RATE_LIMITED', { retryAfterSeconds: taken.seconds }))
  tellRate(response.headers, protection, taken)
  return response
}

export const tellRate = (headers: Headers, { limits }: Protection, taken: Taken): void => {
  const { policy, state } = rateLimitHeaders(taken, limits())
  headers.set('ratelimit-policy', policy)
  headers.set('ratelimit', state)
}
