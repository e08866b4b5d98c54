/**
 * Headers that every answer has unless it says otherwise. They are set on the answer itself: `c.header` would make a new
 * one, and a stream of its body, for each of them.
 */
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
    const { headers } = c.res
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
    for (const [name, value] of Object.entries(safetyHeaders))
      if (!headers.has(name)) headers.set(name, value)
  }
