/** Headers that every answer has unless it says otherwise. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

export const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const

export const defaultHeaders = (): MiddlewareHandler<EdgeEnv> =>
  async function defaultHeaders(c, next) {
    await next()
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    for (const [name, value] of Object.entries(safetyHeaders)) c.header(name, value)
  }
