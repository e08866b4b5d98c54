/** Lets in what there is room for, before anything is read or asked of anybody; the rest is refused at once or nearly so. */
import { commonError } from '@comptoir/contracts/errors'
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import { createPlace } from '../protection/place.ts'
import type { Protection } from '../protection/protection.ts'
import { refuse } from '../protection/refuse.ts'
import { atEnd, isByLines, isEventStream } from './at-end.ts'

export const admit = (protection: Protection): MiddlewareHandler<EdgeEnv> =>
  async function admit(c, next) {
    const place = createPlace(protection, c.get('asked'))
    const entering = place.enter()
    if (!(entering instanceof Promise ? await entering : entering))
      return refuse(c, commonError('UNAVAILABLE', { retryAfterSeconds: 1 }))
    c.set('place', place)
    let isGood = false
    let goesOn = false
    try {
      await next()
      goesOn = isByLines(c)
      // How long a failure took says nothing of how much we can do, nor when a stream had something to tell.
      isGood = c.res.status < 500 && !isEventStream(c)
    } finally {
      if (!goesOn) place.leave(isGood)
    }
    if (goesOn) atEnd(c, place.leave)
  }
