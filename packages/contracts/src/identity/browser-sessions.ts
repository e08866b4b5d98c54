/** What identity does for the edge, so that a browser holds a cookie and never a token. */
import { z } from 'zod'
import { Scope } from '../access.ts'
import { mutation, query } from '../contract.ts'
import { Timestamp } from '../text.ts'
import { Session } from './model.ts'

/** The SHA-256 of a cookie’s text, in hexadecimal. */
const CookieHash = z.string().regex(/^[\da-f]{64}$/)

/** Who a browser’s session speaks for. */
export const BrowserSession = Session.pick({ kind: true, subject: true }).extend({
  /** When it is over unless it is used again. */
  expiresAt: Timestamp,
})
export type BrowserSession = z.infer<typeof BrowserSession>

export const browserSessionProcedures = {
  openBrowserSession: mutation({
    summary: 'Exchange the tokens of a session for a cookie; they are worth nothing afterwards',
    access: 'internal',
    input: z.strictObject({
      refreshToken: z.string().min(1).max(256),
      /** The cookie that the browser had before: its session ends. */
      replaces: CookieHash.optional(),
    }),
    output: BrowserSession.extend({ cookie: z.string() }),
    errors: { REFRESH_TOKEN_INVALID: { status: 401, message: 'This refresh token is not valid any more.' } },
  }),
  resolveSession: query({
    summary: 'Whom a cookie speaks for now, and what they may do; null where that is nobody',
    access: 'internal',
    input: z.strictObject({ cookieHash: CookieHash }),
    output: BrowserSession.extend({
      session: z.uuid(),
      scopes: z.array(Scope),
      /** In seconds since 1970; null for a guest. */
      provedAt: z.int().nullable(),
      rightsVersion: z.int(),
    }).nullable(),
  }),
  closeBrowserSession: mutation({
    summary: 'End the session of a cookie',
    access: 'internal',
    input: z.strictObject({ cookieHash: CookieHash }),
    output: z.null(),
  }),
}
