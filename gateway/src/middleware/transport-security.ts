/** Tells browsers to come by https only (HSTS, RFC 6797): for a gateway that is reached that way alone. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

export const transportSecurity = (maxAgeSeconds: number): MiddlewareHandler<EdgeEnv> =>
  async function transportSecurity(c, next) {
    await next()
    c.header('strict-transport-security', `max-age=${maxAgeSeconds}; includeSubDomains`)
  }
