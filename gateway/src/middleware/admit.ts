/** Lets in what there is room for, before anything is read or asked of anybody; the rest is refused at once or nearly so. */
import { commonError } from '@comptoir/contracts/errors'
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { createPlace } from '../protection/place.ts'
import type { Protection } from '../protection/protection.ts'
import { refuse } from '../protection/refuse.ts'
import { whenTold } from '../protection/until-told.ts'

export const admit = (protection: Protection): MiddlewareHandler<EdgeEnv> =>
  async function admit(c, next) {
    const place = createPlace(protection, c.get('asked'))
    const entering = place.enter()
    if (!(entering instanceof Promise ? await entering : entering))
      return refuse(c, commonError('UNAVAILABLE', { retryAfterSeconds: 1 }))
    c.set('place', place)
    let isGood = false
    try {
      await next()
      // How long a failure took says nothing of how much we can do, nor when a stream had something to tell.
      isGood = c.res.status < 500 && c.res.headers.get('content-type') !== 'text/event-stream'
    } finally {
      whenTold(c, () => place.leave(isGood && c.get('told') === undefined))
    }
  }
