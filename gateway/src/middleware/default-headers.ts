/**
 * Headers that every answer has unless it says otherwise. They are set on the answer itself: `c.header` would make a new
 * one, and a stream of its body, for each of them.
 */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

export const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

export const defaultHeaders = (): MiddlewareHandler<EdgeEnv> =>
  async function defaultHeaders(c, next) {
    await next()
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store')
    for (const [name, value] of Object.entries(safetyHeaders)) c.res.headers.set(name, value)
  }
