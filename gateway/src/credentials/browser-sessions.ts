/** From a browser’s cookie to an actor: identity is asked, and what it answers is known for a while unless it is revoked. */
import { createHash } from 'node:crypto'
import type { Actor } from '@comptoir/contracts/access'
import type { BrowserSession } from '@comptoir/contracts/identity/browser-sessions'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Client } from '@comptoir/service-kit/client'
import type { Revocations, Standing } from '../revocations.ts'
import { createKnownCredentials } from './known-credentials.ts'

const knownMax = 20_000

export interface KnownSession extends BrowserSession {
  readonly cookieHash: string
  readonly actor: Actor
}

export interface BrowserSessions {
  /** Whose session a cookie is of; undefined where it is of none any more. */
  find(cookie: string): Promise<KnownSession | undefined>
  /** Makes a cookie of a new session’s tokens; the session that the browser had before ends. */
  open(refreshToken: string, former: KnownSession | undefined): Promise<BrowserSession & { cookie: string }>
  close(session: KnownSession): Promise<void>
}

export interface BrowserSessionsOptions {
  readonly identity: Pick<
    Client<typeof identity>,
    'openBrowserSession' | 'resolveSession' | 'closeBrowserSession'
  >
  readonly revocations: Pick<Revocations, 'loaded' | 'revokes'>
}

interface Resolved {
  readonly session: KnownSession
  readonly standing: Standing
}

export const createBrowserSessions = (options: BrowserSessionsOptions): BrowserSessions => {
  const { identity: calls, revocations } = options
  const known = createKnownCredentials<Resolved>({
    ask: async (cookieHash) => {
      const found = await resolve(calls, cookieHash)
      await revocations.loaded()
      return found
    },
    // Rights that have changed are asked for again: unlike a token, a cookie has the new ones.
    holds: ({ session, standing }) =>
      Date.now() < Date.parse(session.expiresAt) && !revocations.revokes(standing),
    max: knownMax,
  })
  return {
    find: async (cookie) => (await known.find(hashOf(cookie)))?.session,
    open: async (refreshToken, former) => {
      const replaces = former === undefined ? {} : { replaces: former.cookieHash }
      const opened = await calls.openBrowserSession({ refreshToken, ...replaces }, own)
      if (former !== undefined) known.forget(former.cookieHash)
      return opened
    },
    close: async ({ cookieHash }) => {
      await calls.closeBrowserSession({ cookieHash }, own)
      known.forget(cookieHash)
    },
  }
}

const own = { actor: { kind: 'service' as const, id: 'gateway', scopes: [] } }

const hashOf = (cookie: string): string => createHash('sha256').update(cookie).digest('hex')

const resolve = async (
  calls: BrowserSessionsOptions['identity'],
  cookieHash: string,
): Promise<Resolved | undefined> => {
  const found = await calls.resolveSession({ cookieHash }, own)
  if (found === null) return undefined
  const { kind, subject, scopes, session, provedAt, expiresAt, rightsVersion } = found
  const actor = { kind, id: subject, scopes, session, ...(provedAt === null ? {} : { provedAt }) }
  return {
    session: { cookieHash, actor, kind, subject, expiresAt },
    standing: { subject, session, rights: rightsVersion },
  }
}
