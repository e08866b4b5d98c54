/** Of what is asked here nobody is known by the usual credentials: whoever asks is counted by their address. */
import { anonymous } from '@comptoir/contracts/access'
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

export const withoutCredential = (): MiddlewareHandler<EdgeEnv> =>
  async function withoutCredential(c, next) {
    c.set('actor', anonymous)
    await next()
  }
