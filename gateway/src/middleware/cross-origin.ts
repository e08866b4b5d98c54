/**
 * CORS for the origins that the configuration names, by exact comparison. The browser's cookie comes along only from those
 * that are trusted to act for the visitor; from the others credentials come in `Authorization`, which a page can only send
 * if it holds them.
 */
import type { MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import type { EdgeEnv } from '../edge-context.ts'

const requestHeaders = [
  'accept',
  'authorization',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'last-event-id',
  'traceparent',
  'trpc-accept',
  'x-request-id',
]
const exposed = [
  'age',
  'etag',
  'idempotency-replayed',
  'location',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'traceparent',
  'www-authenticate',
  'x-request-id',
].join(',')

/** What a page may do next, as its browser asks beforehand. */
const preflight = (origins: readonly string[], credentials: boolean) =>
  cors({
    origin: [...origins],
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: requestHeaders,
    maxAge: 600,
    credentials,
  })

export const crossOrigin = (
  origins: readonly string[],
  trusted: readonly string[] = [],
): MiddlewareHandler<EdgeEnv> => {
  const told = preflight(origins, false)
  const toldTrusted = preflight(trusted, true)
  return async function crossOrigin(c, next) {
    // Only a preflight is answered here: any other OPTIONS is a request for a route like all others.
    const isPreflight =
      c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined
    const origin = c.req.header('origin')
    const isTrusted = origin !== undefined && trusted.includes(origin)
    if (isPreflight) return (isTrusted ? toldTrusted : told)(c, next)
    await next()
    const { headers } = c.res
    // What is kept for one origin must not be told to another.
    headers.append('vary', 'Origin')
    // After all else: the answer may have been replaced on its way, as a failure is by what is stale.
    if (origin === undefined || !(isTrusted || origins.includes(origin))) return
    headers.set('access-control-allow-origin', origin)
    if (isTrusted) headers.set('access-control-allow-credentials', 'true')
    headers.set('access-control-expose-headers', exposed)
  }
}
