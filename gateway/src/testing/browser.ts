/** Browsers with cookies, for tests: Ada's, Bob's, Grace's and a guest's are known. */
import type { KnownSession } from '../credentials/browser-sessions.ts'
import type { BrowserOptions } from '../middleware/browser-session.ts'

const expiresAt = '2026-12-04T10:00:00.000Z'

const knownAs = (kind: 'customer' | 'guest' | 'admin', subject: string, session?: string): KnownSession => ({
  kind,
  subject,
  expiresAt,
  cookieHash: `hash of ${subject}`,
  actor: {
    kind,
    id: subject,
    scopes: kind === 'admin' ? ['catalog:write'] : [],
    ...(session === undefined ? {} : { session }),
  },
})

/** Somebody whose session has an id, as real ones have. */
export const grace = {
  subject: '01990000-0000-7000-8000-00000000000a',
  session: '01990000-0000-7000-8000-00000000000b',
}

const known: Readonly<Record<string, KnownSession>> = {
  bs_ada: knownAs('customer', 'ada'),
  bs_bob: knownAs('customer', 'bob'),
  bs_grace: knownAs('customer', grace.subject, grace.session),
  bs_guest: knownAs('guest', 'guest'),
  bs_admin: knownAs('admin', 'admin'),
}

export interface FakeBrowsers extends BrowserOptions {
  /** What was opened and closed, in order. */
  readonly told: string[]
}

/** Where `https://storefront.example` is trusted besides the edge itself. */
export const fakeBrowsers = (own?: string): FakeBrowsers => {
  const told: string[] = []
  return {
    told,
    origins: { own, allowed: ['https://storefront.example'] },
    sessions: {
      find: async (cookie) => known[cookie],
      open: async (refreshToken, former) => {
        told.push(`opened by ${refreshToken} after ${former?.subject}`)
        return { kind: 'customer', subject: 'ada', expiresAt, cookie: 'bs_opened' }
      },
      close: async ({ subject }) => void told.push(`closed ${subject}`),
    },
  }
}

/** What a browser sends with a request that a page of the edge itself makes. */
export const fromOwnPage = (cookie: string): Record<string, string> => ({
  cookie: `__Host-session=${cookie}`,
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
})
