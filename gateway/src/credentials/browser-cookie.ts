/** The cookie that a browser shows instead of a token: nothing of it can be read by script, or set from another host. */
import { commonError } from '@comptoir/contracts/errors'
import { cookiesOf } from './cookies-of.ts'

/** Browsers take a cookie of this name only from this very host, over TLS and for all paths (RFC 6265bis, 4.1.3.2). */
export const cookieName = '__Host-session'
const maxAgeSeconds = 30 * 24 * 60 * 60
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** The text of the session’s cookie; undefined where there is none. Of two none can be told to be the right one. */
export const sessionCookieOf = (headers: Headers): string | undefined => {
  const given = cookiesOf(headers, cookieName)
  if (given.length > 1)
    throw commonError('MALFORMED_REQUEST', { message: `There are two cookies ${cookieName}.` })
  return given[0]
}

/** Whether the request says who sends it, rightly or not: then its answer is for nobody else. */
export const showsCredential = (headers: Headers): boolean =>
  headers.has('authorization') || cookiesOf(headers, cookieName).length > 0

export const sessionCookie = (text: string): string =>
  `${cookieName}=${text}; Max-Age=${maxAgeSeconds}; ${attributes}`

export const clearedCookie = `${cookieName}=; Max-Age=0; ${attributes}`
