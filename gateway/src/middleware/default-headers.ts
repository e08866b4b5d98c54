/** Headers that every answer has unless it says otherwise. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

export const defaultHeaders = (): MiddlewareHandler<EdgeEnv> =>
  async function defaultHeaders(c, next) {
    await next()
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    c.header('referrer-policy', 'no-referrer')
  }
