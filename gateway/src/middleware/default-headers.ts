/** Headers that every answer has unless it says otherwise. */
import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../edge-context.ts'

/** What an answer that is no page needs: a browser that is led to it shows nothing of it and runs nothing in it. */
export const safetyHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const

export const defaultHeaders = (): MiddlewareHandler<EdgeEnv> =>
  async function defaultHeaders(c, next) {
    await next()
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
    for (const [name, value] of Object.entries(safetyHeaders))
      if (!c.res.headers.has(name)) c.header(name, value)
  }
