/** Every answer has an `x-request-id`; a client's own is kept where it is harmless. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

export const requestId = (): MiddlewareHandler<EdgeEnv> =>
  async function requestId(c, next) {
    const id = requestIdOf(c.req.header('x-request-id'))
    c.set('requestId', id)
    await next()
    c.res.headers.set('x-request-id', id)
  }

/** The client's own id, or a new one. */
export const requestIdOf = (given: string | null | undefined): string =>
  given != null && /^[\w-]{8,64}$/.test(given) ? given : crypto.randomUUID()
