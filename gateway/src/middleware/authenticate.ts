/** Turns the request's credential into an actor; a wrong credential is refused even where none is needed. */
import type { MiddlewareHandler } from 'hono'
import type { Authenticate } from '../credentials/authenticate.ts'
import type { EdgeEnv } from '../edge-context.ts'
import type { TrustedProxies } from '../protection/client-address.ts'
import { requestAddress } from '../protection/request-address.ts'

export const authentication = (
  authenticate: Authenticate,
  trustedProxies: TrustedProxies,
): MiddlewareHandler<EdgeEnv> =>
  async function authentication(c, next) {
    const address = () => requestAddress(c, trustedProxies)
    c.set('actor', await authenticate(c.req.header('authorization'), address))
    await next()
  }
