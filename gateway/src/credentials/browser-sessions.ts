/** From a browser’s cookie to an actor: identity is asked, and its answer holds for some seconds unless it is revoked. */
import { createHash } from 'node:crypto'
import type { Actor } from '@comptoir/contracts/access'
import type { BrowserSession } from '@comptoir/contracts/identity/browser-sessions'
import type { identity } from '@comptoir/contracts/identity/procedures'
import type { Client } from '@comptoir/service-kit/client'
import type { Revocations, Standing } from '../revocations.ts'

const cacheMax = 20_000
const freshMs = 30_000
/** While identity cannot be asked, what it said holds for as long as an access token would: nobody can be revoked either. */
const staleMs = 15 * 60_000

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

interface Cached {
  readonly session: KnownSession
  readonly standing: Standing
  readonly askedAt: number
}

export const createBrowserSessions = (options: BrowserSessionsOptions): BrowserSessions => {
  const { identity: calls, revocations } = options
  const known = new Map<string, Cached>()
  const asking = new Map<string, Promise<Cached | undefined>>()
  const ask = async (cookieHash: string): Promise<Cached | undefined> => {
    const found = await resolve(calls, cookieHash)
    await revocations.loaded()
    known.delete(cookieHash)
    if (found === undefined) return undefined
    const oldest = known.size >= cacheMax ? known.keys().next().value : undefined
    if (oldest !== undefined) known.delete(oldest)
    known.set(cookieHash, found)
    return found
  }
  /** A page asks for many things at once; identity is asked once. */
  const askOnce = (cookieHash: string): Promise<Cached | undefined> => {
    const asked = asking.get(cookieHash) ?? ask(cookieHash).finally(() => asking.delete(cookieHash))
    asking.set(cookieHash, asked)
    return asked
  }
  const holds = (cached: Cached | undefined, forMs: number): cached is Cached =>
    cached !== undefined &&
    Date.now() < Math.min(cached.askedAt + forMs, Date.parse(cached.session.expiresAt)) &&
    !revocations.revokes(cached.standing)
  return {
    find: async (cookie) => {
      const cookieHash = hashOf(cookie)
      const cached = known.get(cookieHash)
      if (holds(cached, freshMs)) return cached.session
      // Rights that have changed are asked for again: unlike a token, a cookie has the new ones.
      const found = await askOnce(cookieHash).catch((error: unknown) => {
        if (holds(cached, staleMs)) return cached
        throw error
      })
      return holds(found, staleMs) ? found.session : undefined
    },
    open: async (refreshToken, former) => {
      const replaces = former === undefined ? {} : { replaces: former.cookieHash }
      const opened = await calls.openBrowserSession({ refreshToken, ...replaces }, own)
      if (former !== undefined) known.delete(former.cookieHash)
      return opened
    },
    close: async ({ cookieHash }) => {
      await calls.closeBrowserSession({ cookieHash }, own)
      known.delete(cookieHash)
    },
  }
}

const own = { actor: { kind: 'service' as const, id: 'gateway', scopes: [] } }

const hashOf = (cookie: string): string => createHash('sha256').update(cookie).digest('hex')

const resolve = async (
  calls: BrowserSessionsOptions['identity'],
  cookieHash: string,
): Promise<Cached | undefined> => {
  const found = await calls.resolveSession({ cookieHash }, own)
  if (found === null) return undefined
  const { kind, subject, scopes, session, provedAt, expiresAt, rightsVersion } = found
  const actor = { kind, id: subject, scopes, session, ...(provedAt === null ? {} : { provedAt }) }
  return {
    session: { cookieHash, actor, kind, subject, expiresAt },
    standing: { subject, session, rights: rightsVersion },
    askedAt: Date.now(),
  }
}
