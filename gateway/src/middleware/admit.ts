/** Lets in what there is room for, before anything is read or asked of anybody; the rest is refused at once or nearly so. */
import { commonError } from '@comptoir/contracts/errors'
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'
import type { Protection } from '../protection/protection.ts'
import { refuse } from '../protection/refuse.ts'
import { whenTold } from '../protection/until-told.ts'

export const admit = (protection: Protection): MiddlewareHandler<EdgeEnv> =>
  async function admit(c, next) {
    const { priority, service } = c.get('asked')
    const entering = protection.admission.enter(priority, service)
    const leave = entering instanceof Promise ? await entering : entering
    if (leave === undefined) {
      protection.refused('overload', priority)
      return refuse(c, commonError('UNAVAILABLE', { retryAfterSeconds: 1 }))
    }
    const startedAt = performance.now()
    let isGood = false
    try {
      await next()
      // How long a failure took says nothing of how much we can do, nor when a stream had something to tell.
      isGood = c.res.status < 500 && c.res.headers.get('content-type') !== 'text/event-stream'
    } finally {
      const tookMs = isGood && c.get('told') === undefined ? performance.now() - startedAt : undefined
      whenTold(c, () => leave(tookMs))
    }
  }
