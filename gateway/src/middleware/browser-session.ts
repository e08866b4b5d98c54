/** Makes an actor of a browser’s cookie where no other credential is shown. Its answers are kept nowhere. */
import { commonError } from '@comptoir/contracts/errors'
import type { MiddlewareHandler } from 'hono'
import { clearedCookie, sessionCookieOf } from '../credentials/browser-cookie.ts'
import type { BrowserSessions } from '../credentials/browser-sessions.ts'
import { forgery, type TrustedOrigins } from '../credentials/same-site.ts'
import type { EdgeEnv } from '../edge-context.ts'
import { refuse } from '../protection/refuse.ts'

export interface BrowserOptions {
  readonly sessions: BrowserSessions
  readonly origins: TrustedOrigins
}

export const browserSession = (options: BrowserOptions): MiddlewareHandler<EdgeEnv> =>
  function browserSession(c, next) {
    const { headers } = c.req.raw
    const cookie = headers.has('authorization') ? undefined : sessionCookieOf(headers)
    return cookie === undefined ? next() : actAsOwner(cookie, options)(c, next)
  }

const actAsOwner =
  (cookie: string, { sessions, origins }: BrowserOptions): MiddlewareHandler<EdgeEnv> =>
  async (c, next) => {
    const forged = forgery(c.req.raw, origins)
    if (forged !== undefined) return refuse(c, forged)
    const session = await sessions.find(cookie)
    if (session === undefined) {
      const response = refuse(c, commonError('UNAUTHENTICATED'))
      response.headers.append('set-cookie', clearedCookie)
      return response
    }
    c.set('actor', session.actor)
    c.set('browserSession', session)
    await next()
    c.res.headers.set('cache-control', 'no-store')
  }
