/** Turns the request's credential into an actor; a wrong credential is refused even where none is needed. */
import type { MiddlewareHandler } from 'hono'
import type { Authenticate } from '../credentials.ts'
import type { EdgeEnv } from '../edge-context.ts'

export const authentication = (authenticate: Authenticate): MiddlewareHandler<EdgeEnv> =>
  async function authentication(c, next) {
    c.set('actor', await authenticate(c.req.header('authorization')))
    await next()
  }
